using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Replay;

/// <summary>One quote, in prices of its instrument; <see cref="double.NaN"/> where there is none.</summary>
internal readonly record struct QuotePoint(Timestamp At, double FairValue, double Bid, double Ask);

/// <summary>One volatility estimate, bps over the horizon.</summary>
internal readonly record struct VolatilityPoint(Timestamp At, double Bps);

/// <summary>One of our fills.</summary>
internal readonly record struct FillPoint(Timestamp At, double Price, Side Side);

/// <summary>What was held, base asset; <see cref="double.NaN"/> before the first fill.</summary>
internal readonly record struct InventoryPoint(Timestamp At, double Total);

/// <summary>What trading had come to, numeraire.</summary>
internal readonly record struct PnlPoint(Timestamp At, double OrderFlow, double Realised);

/// <summary>What a picture of a run needs of its decisions.</summary>
internal sealed class ReplaySeries(InstrumentCatalog instruments)
{
    private readonly List<QuotePoint>[] _quotes = [.. instruments.All.Select(_ => new List<QuotePoint>())];
    private readonly List<FillPoint>[] _fills = [.. instruments.All.Select(_ => new List<FillPoint>())];
    private readonly List<VolatilityPoint> _volatilities = [];
    private readonly List<InventoryPoint> _inventories = [];
    private readonly List<PnlPoint> _pnls = [];
    private double _held = double.NaN;

    public InstrumentCatalog Instruments { get; } = instruments;

    public IReadOnlyList<VolatilityPoint> Volatilities => _volatilities;

    public IReadOnlyList<InventoryPoint> Inventories => _inventories;

    public IReadOnlyList<PnlPoint> Pnls => _pnls;

    public IReadOnlyList<FillPoint> Fills(InstrumentId instrument) => _fills[instrument.Index];

    public IReadOnlyList<QuotePoint> Quotes(InstrumentId instrument) => _quotes[instrument.Index];

    public void Add(Timestamp at, Fill fill) => _fills[fill.Instrument.Index].Add(new(at, (double)fill.Price, fill.Side));

    public void Add(in Decision decision)
    {
        switch (decision.Body)
        {
            case QuoteTarget quote:
                var prices = Instruments[quote.Instrument].Prices;
                _quotes[quote.Instrument.Index].Add(new(
                    decision.Cause.At, quote.FairValue > 0 ? quote.FairValue : double.NaN,
                    quote.Bids.IsEmpty ? double.NaN : prices.ToDouble(quote.Bids[0].PriceTicks),
                    quote.Asks.IsEmpty ? double.NaN : prices.ToDouble(quote.Asks[0].PriceTicks)));
                break;
            case VolatilitySnapshot { IsReady: true } volatility:
                _volatilities.Add(new(decision.Cause.At, volatility.VolatilityBps));
                break;
            case InventorySnapshot inventory:
                _held = (double)inventory.Total;
                _inventories.Add(new(decision.Cause.At, _held));
                break;
            case PnlSnapshot pnl:
                _inventories.Add(new(decision.Cause.At, _held));
                _pnls.Add(new(decision.Cause.At, (double)pnl.OrderFlow, (double)pnl.Realised));
                break;
        }
    }
}
