using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class PositionsOperator
{
    /// <summary>
    /// Positions by average cost and the consolidated inventory, after each fill; each fill counts once, whatever the state of its order.
    /// <list type="table">
    /// <listheader><term>Event</term><description>Behaviour</description></listheader>
    /// <item>
    /// <term>new fill</term>
    /// <description>one <see cref="InventorySnapshot"/>; a fee in a third asset is changed at the rates of this moment</description>
    /// </item>
    /// <item><term>failed swap</term><description>its gas is charged, once; one snapshot</description></item>
    /// <item><term>transfer</term><description>one snapshot in which so much more, or less, is held; one of 0 is passed over</description></item>
    /// <item><term>fill told again</term><description>counted as a duplicate, nothing comes out</description></item>
    /// <item>
    /// <term>fill older than the ledger remembers</term>
    /// <description>not applied; one snapshot whose <see cref="InventorySnapshot.RefusedFills"/> rose</description>
    /// </item>
    /// <item><term>fill with a price or quantity not above zero</term><description>OnError</description></item>
    /// <item><term>OnError of any source</term><description>forwarded at once</description></item>
    /// <item><term>OnCompleted</term><description>once all sources have completed</description></item>
    /// </list>
    /// </summary>
    public static IObservable<InventorySnapshot> Positions(
        this IObservable<Fill> fills, IObservable<FailedSwap> failedSwaps, IObservable<decimal> transfers, InstrumentCatalog instruments,
        InventoryParameters inventory, IRateView rates, StatePort<PositionLedgerState> port, ViewPort<PositionLedger>? view = null) =>
        port.Lift(
            state => new PositionLedger(instruments, state),
            ledger => ledger.Capture(),
            ledger => Observable.Merge(
                    fills.Select(fill => ledger.Apply(fill, FeeRate(ledger, fill, instruments[fill.Instrument], rates))),
                    failedSwaps.Select(swap => ledger.Apply(swap, GasRate(ledger, swap, instruments[swap.Instrument], rates))),
                    transfers.Where(quantity => quantity != 0).Select(ledger.Transfer))
                .Where(outcome => outcome != FillOutcome.Duplicate)
                .Select(_ => ledger.Snapshot(inventory)),
            view);

    private static decimal? FeeRate(PositionLedger ledger, Fill fill, Instrument instrument, IRateView rates)
    {
        if (!ledger.NeedsFeeRate(fill)) return null;
        var settlement = rates.NumerairePer(instrument.QuoteAsset) is { } quoteRate
            ? instrument.Kind == ContractKind.Inverse ? quoteRate * fill.Price : quoteRate
            : 0m;
        return settlement > 0 && rates.NumerairePer(fill.FeeAsset) is { } feeRate ? feeRate / settlement : null;
    }

    private static decimal? GasRate(PositionLedger ledger, FailedSwap swap, Instrument instrument, IRateView rates) =>
        ledger.NeedsGasRate(swap) && rates.NumerairePer(instrument.QuoteAsset) is > 0 and var settlement
            && rates.NumerairePer(swap.GasAsset) is { } gasRate
            ? gasRate / settlement
            : null;
}
