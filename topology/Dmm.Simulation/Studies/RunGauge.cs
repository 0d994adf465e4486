using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>Measures a run from its inputs and decisions, from a moment on that lies before its first order.</summary>
public sealed class RunGauge : IDecisionSink
{
    private static readonly TimeSpan MarkoutHorizon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly InstrumentCatalog _instruments;
    private readonly Timestamp _from;
    private readonly double _excessShare;
    private readonly Dictionary<(InstrumentId, string), double> _awaited = [];
    private readonly HashSet<string> _filledOrders = new(StringComparer.Ordinal);
    private readonly ImmutableArray<double>.Builder _minutes = ImmutableArray.CreateBuilder<double>();
    private readonly TimeWeighted _ratioSquares;
    private readonly TimeWeighted _halted;
    private readonly TimeWeighted _restrained;
    private double _pnlBefore;
    private double _pnl;
    private double _peak;
    private double _drawdown;
    private double _pnlAtMinute;
    private double _ratioMax;
    private (double Sum, double Weight) _spread;
    private long _placed;
    private long _fills;
    private double _volume;

    /// <param name="instruments">Of the run.</param>
    /// <param name="parameters">Of the run.</param>
    /// <param name="from">Where measuring begins; until the controls first say otherwise, a fresh run is halted.</param>
    public RunGauge(InstrumentCatalog instruments, QuotingParameters parameters, Timestamp from)
    {
        var inventory = parameters.Inventory;
        (_instruments, _from) = (instruments, from);
        _excessShare = inventory.Starting == 0 ? 0 : (double)((inventory.Starting - inventory.Target) / inventory.Starting);
        _ratioMax = Math.Abs(inventory.RatioOf(inventory.Starting));
        (_ratioSquares, _halted, _restrained) = (new(from, _ratioMax * _ratioMax), new(from, 1), new(from, 0));
    }

    public void OnInput(in Stamp stamp, in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        if (input.Control is OrderUpdate { Status: OrderStatus.Rejected }) _placed--;
        if (input.Control is not Fill fill) return;
        var instrument = _instruments[fill.Instrument];
        var quantity = (double)(fill.Quantity * instrument.ContractSize / (instrument.Kind == ContractKind.Inverse ? fill.Price : 1));
        _fills++;
        _volume += quantity;
        _filledOrders.Add(fill.ClientOrderId);
        _awaited[(fill.Instrument, fill.TradeId)] = quantity;
    }

    public void OnDecision(in Decision decision)
    {
        var at = decision.Cause.At;
        switch (decision.Body)
        {
            case OrderIntent { Kind: OrderIntentKind.Place }:
                _placed++;
                break;
            case InventorySnapshot inventory:
                _ratioSquares.Set(at, inventory.InventoryRatio * inventory.InventoryRatio);
                _ratioMax = Math.Max(_ratioMax, Math.Abs(inventory.InventoryRatio));
                break;
            case PnlSnapshot { Unvalued: "" } pnl:
                Take(at, (double)pnl.OrderFlow + (double)pnl.StartingMarkToMarket * _excessShare);
                break;
            case Markout markout when markout.Horizon == MarkoutHorizon && _awaited.Remove((markout.Instrument, markout.TradeId), out var quantity):
                _spread = (_spread.Sum + 2 * markout.Bps * quantity, _spread.Weight + quantity);
                break;
            case TradingStateChange change:
                _halted.Set(at, change.To >= TradingState.Halted ? 1 : 0);
                _restrained.Set(at, change.To is TradingState.Widened or TradingState.Reducing ? 1 : 0);
                break;
        }
    }

    /// <summary>What was measured by then.</summary>
    /// <param name="end">The engine's clock, not before the latest decision.</param>
    public RunFigures Until(Timestamp end)
    {
        CloseMinutes(end);
        return new()
        {
            Pnl = _pnl, InventoryVariance = _ratioSquares.Mean(end), InventoryRatioMax = _ratioMax, Drawdown = _drawdown,
            RealisedSpreadBps = _spread.Weight > 0 ? _spread.Sum / _spread.Weight : null,
            FillRatio = _placed > 0 ? (double)_filledOrders.Count / _placed : null, Fills = _fills, Volume = _volume,
            HaltedShare = _halted.Mean(end), RestrainedShare = _restrained.Mean(end), MinutePnls = _minutes.ToImmutable(),
        };
    }

    private void Take(Timestamp at, double pnl)
    {
        if (at <= _from)
        {
            _pnlBefore = pnl;
            return;
        }

        // A snapshot at the end of a minute still belongs to it.
        CloseMinutes(at - Timestamp.Unit);
        _pnl = pnl - _pnlBefore;
        _peak = Math.Max(_peak, _pnl);
        _drawdown = Math.Max(_drawdown, _peak - _pnl);
    }

    private void CloseMinutes(Timestamp at)
    {
        while (_from + (_minutes.Count + 1) * Minute <= at)
        {
            _minutes.Add(_pnl - _pnlAtMinute);
            _pnlAtMinute = _pnl;
        }
    }

    /// <summary>The mean of what changes in steps, each value weighing as long as it lasts.</summary>
    private sealed class TimeWeighted(Timestamp from, double first)
    {
        private double _value = first;
        private double _sum;
        private TimeSpan _weight;

        /// <summary>A value from a time on; one from before the beginning is that of the beginning.</summary>
        public void Set(Timestamp at, double next)
        {
            var lasted = at - from - _weight;
            if (lasted > TimeSpan.Zero) (_sum, _weight) = (_sum + _value * lasted.TotalSeconds, _weight + lasted);
            _value = next;
        }

        public double Mean(Timestamp end)
        {
            Set(end, _value);
            return _weight > TimeSpan.Zero ? _sum / _weight.TotalSeconds : _value;
        }
    }
}
