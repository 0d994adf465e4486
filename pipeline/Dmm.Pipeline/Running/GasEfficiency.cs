using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Running;

/// <summary>
/// What quoting at pools cost in gas: quotes placed and moved there for each TON that swaps cost, failed ones included; nothing without pools. To be
/// compared from run to run: a fall is a fee budget that buys less presence. Belongs to the engine's thread.
/// </summary>
internal sealed class GasEfficiency(InstrumentCatalog instruments)
{
    // A swap may be told twice, and costs its gas once.
    private readonly HashSet<string> _swaps = new(StringComparer.Ordinal);
    private long _quotes;
    private long _failed;
    private decimal _gasTon;

    public void OnInput(in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        if (input.Control is Fill fill && instruments[fill.Instrument].IsPool) Swapped(fill.Instrument, fill.TradeId, fill.Fee, isFailed: false);
        else if (input.Control is FailedSwap failed) Swapped(failed.Instrument, failed.SwapId, failed.Gas, isFailed: true);
    }

    public void OnDecision(in Decision decision)
    {
        if (decision.Body is OrderIntent { Kind: not OrderIntentKind.Cancel } quote && instruments[quote.Instrument].IsPool) _quotes++;
    }

    public IEnumerable<RunFact> Facts()
    {
        if (_quotes == 0 && _swaps.Count == 0) yield break;
        yield return new("poolQuotes", "quotes at pools, placed and moved", _quotes);
        yield return new("poolSwaps", "swaps", _swaps.Count);
        yield return new("poolSwapsFailed", "of them failed", _failed);
        yield return new("poolGasTon", "their gas, TON", _gasTon.Canonical());
        if (_gasTon > 0) yield return new("quotesPerTonOfGas", "quotes a TON of gas", Math.Round(_quotes / _gasTon, 1));
    }

    private void Swapped(InstrumentId pool, string id, decimal gas, bool isFailed)
    {
        if (!_swaps.Add($"{pool.Index} {id}")) return;
        _gasTon += gas;
        if (isFailed) _failed++;
    }
}
