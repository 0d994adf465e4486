using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Subjects;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Microsoft.Reactive.Testing;

namespace Dmm.Operators.Tests;

/// <summary>A small catalogue, one book a test moves, and the split over a snapshot.</summary>
internal static class PricingSetting
{
    public static readonly Instrument Cex = new()
    {
        Id = new(0), Venue = "cex", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m),
    };

    public static readonly Instrument Pool = Cex with { Id = new(1), Venue = "stonfi", Symbol = "DCT-TON", QuoteAsset = "TON", IsPool = true };

    public static readonly InstrumentCatalog Catalog = new([Cex, Pool]);

    public static readonly QuotingParameters Parameters = QuotingParameters.Dct();

    public static Timestamp Second(double seconds) => Timestamp.Parse("2025-01-01T00:00:00Z") + TimeSpan.FromSeconds(seconds);

    public static FairValue Value(double seconds, double value) =>
        new() { Value = value, Contributions = value > 0 ? 1 : 0, At = Second(seconds), QuoteAssetRates = [1, 3] };

    public static Recorded<Notification<T>>[] AtTicks<T>(params T[] values) =>
        [.. values.Select((value, index) => ReactiveTest.OnNext(210 + 10L * index, value))];

    /// <summary>
    /// Feeds all inputs to one subscription, and to two of which the second starts from the state that the first had reached, passed through JSON;
    /// for every place of the cut the outputs must be the same.
    /// </summary>
    public static void ShouldGoOnAfterASnapshot<TIn, TOut, TState>(
        Func<IObservable<TIn>, StatePort<TState>, IObservable<TOut>> op, TState initial, ImmutableArray<TIn> inputs)
        where TState : notnull
    {
        var unsplit = new List<TOut>();
        Run(initial, inputs, unsplit);
        unsplit.ShouldNotBeEmpty();
        for (var cut = 0; cut <= inputs.Length; cut++)
        {
            var split = new List<TOut>();
            var state = Run(initial, inputs[..cut], split);
            Run(JsonSerializer.Deserialize<TState>(JsonSerializer.Serialize(state))!, inputs[cut..], split);
            split.ShouldBe(unsplit, $"cut after {cut} inputs");
        }

        TState Run(TState from, ImmutableArray<TIn> part, List<TOut> outputs)
        {
            var port = new StatePort<TState>("test", from);
            using var source = new Subject<TIn>();
            using var subscription = op(source, port).Subscribe(outputs.Add, error => throw error);
            foreach (var input in part) source.OnNext(input);
            return port.Capture();
        }
    }
}

/// <summary>A book that stands still.</summary>
internal sealed class StillBook(InstrumentId instrument, long bidTicks, long askTicks) : IBookView, IBookDepth
{
    public BookTop Top => new()
    {
        Instrument = instrument, Status = BookStatus.Valid, Bid = new(bidTicks, 10), Ask = new(askTicks, 10), LastUpdateId = 1,
        VenueTime = PricingSetting.Second(0), Depth = this,
    };

    public int CopyLevels(Side side, Span<BookLevel> levels) => 0;

    public long LotsAt(Side side, long priceTicks) => 0;

    public long LotsWithin(Side side, double distanceBps) => 100;
}
