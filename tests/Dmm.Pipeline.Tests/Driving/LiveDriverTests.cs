// The driver’s own cancellation is the subject here; what hangs is ended by its time-out.
#pragma warning disable xUnit1069
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Driving;
using Dmm.Testing;
using Dmm.Topology.Engine;
using Dmm.Topology.Tests.Engine;
using Microsoft.Reactive.Testing;

namespace Dmm.Pipeline.Tests.Driving;

public sealed class LiveDriverTests
{
    // A test that hangs ends here; none waits for time to pass.
    private const int HangsAfterMs = 20_000;

    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    private readonly TestScheduler _clock = new();
    private readonly JournaledRun _run = new();
    private readonly Channel<Decision> _effects = Channel.CreateUnbounded<Decision>();

    public LiveDriverTests()
    {
        _clock.AdvanceTo(JournaledRun.Start.Ticks);
        _run.OnEffect = effect => _effects.Writer.TryWrite(effect);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task LiveRunOverAnHour_ReplaysToTheSameDecisions()
    {
        var driver = NewDriver(capacity: 16);
        var running = driver.RunAsync(default);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 300; i++) await driver.WriteAsync(new Input(i % 3 == 0 ? JournaledRun.Gas(i % 5) : JournaledRun.Rate(i % 4 + 1)), default);
        });
        for (var i = 0; i < 50; i++)
        {
            _clock.AdvanceBy(TickEvery.Ticks);
            await Task.Yield();
        }

        await writing;
        await driver.WriteAsync(new Input(JournaledRun.Sized(0.5)), default);
        await driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        driver.Complete();
        await running;
        var replayed = Replays.Derive(_run.Journal.Records);
        replayed.DecisionLines.ShouldBe(_run.EffectLines);
        replayed.Inputs.Select(i => i.Stamp).ShouldBe(_run.Journal.Records.Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Stamp));
        // The start, the full hour, the change of parameters.
        _run.Journal.Runs().Count().ShouldBe(3);
        _run.Journal.Records.Count(r => r is { Kind: JournalRecordKind.Input, Origin: InputOrigin.Outside }).ShouldBe(302);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task FullChannel_MakesTheWriterWaitUntilThereIsRoom()
    {
        var driver = NewDriver(capacity: 2);
        driver.WriteAsync(new Input(JournaledRun.Rate()), default).IsCompletedSuccessfully.ShouldBeTrue();
        driver.WriteAsync(new Input(JournaledRun.Rate()), default).IsCompletedSuccessfully.ShouldBeTrue();
        var waiting = driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        waiting.IsCompleted.ShouldBeFalse();
        var running = driver.RunAsync(default);
        await waiting;
        driver.Complete();
        await running;
        _run.Journal.Position.Sequence.ShouldBe(3);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WaitingWriterThatIsCancelled_WritesNothing()
    {
        var driver = NewDriver(capacity: 1);
        await driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        using var cancellation = new CancellationTokenSource();
        var waiting = driver.WriteAsync(new Input(JournaledRun.Rate()), cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.AsTask());
        driver.Complete();
        await driver.RunAsync(default);
        _run.Journal.Position.Sequence.ShouldBe(1);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Complete_TakesWhatIsQueuedAndClosesTheRun()
    {
        var driver = NewDriver();
        for (var i = 0; i < 3; i++) await driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        driver.Complete();
        await driver.RunAsync(default);
        _run.Journal.Position.Sequence.ShouldBe(3);
        _run.Journal.Calls[^2..].ShouldBe(["clock 11:59:58.0000003", "flush"]);
        _clock.PendingCount.ShouldBe(0);
        await Should.ThrowAsync<ChannelClosedException>(driver.WriteAsync(new Input(JournaledRun.Rate()), default).AsTask());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task CancelledWhileQuiet_ClosesTheRunAndRefusesWriters()
    {
        var driver = NewDriver();
        using var cancellation = new CancellationTokenSource();
        var running = driver.RunAsync(cancellation.Token);
        await driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        (await NextEffectAsync()).Cause.Sequence.ShouldBe(1);
        await cancellation.CancelAsync();
        await running;
        _run.Journal.Calls[^2..].ShouldBe(["clock 11:59:58.0000001", "flush"]);
        _clock.PendingCount.ShouldBe(0);
        await Should.ThrowAsync<ChannelClosedException>(driver.WriteAsync(new Input(JournaledRun.Rate()), default).AsTask());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task CancelledWhileInputsNeverEnd_StopsAfterTheOneInHand()
    {
        var driver = NewDriver();
        using var cancellation = new CancellationTokenSource();
        _run.OnEffect = effect =>
        {
            driver.WriteAsync(new Input(JournaledRun.Sized(0.5)), default).IsCompletedSuccessfully.ShouldBeTrue();
            if (effect.Number == 100) cancellation.Cancel();
        };
        await driver.WriteAsync(new Input(JournaledRun.Sized(0.5)), default);
        await driver.RunAsync(cancellation.Token);
        _run.Effects.Count.ShouldBe(100);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task EngineFault_PassesThroughAndRefusesTheWritersThatWait()
    {
        var driver = NewDriver(capacity: 1);
        await driver.WriteAsync(new Input(new OperatorCommand(OperatorAction.Pause, "broken", "")), default);
        // The first of them takes the place of what is read; the other one waits on.
        var first = driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        var second = driver.WriteAsync(new Input(JournaledRun.Rate()), default).AsTask();
        var fault = await Should.ThrowAsync<EngineFaultException>(driver.RunAsync(default));
        await first;
        (await Should.ThrowAsync<ChannelClosedException>(second)).InnerException.ShouldBeSameAs(fault);
        (await Should.ThrowAsync<ChannelClosedException>(driver.WriteAsync(new Input(JournaledRun.Rate()), default).AsTask())).InnerException.ShouldBeSameAs(fault);
        _run.Effects.ShouldBeEmpty();
        _clock.PendingCount.ShouldBe(0);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task EffectThatThrows_PassesThrough()
    {
        var driver = NewDriver();
        _run.OnEffect = _ => throw new TimeoutException("the adapter is gone");
        await driver.WriteAsync(new Input(JournaledRun.Rate()), default);
        await Should.ThrowAsync<TimeoutException>(driver.RunAsync(default));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SeveralWriters_EachKeepsItsOrder()
    {
        var driver = NewDriver(capacity: 8);
        var running = driver.RunAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await driver.WriteAsync(new Input(new OperatorCommand(OperatorAction.Pause, $"{writer}", $"{i}")), default);
        })));
        driver.Complete();
        await running;
        var taken = _run.Journal.Records.Where(r => r.Kind == JournalRecordKind.Input).Select(r => (OperatorCommand)r.Input.Control).ToArray();
        for (var writer = 0; writer < 3; writer++)
            taken.Where(c => c.Operator == $"{writer}").Select(c => c.Reason).ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i}"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task LevelsOfABook_AreCopiedSoThatTheCallerMayReuseItsBuffer()
    {
        var driver = NewDriver(capacity: 1);
        var levels = new BookLevel[] { new(99, 5), new(101, 7) };
        await driver.WriteAsync(Book(levels), default);
        levels.AsSpan().Clear();
        levels[0] = new(1, 11);
        // This one has to wait for room, and its levels are copied all the same.
        var waiting = driver.WriteAsync(Book(levels), default);
        levels.AsSpan().Clear();
        var running = driver.RunAsync(default);
        await waiting;
        driver.Complete();
        await running;
        _run.Journal.Records.Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Input.Book.Levels.ToArray()).ShouldBe(
            [[new(99, 5), new(101, 7)], [new(1, 11), new(0, 0)]]);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task QuietClock_IsMovedByTicksSoThatTimersFireAtTheirTime()
    {
        var driver = NewDriver();
        var running = driver.RunAsync(default);
        for (var second = 1; second <= 3; second++)
        {
            for (var i = 0; i < 10; i++) _clock.AdvanceBy(TickEvery.Ticks);
            (await NextEffectAsync()).Cause.ShouldBe(new Cause(0, "second", JournaledRun.Start + TimeSpan.FromSeconds(second)));
        }

        driver.Complete();
        await running;
        _run.Effects.Count.ShouldBe(3);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TickOnAFullChannel_IsLeftOutAndTheNextOneCounts()
    {
        var driver = NewDriver(capacity: 1);
        _run.OnEffect = effect =>
        {
            if (effect.Number == 1)
            {
                // On the driver's own thread, so that nothing is read meanwhile.
                driver.WriteAsync(new Input(JournaledRun.Sized(0.5)), default).IsCompletedSuccessfully.ShouldBeTrue();
                _clock.AdvanceBy(TickEvery.Ticks);
            }

            _effects.Writer.TryWrite(effect);
        };
        await driver.WriteAsync(new Input(JournaledRun.Sized(0.5)), default);
        var running = driver.RunAsync(default);
        await NextEffectAsync();
        await NextEffectAsync();
        for (var i = 0; i < 10; i++) _clock.AdvanceBy(TickEvery.Ticks);
        (await NextEffectAsync()).Cause.Timer.ShouldBe("second");
        driver.Complete();
        await running;
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClockThatStandsStill_StillGivesEveryInputItsOwnLaterStamp()
    {
        var driver = NewDriver(capacity: 8);
        for (var i = 0; i < 5; i++) await driver.WriteAsync(new Input(JournaledRun.Gas(1)), default);
        driver.Complete();
        await driver.RunAsync(default);
        var stamps = _run.Journal.Records.Where(r => r is { Kind: JournalRecordKind.Input, Origin: InputOrigin.Outside }).Select(r => r.Stamp.At).ToArray();
        stamps.ShouldBe(stamps.Distinct().Order());
        stamps[0].ShouldBe(JournaledRun.Start + Timestamp.Unit);
    }

    private static Input Book(BookLevel[] levels) => new(new BookUpdate
    {
        Instrument = new InstrumentId(0), IsSnapshot = true, VenueTime = JournaledRun.Start, ReceiveTime = JournaledRun.Start, BidCount = 1, Levels = levels,
    });

    private LiveDriver NewDriver(int capacity = 4) => new(_run.Engine, new SchedulerTimeProvider(_clock), capacity, TickEvery);

    private ValueTask<Decision> NextEffectAsync() => _effects.Reader.ReadAsync();
}
