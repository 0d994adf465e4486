using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Topology.Engine;
using Microsoft.Reactive.Testing;
using QuotingEngine = Dmm.Topology.Engine.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class InputStreamsTests
{
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");

    [Fact]
    public void Inputs_ReachTheStreamOfTheirKindAndInstrumentOnly()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable<Input>(
            ReactiveTest.OnNext(10, Book(0)), ReactiveTest.OnNext(20, Book(1)), ReactiveTest.OnNext(30, Top(1)), ReactiveTest.OnNext(40, Trade(0)),
            ReactiveTest.OnNext(50, new Input(JournaledRun.Gas(1))), ReactiveTest.OnNext(60, new Input(JournaledRun.Rate())));
        var streams = new InputStreams(source, 2);
        var heard = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var n = i;
            streams.Books(new InstrumentId(n)).Subscribe(_ => heard.Add($"{scheduler.Clock} book {n}"), Unexpected);
            streams.VenueTops(new InstrumentId(n)).Subscribe(_ => heard.Add($"{scheduler.Clock} top {n}"), Unexpected);
            streams.Trades(new InstrumentId(n)).Subscribe(_ => heard.Add($"{scheduler.Clock} trade {n}"), Unexpected);
        }

        streams.Controls<GasPrice>().Subscribe(_ => heard.Add($"{scheduler.Clock} gas"), Unexpected);
        streams.Controls<ControlMessage>().Subscribe(m => heard.Add($"{scheduler.Clock} any {m.GetType().Name}"), Unexpected);
        using var connection = streams.Connect();
        scheduler.Start();
        heard.ShouldBe(["10 book 0", "20 book 1", "30 top 1", "40 trade 0", "50 gas", "50 any GasPrice", "60 any ReferenceRate"]);
    }

    [Fact]
    public void Siblings_SeeAnInputInTheOrderOfTheirSubscription()
    {
        var scheduler = new TestScheduler();
        var streams = new InputStreams(scheduler.CreateHotObservable(ReactiveTest.OnNext(10, Trade(0))), 1);
        var heard = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var n = i;
            streams.Trades(new InstrumentId(0)).Subscribe(_ => heard.Add(n), Unexpected);
        }

        using var connection = streams.Connect();
        scheduler.Start();
        heard.ShouldBe([0, 1, 2, 3, 4]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EndOfTheInputs_EndsEveryStreamTheSameWay(bool isFault)
    {
        var fault = new TimeoutException();
        var streams = new InputStreams(isFault ? Observable.Throw<Input>(fault, ImmediateScheduler.Instance) : Observable.Empty<Input>(ImmediateScheduler.Instance), 1);
        var ends = new List<string>();
        void Listen<T>(IObservable<T> stream) => stream.Subscribe(_ => { }, e => ends.Add(e == fault ? "fault" : "?"), () => ends.Add("end"));
        Listen(streams.Books(new InstrumentId(0)));
        Listen(streams.VenueTops(new InstrumentId(0)));
        Listen(streams.Trades(new InstrumentId(0)));
        Listen(streams.Controls<GasPrice>());
        using var connection = streams.Connect();
        ends.ShouldBe(Enumerable.Repeat(isFault ? "fault" : "end", 4));
    }

    [Fact]
    public void BeforeConnectAndAfterItsDisposal_NothingFlows()
    {
        var scheduler = new TestScheduler();
        var streams = new InputStreams(
            scheduler.CreateHotObservable(ReactiveTest.OnNext(10, Trade(0)), ReactiveTest.OnNext(20, Trade(0)), ReactiveTest.OnNext(30, Trade(0))), 1);
        var heard = new List<long>();
        streams.Trades(new InstrumentId(0)).Subscribe(_ => heard.Add(scheduler.Clock), Unexpected);
        scheduler.AdvanceTo(15);
        var connection = streams.Connect();
        scheduler.AdvanceTo(25);
        connection.Dispose();
        scheduler.Start();
        heard.ShouldBe([20]);
    }

    [Fact]
    public void MarketDataThroughTheEngine_AllocatesNothing()
    {
        var topology = new CountingTopology();
        using var engine = new QuotingEngine(topology, EngineStart.Fresh(At), new DeafLog());
        Input[] inputs = [Book(0), Top(1), Trade(0), Book(1)];
        var at = At;
        Allocations.PerItem(i => engine.Take(at += TimeSpan.FromMilliseconds(1), inputs[i % inputs.Length])).ShouldBe(0);
        topology.Lots.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void QuietClock_AllocatesNothing()
    {
        using var engine = new QuotingEngine(new CountingTopology(), EngineStart.Fresh(At), new DeafLog());
        var at = At;
        Allocations.PerItem(_ => engine.AdvanceTo(at += TimeSpan.FromMilliseconds(1))).ShouldBe(0);
    }

    private static void Unexpected(Exception fault) => throw new InvalidOperationException("a stream failed", fault);

    private static Input Book(int instrument) => new(new BookUpdate
    {
        Instrument = new InstrumentId(instrument), IsSnapshot = false, VenueTime = At, ReceiveTime = At, BidCount = 1,
        Levels = new BookLevel[] { new(100, 5), new(101, 6) },
    });

    private static Input Top(int instrument) => new(new VenueTop
    {
        Instrument = new InstrumentId(instrument), VenueTime = At, ReceiveTime = At, UpdateId = 1, Bid = new(100, 5), Ask = new(101, 6),
    });

    private static Input Trade(int instrument) => new(new Trade
    {
        Instrument = new InstrumentId(instrument), VenueTime = At, ReceiveTime = At, TradeId = 1, PriceTicks = 100, SizeLots = 1, Aggressor = Side.Buy,
    });

    private sealed class DeafLog : IEngineLog
    {
        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
        }

        public void OnDecision(in Decision decision)
        {
        }
    }

    /// <summary>Two instruments, every kind of market data read, no decision.</summary>
    private sealed class CountingTopology : ITopology
    {
        public long Lots { get; private set; }

        public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
        {
            var streams = new InputStreams(inputs, 2);
            var subscriptions = new CompositeDisposable();
            for (var i = 0; i < 2; i++)
            {
                var instrument = new InstrumentId(i);
                subscriptions.Add(streams.Books(instrument).Subscribe(b => Lots += b.Bids[0].SizeLots, Unexpected));
                subscriptions.Add(streams.VenueTops(instrument).Subscribe(t => Lots += t.Bid.SizeLots, Unexpected));
                subscriptions.Add(streams.Trades(instrument).Subscribe(t => Lots += t.SizeLots, Unexpected));
            }

            return new TopologyOutputs(Observable.Never<object>(), Observable.Never<Input>(), () => new CompositeDisposable(streams.Connect(), subscriptions));
        }
    }
}
