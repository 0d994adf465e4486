using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology;

namespace Dmm.Integration.Tests.Desk;

/// <summary>Holds what a desk's journal says against what the venue itself says, exactly.</summary>
internal sealed class DeskAudit(VenueProcess venue)
{
    private readonly HashSet<(Side, string)> _seen = [];
    private readonly List<Fill> _heard = [];
    private readonly List<string> _placed = [];
    private long _sequence;
    private long _decision;

    /// <summary>Reads on where it had ended: a broker need not keep a long story whole.</summary>
    public void Read(IJournalReader journal)
    {
        foreach (var record in journal.InputsFrom(_sequence))
        {
            if (record.Kind != JournalRecordKind.Input) continue;
            _sequence = record.Stamp.Sequence;
            // The venue may tell a fill again: the ledger counts it once, by its id.
            if (record.Input is { Kind: InputKind.Control, Control: Fill fill } && _seen.Add((fill.Side, fill.TradeId))) _heard.Add(fill);
        }

        foreach (var decision in journal.DecisionsFrom(_decision + 1))
        {
            _decision = decision.Number;
            if (decision.Body is OrderIntent { Kind: OrderIntentKind.Place } order) _placed.Add(order.ClientOrderId);
        }
    }

    /// <summary>Nothing lost, nothing doubled, nothing left. The desk has stopped.</summary>
    /// <param name="journal">Read to its end.</param>
    /// <returns>How many fills there were.</returns>
    public async Task<int> RequireExactAsync(IJournalReader journal)
    {
        Read(journal);
        var known = await venue.OrdersAsync();
        known.Where(o => o.Status < OrderStatus.Filled).ShouldBeEmpty("orders are left at the venue");
        var told = await venue.FillsAsync();
        _heard.Select(Text).ShouldBe(told.Select(Text), ignoreOrder: false, customMessage: "fills of the journal, each once, against the venue's");

        var desk = RecoveredDesk.From(journal, run => new QuotingTopology(run.Instruments, run.Parameters, OrderIdState.Fresh("live", 0), run.Mode))!;
        var ledger = desk.Ledger;
        ledger.Applied.ShouldBe(told.Length);
        ledger.Refused.ShouldBe(0);
        Balance(ledger, Account.Inventory, venue.Asset).ShouldBe(await venue.BalanceAsync(venue.Asset));
        Balance(ledger, Account.Cash, "USDT").ShouldBe(await venue.BalanceAsync("USDT") - VenueProcess.OpeningQuote);
        ledger.Starting.ShouldBe(VenueProcess.OpeningBase);

        _placed.ShouldBeUnique();
        known.Select(o => o.ClientOrderId).Except(_placed).ShouldBeEmpty("the venue knows orders that the journal does not");
        return told.Length;
    }

    private static decimal Balance(PositionLedgerState ledger, Account account, string asset) =>
        ledger.Balances.Where(b => b.Account == account && b.Asset == asset).Sum(b => b.Amount);

    private static string Text(Fill fill) => $"{fill.TradeId} {fill.ClientOrderId} {fill.Side} {fill.Quantity} at {fill.Price}, fee {fill.Fee} {fill.FeeAsset}";
}
