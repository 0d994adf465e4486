using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Dmm.Testing.RiskSamples;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public sealed class QuotesTests
{
    private static readonly LastQuotesState Fresh = LastQuotesState.Fresh(1);

    [Fact]
    public void Requests_GiveOneTargetEach()
    {
        var scheduler = new TestScheduler();
        var requests = scheduler.CreateHotObservable(OnNext(210, Spot), OnNext(220, Spot), OnCompleted<InstrumentId>(230));
        var result = scheduler.Start(() => Quotes(requests, new("quotes", Fresh)).Validated());
        result.Messages.ShouldBe([OnNext(210, Target), OnNext(220, Target), OnCompleted<QuoteTarget>(230)]);
    }

    [Fact]
    public void MovedTops_PassOnlyWhatLeftTheQuoteBehind()
    {
        // A full spread of 40 bps at a mid of 1,000 ticks: half of the half-spread is 1 tick of mid, 2 of bid plus ask.
        var scheduler = new TestScheduler();
        var port = new StatePort<LastQuotesState>("quotes", Fresh);
        using var quotes = Quotes(scheduler.CreateHotObservable(OnNext(215, Spot)), port).Subscribe(_ => { }, error => throw error);
        var tops = scheduler.CreateHotObservable(
            OnNext(210, Top(900, 902)), OnNext(220, Top(1_000, 1_002)), OnNext(230, Top(1_001, 1_002)), OnNext(240, Top(998, 999)),
            OnNext(250, Top(500, 502) with { Status = BookStatus.Gap }), OnCompleted<BookTop>(260));
        var result = scheduler.Start(() => tops.MovedTops(port).Validated().Select(top => top.Bid.PriceTicks));
        result.Messages.ShouldBe([OnNext(230, 1_001L), OnNext(240, 998L), OnCompleted<long>(260)]);
    }

    [Fact]
    public void Quotes_PassTheMatrix() => OperatorMatrix.Check<InstrumentId, string>(
        (source, _) => Quotes(source, new("quotes", Fresh)).Select(Text), [OnNext(10, Spot), OnNext(20, Spot)]);

    [Fact]
    public void MovedTops_PassTheMatrix()
    {
        var port = new StatePort<LastQuotesState>("quotes", new([new LastQuote(2_000, 2)]));
        OperatorMatrix.Check<BookTop, long>(
            (source, _) => source.MovedTops(port).Select(top => top.Bid.PriceTicks), [OnNext(10, Top(1_001, 1_002)), OnNext(20, Top(900, 902))]);
    }

    [Fact]
    public void NothingQuoted_NothingMoves()
    {
        var state = LastQuotes.Step(new([new LastQuote(2_000, 2)]), Target with { Bids = [], Asks = [] }, Top(999, 1_001));
        LastQuotes.HasMoved(state, Top(1, 3)).ShouldBeFalse();
    }

    private static QuoteTarget Target { get; } = new()
    {
        Instrument = Spot, FairValue = 1, State = TradingState.Active, Bids = [new(998, 1)], Asks = [new(1_002, 1)], Withheld = "",
        Terms = default(QuoteTerms) with { BidBps = -20, AskBps = 20 },
    };

    private static IObservable<QuoteTarget> Quotes(IObservable<InstrumentId> requests, StatePort<LastQuotesState> port) =>
        requests.Quotes(_ => Target, [new Standing()], port);

    private static BookTop Top(long bid, long ask) => new()
    {
        Instrument = Spot, Status = BookStatus.Valid, Bid = new(bid, 1), Ask = new(ask, 1), LastUpdateId = 1, VenueTime = Start, Depth = null!,
    };

    private sealed class Standing : IBookView
    {
        public BookTop Top => QuotesTests.Top(999, 1_001);
    }
}
