using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Core.Kernels;

/// <param name="Inventory">The latest positions; null before the first.</param>
/// <param name="StartingMark">
/// Numeraire per base asset at the first mark, or at the last transfer's, from which the starting inventory's gain counts; null before it.
/// </param>
/// <param name="Drawdown">Of the order-flow profit.</param>
public sealed record PnlState(InventorySnapshot? Inventory, decimal? StartingMark, DrawdownState Drawdown)
{
    public static PnlState Empty { get; } = new(null, null, default);

    /// <summary>Numeraire that the starting inventory had gained before the last transfer changed it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal StartingGain { get; init; }

    /// <summary>The starting inventory before a transfer that no mark has followed yet; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? FormerStarting { get; init; }

    /// <summary>With these positions, to be valued by the next step.</summary>
    public PnlState With(InventorySnapshot inventory) => this with
    {
        Inventory = inventory,
        FormerStarting = FormerStarting ?? (Inventory is { } before && before.Starting != inventory.Starting ? before.Starting : null),
    };
}

/// <summary>
/// Values positions in the numeraire: order-flow profit, and the mark-to-market of the starting inventory apart from it. Each settlement asset counts
/// at its present rate, so that the order-flow profit is what the changes of all holdings are worth now.
/// </summary>
public static class Pnl
{
    /// <summary>The state after a valuation, and the profit; none while there are no positions or no mid of the traded asset.</summary>
    public static (PnlState State, PnlSnapshot? Pnl) Step(PnlState state, InstrumentCatalog instruments, IMidView mids, IRateView rates, Timestamp at)
    {
        if (state.Inventory is not { } inventory || BaseMark(instruments, mids, rates) is not { } mark) return (state, null);
        var valued = ImmutableArray.CreateBuilder<InstrumentPnl>(inventory.Positions.Length);
        var missing = new List<string>();
        var (realised, unrealised) = (0m, 0m);
        foreach (var position in inventory.Positions)
        {
            if (Value(position, instruments[position.Instrument], mids, rates, missing) is not { } value) continue;
            valued.Add(value);
            realised += value.Realised;
            unrealised += value.Unrealised;
        }

        var orderFlow = realised + unrealised;
        var drawdown = missing.Count == 0 ? Drawdown.Step(state.Drawdown, at, orderFlow) : state.Drawdown;
        var next = state with { StartingMark = state.StartingMark ?? mark, Drawdown = drawdown };
        if (state.FormerStarting is { } former)
        {
            // What was transferred gains from here on only.
            next = next with
            {
                StartingGain = (next.StartingGain + former * (mark - next.StartingMark.Value)).Canonical(),
                StartingMark = mark, FormerStarting = null,
            };
        }

        return (next, new()
        {
            Realised = realised.Canonical(),
            Unrealised = unrealised.Canonical(),
            OrderFlow = orderFlow.Canonical(),
            StartingMarkToMarket = (next.StartingGain + inventory.Starting * (mark - next.StartingMark.Value)).Canonical(),
            InventoryNotional = (inventory.Total * mark).Canonical(),
            Drawdown = drawdown.Current.Canonical(),
            DeepestDrawdown = drawdown.Deepest.Canonical(),
            SessionStart = drawdown.SessionStart,
            Instruments = valued.ToImmutable(),
            Unvalued = string.Join("; ", missing),
        });
    }

    private static decimal? BaseMark(InstrumentCatalog instruments, IMidView mids, IRateView rates)
    {
        foreach (var instrument in instruments.All)
        {
            if (mids.MidOf(instrument.Id) is > 0 and var mid && rates.NumerairePer(instrument.QuoteAsset) is { } rate) return (decimal)mid * rate;
        }

        return null;
    }

    private static InstrumentPnl? Value(Position position, Instrument instrument, IMidView mids, IRateView rates, List<string> missing)
    {
        var fees = 0m;
        foreach (var fee in position.UnconvertedFees)
        {
            if (rates.NumerairePer(fee.Asset) is { } feeRate) fees += fee.Amount * feeRate;
            else missing.Add($"fees of {fee.Amount} {fee.Asset} at {instrument.Name}: no rate");
        }

        if (position is { Quantity: 0, Realised: 0 }) return new(position.Instrument, (-fees).Canonical(), 0);
        if (rates.NumerairePer(instrument.QuoteAsset) is not { } quoteRate)
        {
            missing.Add($"{instrument.Name}: no rate for {instrument.QuoteAsset}");
            return null;
        }

        var mid = (decimal)mids.MidOf(position.Instrument);
        if (mid <= 0)
        {
            missing.Add($"{instrument.Name}: no mid");
            return null;
        }

        var rate = instrument.Kind == ContractKind.Inverse ? mid * quoteRate : quoteRate;
        var unrealised = position.Quantity == 0 ? 0 : AverageCost.Value(instrument, position.Quantity, mid) - position.Basis;
        return new(position.Instrument, (position.Realised * rate - fees).Canonical(), (unrealised * rate).Canonical());
    }
}
