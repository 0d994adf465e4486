using System.Reactive.Linq;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Topology.Tests;

public sealed class StreamGraphTests
{
    private readonly TestScheduler _scheduler = new();
    private readonly StreamGraph _graph = new();
    private readonly List<string> _heard = [];

    [Fact]
    public void Description_IsTheWiringInItsOrder()
    {
        var ticks = _graph.Input("ticks", Observable.Never<int>());
        var twice = _graph.Stream("twice", ["ticks"], ticks.Select(t => t * 2));
        _graph.Stream("sums", ["ticks", "twice"], ticks.Merge(twice));
        _graph.Description.ToText().ShouldBe("ticks\ntwice <- ticks\nsums  <- ticks, twice\n");
        _graph.Description.ToMermaid().ShouldBe(
            """
            flowchart LR
                ticks["ticks"]
                twice["twice"]
                sums["sums"]
                ticks --> twice
                ticks --> sums
                twice --> sums

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Siblings_SeeAnEventInTheOrderOfTheirWiringAndWhatFollowsFromOneBeforeTheNext()
    {
        var ticks = _graph.Input("ticks", _scheduler.CreateHotObservable(ReactiveTest.OnNext(10, 1), ReactiveTest.OnNext(20, 2)));
        var first = _graph.Stream("first", ["ticks"], Heard("first", ticks));
        var second = _graph.Stream("second", ["ticks"], Heard("second", ticks));
        // Subscribed to in the other order: wiring decides, not reading.
        _graph.Stream("after second", ["second"], Heard("after second", second));
        _graph.Stream("after first", ["first"], Heard("after first", first));
        using var connection = _graph.Connect();
        _scheduler.Start();
        _heard.ShouldBe(["first 1", "after first 1", "second 1", "after second 1", "first 2", "after first 2", "second 2", "after second 2"]);
    }

    [Fact]
    public void StreamWithManyReaders_IsComputedOnce()
    {
        var ticks = _graph.Input("ticks", _scheduler.CreateHotObservable(ReactiveTest.OnNext(10, 1)));
        var one = _graph.Stream("one", ["ticks"], Heard("computed", ticks));
        for (var i = 0; i < 3; i++) one.Subscribe(_ => _heard.Add("read"), Unexpected);
        using var connection = _graph.Connect();
        _scheduler.Start();
        _heard.ShouldBe(["computed 1", "read", "read", "read"]);
    }

    [Fact]
    public void BeforeConnectAndAfterItsDisposal_NothingIsSubscribed()
    {
        var source = _scheduler.CreateHotObservable(ReactiveTest.OnNext(10, 1));
        _graph.Stream("one", ["ticks"], _graph.Input("ticks", source));
        source.Subscriptions.ShouldBeEmpty();
        _scheduler.AdvanceTo(5);
        var connection = _graph.Connect();
        _scheduler.AdvanceTo(15);
        connection.Dispose();
        source.Subscriptions.ShouldBe([new Microsoft.Reactive.Testing.Subscription(5, 15)]);
    }

    [Fact]
    public void UnknownSource_IsRefusedByName() =>
        Should.Throw<ArgumentException>(() => _graph.Stream("mids", ["books"], Observable.Never<int>()))
            .Message.ShouldContain("stream 'mids' is made from 'books', which is not wired before it");

    [Fact]
    public void NameTakenTwice_IsRefused()
    {
        _graph.Input("ticks", Observable.Never<int>());
        Should.Throw<ArgumentException>(() => _graph.Stream("ticks", ["ticks"], Observable.Never<int>())).Message.ShouldContain("'ticks' is wired twice");
    }

    private IObservable<int> Heard(string name, IObservable<int> stream) => stream.Do(t => _heard.Add($"{name} {t}"));

    private static void Unexpected(Exception fault) => throw new InvalidOperationException("a stream failed", fault);
}
