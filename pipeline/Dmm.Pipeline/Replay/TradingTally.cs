using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Replay;

/// <summary>Adds up what trading came to, from fills as they enter the engine and from what it decides upon them.</summary>
internal sealed class TradingTally(InstrumentCatalog instruments, QuotingParameters parameters) : IDecisionSink
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _filledOrders = new(StringComparer.Ordinal);
    private PnlSnapshot? _pnl;
    private decimal? _fees = 0;
    private decimal _inventoryMax = Math.Abs(parameters.Inventory.Starting - parameters.Inventory.Target);
    private decimal _inventory = parameters.Inventory.Starting - parameters.Inventory.Target;
    private decimal _drawdown;
    private Mean _markout1s;
    private Mean _markout5s;
    private long _fills;

    public void OnInput(in Stamp stamp, in Input input)
    {
        if (input.Kind != InputKind.Control || input.Control is not Fill fill) return;
        _fills++;
        _filledOrders.Add(fill.ClientOrderId);
        _fees += FeeInNumeraire(fill);
    }

    public void OnDecision(in Decision decision)
    {
        switch (decision.Body)
        {
            case InventorySnapshot inventory:
                _inventory = inventory.Total - parameters.Inventory.Target;
                _inventoryMax = Math.Max(_inventoryMax, Math.Abs(_inventory));
                break;
            case PnlSnapshot pnl:
                _pnl = pnl;
                _drawdown = Math.Max(_drawdown, pnl.DeepestDrawdown);
                break;
            case Markout markout when markout.Horizon == OneSecond:
                _markout1s.Add(markout.Bps);
                break;
            case Markout markout when markout.Horizon == FiveSeconds:
                _markout5s.Add(markout.Bps);
                break;
        }
    }

    /// <param name="venues">Where orders went; none in shadow mode.</param>
    public TradingSummary Sum(IReadOnlyList<CaptureVenue> venues)
    {
        var accepted = venues.Sum(v => v.Counts.Placed);
        return new()
        {
            IsShadow = venues.Count == 0, Fills = _fills, FillReasons = venues.Aggregate(default(FillReasons), (sum, v) => sum + v.Reasons),
            RealisedPnl = _pnl?.Realised, UnrealisedPnl = _pnl?.Unrealised, OrderFlowPnl = _pnl?.OrderFlow, Fees = _fees?.Canonical(),
            InventoryMax = _inventoryMax.Canonical(), InventoryEnd = _inventory.Canonical(),
            Markout1s = _markout1s.Value, Markout5s = _markout5s.Value, Drawdown = _drawdown,
            FillRatio = accepted == 0 ? null : Math.Round((double)_filledOrders.Count / accepted, 6),
        };
    }

    private decimal? FeeInNumeraire(Fill fill)
    {
        if (fill.Fee == 0) return 0;
        var instrument = instruments[fill.Instrument];
        if (!parameters.NumeraireAssets.Contains(instrument.QuoteAsset)) return null;
        return fill.FeeAsset == instrument.QuoteAsset ? fill.Fee : fill.FeeAsset == instrument.BaseAsset ? fill.Fee * fill.Price : null;
    }

    private struct Mean
    {
        private double _sum;
        private long _count;

        public readonly double? Value => _count == 0 ? null : Quantised.Bps(_sum / _count);

        public void Add(double value)
        {
            _sum += value;
            _count++;
        }
    }
}
