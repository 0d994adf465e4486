using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology;

namespace Dmm.Integration.Tests.Desk;

/// <summary>Holds what a desk's journal says against what the venue itself says, exactly.</summary>
internal static class DeskAudit
{
    /// <summary>Nothing lost, nothing doubled, nothing left. The desk has stopped.</summary>
    /// <param name="journal">All of the desk's runs.</param>
    /// <param name="venue">Where it traded.</param>
    /// <returns>How many fills there were.</returns>
    public static async Task<int> RequireExactAsync(IJournalReader journal, VenueProcess venue)
    {
        var known = await venue.OrdersAsync();
        known.Where(o => o.Status < OrderStatus.Filled).ShouldBeEmpty("orders are left at the venue");
        var told = await venue.FillsAsync();
        var heard = Fills(journal);
        heard.Select(Text).ShouldBe(told.Select(Text), ignoreOrder: false, customMessage: "fills of the journal, each once, against the venue's");

        var desk = RecoveredDesk.From(journal, run => new QuotingTopology(run.Instruments, run.Parameters, OrderIdState.Fresh("live", 0), run.Mode))!;
        var ledger = desk.Ledger;
        ledger.Applied.ShouldBe(told.Length);
        ledger.Refused.ShouldBe(0);
        Balance(ledger, Account.Inventory, venue.Asset).ShouldBe(await venue.BalanceAsync(venue.Asset));
        Balance(ledger, Account.Cash, "USDT").ShouldBe(await venue.BalanceAsync("USDT") - VenueProcess.OpeningQuote);
        ledger.Starting.ShouldBe(VenueProcess.OpeningBase);

        var placed = Placed(journal);
        placed.ShouldBeUnique();
        known.Select(o => o.ClientOrderId).Except(placed).ShouldBeEmpty("the venue knows orders that the journal does not");
        return told.Length;
    }

    /// <summary>Every fill that entered, once.</summary>
    private static IReadOnlyList<Fill> Fills(IJournalReader journal)
    {
        var seen = new HashSet<(Side, string)>();
        var fills = new List<Fill>();
        foreach (var record in journal.InputsFrom(0L))
        {
            // The venue may tell a fill again: the ledger counts it once, by its id.
            if (record is { Kind: JournalRecordKind.Input, Input: { Kind: InputKind.Control, Control: Fill fill } } && seen.Add((fill.Side, fill.TradeId)))
                fills.Add(fill);
        }

        return fills;
    }

    private static IReadOnlyList<string> Placed(IJournalReader journal) =>
    [
        .. journal.Runs().SelectMany(run => journal.Decisions(run.Run)).Select(d => d.Body).OfType<OrderIntent>()
            .Where(i => i.Kind == OrderIntentKind.Place).Select(i => i.ClientOrderId),
    ];

    private static decimal Balance(PositionLedgerState ledger, Account account, string asset) =>
        ledger.Balances.Where(b => b.Account == account && b.Asset == asset).Sum(b => b.Amount);

    private static string Text(Fill fill) => $"{fill.TradeId} {fill.ClientOrderId} {fill.Side} {fill.Quantity} at {fill.Price}, fee {fill.Fee} {fill.FeeAsset}";
}
