using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>A fill, and how the mid moved after it, bps, above zero is good for us; null while that is not known.</summary>
internal sealed record DeskFill(Timestamp At, Fill Fill, double? Markout1SecondBps, double? Markout5SecondsBps);

/// <summary>Mean markout of all fills at one horizon.</summary>
/// <param name="HorizonSeconds">After the fill.</param>
/// <param name="MeanBps">Each fill counts once, whatever its size.</param>
/// <param name="Count">How many fills are in it.</param>
internal readonly record struct MarkoutMean(double HorizonSeconds, double MeanBps, long Count);

/// <summary>Our fills: the latest one by one, all of them in sums.</summary>
internal sealed class FillBoard(InstrumentCatalog instruments, NumeraireRates rates)
{
    // Markouts come up to a minute after their fill; a screen shows fewer than these.
    private const int FillsKept = 64;

    private readonly RecentItems<DeskFill> _recent = new(FillsKept);
    private readonly SortedDictionary<TimeSpan, (double Sum, long Count)> _markouts = [];

    public long Count { get; private set; }

    public long Buys { get; private set; }

    /// <summary>Base asset.</summary>
    public decimal Volume { get; private set; }

    /// <summary>Numeraire, of those fills whose quote asset had a rate.</summary>
    public decimal Notional { get; private set; }

    public ImmutableArray<DeskFill> NewestFirst() => _recent.NewestFirst();

    public ImmutableArray<MarkoutMean> MarkoutMeans() =>
        [.. _markouts.Select(m => new MarkoutMean(m.Key.TotalSeconds, Quantised.Bps(m.Value.Sum / m.Value.Count), m.Value.Count))];

    public void Take(Fill fill, Timestamp at)
    {
        Count++;
        if (fill.Side == Side.Buy) Buys++;
        var instrument = instruments[fill.Instrument];
        var size = fill.Quantity * instrument.ContractSize;
        var isInverse = instrument.Kind == ContractKind.Inverse;
        Volume += isInverse ? size / fill.Price : size;
        Notional += (isInverse ? size : size * fill.Price) * (rates.Of(instrument.QuoteAsset) ?? 0);
        _recent.Add(new(at, fill, null, null));
    }

    public void Take(in Markout markout)
    {
        var (sum, count) = _markouts.GetValueOrDefault(markout.Horizon);
        _markouts[markout.Horizon] = (sum + markout.Bps, count + 1);
        var (instrument, tradeId, bps) = (markout.Instrument, markout.TradeId, markout.Bps);
        if (markout.Horizon == TimeSpan.FromSeconds(1)) Change(instrument, tradeId, fill => fill with { Markout1SecondBps = bps });
        if (markout.Horizon == TimeSpan.FromSeconds(5)) Change(instrument, tradeId, fill => fill with { Markout5SecondsBps = bps });
    }

    private void Change(InstrumentId instrument, string tradeId, Func<DeskFill, DeskFill> change) =>
        _recent.Change(f => f.Fill.Instrument == instrument && f.Fill.TradeId == tradeId, change);
}
