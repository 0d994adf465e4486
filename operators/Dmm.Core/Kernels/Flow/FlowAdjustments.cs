using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What the flow at one instrument asks of its quotes.</summary>
/// <param name="BuyMultiplier">Widening for toxic fills of our bids, 1 at rest.</param>
/// <param name="SellMultiplier">The same for our asks.</param>
/// <param name="ImbalanceMultiplier">Widening for one-sided trade flow (VPIN), 1 at rest.</param>
/// <param name="IsSizeCut">Slippage eats too much of the edge: half the size.</param>
public readonly record struct FlowAdjustment(double BuyMultiplier, double SellMultiplier, double ImbalanceMultiplier, bool IsSizeCut)
{
    public static readonly FlowAdjustment None = new(1, 1, 1, false);

    /// <summary>How long a quote may rest, by the venue's times to fill; null while they are too few to tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? QuoteAgeLimit { get; init; }

    private const double CutShare = 0.5;

    /// <summary>The half-spread multiplier: the detectors watch the same flow, so the strongest counts, once.</summary>
    public double Multiplier => Math.Max(Math.Max(BuyMultiplier, SellMultiplier), ImbalanceMultiplier);

    /// <summary>Share of the maximum quote size that is left.</summary>
    public double SizeShare => IsSizeCut ? CutShare : 1;
}

/// <summary>State of <see cref="FlowAdjustments"/>, in the catalogue's order.</summary>
public sealed record FlowAdjustmentsState(ImmutableArray<FlowAdjustment> Instruments)
{
    public static FlowAdjustmentsState Fresh(int instrumentCount) => new([.. Enumerable.Repeat(FlowAdjustment.None, instrumentCount)]);

    public FlowAdjustment For(InstrumentId instrument) => Instruments[instrument.Index];
}

/// <summary>Keeps what toxicity, order-flow imbalance and fill quality last asked for.</summary>
public static class FlowAdjustments
{
    public static FlowAdjustmentsState Step(FlowAdjustmentsState state, Toxicity toxicity) => With(state, toxicity.Instrument, toxicity.Side == Side.Buy
        ? state.For(toxicity.Instrument) with { BuyMultiplier = toxicity.Multiplier }
        : state.For(toxicity.Instrument) with { SellMultiplier = toxicity.Multiplier });

    public static FlowAdjustmentsState Step(FlowAdjustmentsState state, VpinReading reading) =>
        With(state, reading.Instrument, state.For(reading.Instrument) with { ImbalanceMultiplier = reading.Multiplier });

    public static FlowAdjustmentsState Step(FlowAdjustmentsState state, FillQuality quality) =>
        With(state, quality.Instrument, state.For(quality.Instrument) with
        {
            IsSizeCut = quality.IsSizeCut, QuoteAgeLimit = quality.QuoteAgeLimit,
        });

    private static FlowAdjustmentsState With(FlowAdjustmentsState state, InstrumentId instrument, FlowAdjustment changed) =>
        changed == state.For(instrument) ? state : new(state.Instruments.SetItem(instrument.Index, changed));
}
