using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests.Books;

/// <summary>Streams of book updates at virtual times, and the run of an operator in one piece or over a snapshot.</summary>
internal static class BookStreams
{
    public static readonly Instrument Chained = Market(BookSequenceRule.ContiguousRange);
    public static readonly Instrument Unchained = Market(BookSequenceRule.ChecksumOnly);

    /// <summary>Engine time 0 of the test scheduler is 0001-01-01; event times of the samples lie this far behind their arrival.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromTicks(20);

    public static BookUpdate Snapshot(long at, long id, long bidLots = 1) => Update(at, true, id, [new(99, bidLots)], [new(101, 1)]);

    public static BookUpdate Delta(long at, long id, long bidLots) => Update(at, false, id, [new(99, bidLots)], []);

    public static VenueTop VenueTop(long id, long bidLots) => new()
    {
        Instrument = new(0), VenueTime = Timestamp.None, ReceiveTime = Timestamp.None, UpdateId = id, Bid = new(99, bidLots), Ask = new(101, 1),
    };

    public static BookTop Top(BookStatus status, long id, long bidLots, long venueTime) => new()
    {
        Instrument = new(0), Status = status, Bid = new(99, bidLots), Ask = new(101, 1), LastUpdateId = id, VenueTime = new(venueTime), Depth = null!,
    };

    /// <summary>The top without its book, which is another object in each subscription.</summary>
    public static BookTop Bare(BookTop top) => top with { Depth = null! };

    /// <summary>What comes out of one run over all inputs.</summary>
    public static IList<Recorded<Notification<TOut>>> Run<TIn, TOut>(
        Func<IObservable<TIn>, IScheduler, IObservable<TOut>> op, params Recorded<Notification<TIn>>[] inputs)
    {
        var scheduler = new TestScheduler();
        return scheduler.Start(() => op(scheduler.CreateHotObservable(inputs), scheduler), 0, 1, 1_000).Messages;
    }

    /// <summary>What comes out when the run ends after <paramref name="split"/> inputs and another goes on from its state, through JSON.</summary>
    public static IList<Recorded<Notification<TOut>>> RunSplit<TIn, TOut, TState>(
        int split, TState initial, Func<IObservable<TIn>, StatePort<TState>, IScheduler, IObservable<TOut>> op,
        params Recorded<Notification<TIn>>[] inputs)
        where TState : notnull
    {
        var first = new StatePort<TState>("first", initial);
        var state = "";
        var scheduler = new TestScheduler();
        var boundary = split < inputs.Length ? inputs[split].Time - 1 : inputs[^1].Time + 1;
        scheduler.ScheduleAbsolute(0, boundary, (_, _) =>
        {
            state = JsonSerializer.Serialize(first.Capture());
            return Disposable.Empty;
        });
        var before = scheduler.Start(() => op(scheduler.CreateHotObservable(inputs), first, scheduler), 0, 1, boundary + 1).Messages;
        var second = new StatePort<TState>("second", JsonSerializer.Deserialize<TState>(state)!);
        return [.. before, .. Run((IObservable<TIn> source, IScheduler s) => op(source, second, s), inputs[split..])];
    }

    private static BookUpdate Update(long at, bool isSnapshot, long id, BookLevel[] bids, BookLevel[] asks) => new()
    {
        Instrument = new(0), IsSnapshot = isSnapshot, VenueTime = new(at - Latency.Ticks), ReceiveTime = new(at), FirstUpdateId = id,
        LastUpdateId = id, PreviousUpdateId = -1, BidCount = bids.Length, Levels = (BookLevel[])[.. bids, .. asks],
    };

    private static Instrument Market(BookSequenceRule rule) => new()
    {
        Id = new(0), Venue = "venue", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot, SequenceRule = rule,
        Prices = new(1m), Sizes = new(1m),
    };
}
