using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Operators.Tests.Breakers;

/// <summary>A control over one source, with its port: what every test of these operators needs. Times are in seconds.</summary>
internal sealed record BreakerHarness<TIn, TState, TOut>(
    Func<IObservable<TIn>, StatePort<TState>, IScheduler, IObservable<TOut>> Operator, TState Starting)
    where TState : notnull
{
    /// <summary>What comes out, with the second it comes out in; the subscription is never disposed.</summary>
    public List<(double Seconds, TOut Value)> Run(double untilSeconds, params (double Seconds, TIn Value)[] inputs) =>
        Run(untilSeconds, double.MaxValue, inputs);

    public void Check(params (double Seconds, TIn Value)[] inputs)
    {
        OperatorMatrix.Check<TIn, string>((source, scheduler) => Texts(source, scheduler), Messages(inputs));
        var untilSeconds = inputs[^1].Seconds + 60;
        var whole = Run(untilSeconds, inputs).ConvertAll(Text);
        for (var split = inputs[0].Seconds - 0.25; split < untilSeconds; split += 0.625)
            Run(untilSeconds, split, inputs).ConvertAll(Text).ShouldBe(whole, $"restored at {split} s");
    }

    private List<(double Seconds, TOut Value)> Run(double untilSeconds, double splitSeconds, (double Seconds, TIn Value)[] inputs)
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable([.. Messages(inputs)]);
        var outputs = new List<(double, TOut)>();
        var port = new StatePort<TState>("control", Starting);
        var subscription = Subscribe(port);
        if (splitSeconds < untilSeconds)
        {
            scheduler.AdvanceTo(Ticks(splitSeconds));
            var captured = JsonSerializer.Deserialize<TState>(JsonSerializer.Serialize(port.Capture()))!;
            subscription.Dispose();
            subscription = Subscribe(new("control", captured));
        }

        scheduler.AdvanceTo(Ticks(untilSeconds));
        subscription.Dispose();
        return outputs;

        IDisposable Subscribe(StatePort<TState> at) => Operator(source, at, scheduler).Subscribe(
            value => outputs.Add((TimeSpan.FromTicks(scheduler.Clock).TotalSeconds, value)), error => throw error);
    }

    private IObservable<string> Texts(IObservable<TIn> source, IScheduler scheduler) =>
        System.Reactive.Linq.Observable.Select(Operator(source, new("control", Starting), scheduler), value => JsonSerializer.Serialize(value));

    private static string Text((double Seconds, TOut Value) output) => $"{output.Seconds} {JsonSerializer.Serialize(output.Value)}";

    private static List<Recorded<Notification<TIn>>> Messages((double Seconds, TIn Value)[] inputs) =>
        [.. inputs.Select(i => ReactiveTest.OnNext(Ticks(i.Seconds), i.Value))];

    private static long Ticks(double seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}

/// <summary>DCT at two venues, one of them quoted in TON.</summary>
internal static class Market
{
    public static readonly InstrumentId Okx = new(0);
    public static readonly InstrumentId Pool = new(1);
    public static readonly ImmutableArray<string> Numeraires = ["USDT"];
    public static readonly InstrumentCatalog Instruments = new([Of(Okx, "okx", "USDT"), Of(Pool, "stonfi", "TON")]);

    public static readonly QuotingParameters Parameters =
        QuotingParameters.Dct(Instruments.All.Select(i => new VenueParameters { Instrument = i.Name })) with { NumeraireAssets = Numeraires };

    public static BookTop Top(InstrumentId instrument, double venueSeconds, BookStatus status = BookStatus.Valid) => new()
    {
        Instrument = instrument, Status = status, Bid = new(99, 1), Ask = new(101, 1), LastUpdateId = 1, VenueTime = At(venueSeconds), Depth = null!,
    };

    public static Timestamp At(double seconds) => new(TimeSpan.FromSeconds(seconds).Ticks);

    private static Instrument Of(InstrumentId id, string venue, string quoteAsset) => new()
    {
        Id = id, Venue = venue, Symbol = $"DCT-{quoteAsset}", BaseAsset = "DCT", QuoteAsset = quoteAsset, Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.01m), Sizes = new(1m),
    };
}
