using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>A journal that cannot be written, from any call on and for any number of calls.</summary>
public sealed class JournalFailureTests
{
    public static TheoryData<int, int> Failures =>
        [.. from first in Enumerable.Range(3, JournalScript.CallCount() - 4) from count in (int[])[1, 2, 3, 7] select (first, count)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void UnwritableAtTheStart_IsThrownAsItWas(int call)
    {
        var run = new JournaledRun(begin: false);
        var full = new JournalException(JournalFault.Unwritable, "disk full", "inputs-1");
        run.Journal.Fault = n => n == call ? full : null;
        Should.Throw<JournalException>(run.Begin).ShouldBeSameAs(full);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void UnwritableAtAnyCall_NothingIsPlacedUnrecordedTheEngineIsToldOnceAndComesBack(int first, int count)
    {
        var run = new JournaledRun(begin: false);
        run.Journal.Fault = Unwritable(first, count);
        var resting = new HashSet<string>();
        run.OnEffect = effect => Trade(run, resting, effect);
        JournalScript.Play(run, () =>
        {
            if (run.Engine.JournalFailure is not null) resting.ShouldBeEmpty("quotes rest while the journal is down");
        });
        for (var second = 8; run.Engine.JournalFailure is not null; second++)
        {
            second.ShouldBeLessThan(30, "the journal is writable and the engine does not come back");
            run.Engine.AdvanceTo(run.At(second));
        }

        var told = run.Effects.Select(e => e.Body).OfType<Alert>().Where(a => a.Subject.StartsWith("journal")).ToArray();
        told.Select(a => a.Subject).ShouldBe(["journal down", "journal up"]);
        told[0].Text.ShouldBe("here: disk full");
        told[1].Text.ShouldContain("is not in it (here: disk full)");

        var back = run.Journal.Runs().Select(r => FirstInput(run.Journal, r.Run)).OfType<JournalStatus>().ShouldHaveSingleItem();
        back.IsWritable.ShouldBeTrue();
        run.Journal.Records.Where(r => r.Kind == JournalRecordKind.Input).Select(r => r.Input.Control).ShouldNotContain(new JournalStatus(false, "here: disk full"));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void ReplayOverTheGap_ClaimsNoDivergenceAndGivesTheRecordedDecisions(int first, int count)
    {
        var run = new JournaledRun(begin: false);
        run.Journal.Fault = Unwritable(first, count);
        JournalScript.Play(run, () =>
        {
            for (var i = 0; run.Engine.JournalFailure is not null && i < 20; i++) run.Engine.AdvanceTo(run.Engine.Time + TimeSpan.FromSeconds(1.05));
        });

        run.Engine.Close();
        Replays.Derive(run.Journal.Records);
        foreach (var header in run.Journal.Runs())
        {
            var records = run.Journal.Inputs(header.Run).ToArray();
            var derived = Replays.Derive(records).Decisions.ToDictionary(d => d.Number);
            foreach (var recorded in run.Journal.Decisions(header.Run))
            {
                // A timer's decision may be in the journal without the input whose coming fired it.
                if (derived.TryGetValue(recorded.Number, out var same)) same.ShouldBe(recorded);
                else recorded.Cause.At.ShouldBeGreaterThan(records.Last(r => r.Kind != JournalRecordKind.Input || r.Origin == InputOrigin.Outside).Stamp.At);
            }
        }
    }

    [Fact]
    public void WithheldPlacement_IsRefusedToTheEngineAfterItWasTold()
    {
        var run = new JournaledRun();
        run.Journal.Fault = Unwritable(run.Journal.CallCount + 1, int.MaxValue / 2);
        run.Take(0.4, JournaledRun.Rate());
        run.Effects.Select(e => e.Body switch { Alert alert => alert.Subject, OrderIntent intent => $"{intent.Kind} {intent.ClientOrderId}", _ => "?" })
            .ShouldBe(["journal down", "Cancel o1", "order"]);
        ((Alert)run.Effects[^1].Body).Text.ShouldBe("o1 Rejected: withheld: the journal cannot be written (here: disk full)");
    }

    [Fact]
    public void WhileDown_NothingThatCostsMoneyLeaves()
    {
        var run = new JournaledRun();
        run.Journal.Fault = Unwritable(run.Journal.CallCount + 1, int.MaxValue / 2);
        for (var i = 1; i < 40; i++) run.Take(i * 0.4, i % 5 == 0 ? JournaledRun.Sized(0.3) : JournaledRun.Rate());
        run.Effects.ShouldNotContain(e => e.Body is HedgeIntent || e.Body is OrderIntent && ((OrderIntent)e.Body).Kind != OrderIntentKind.Cancel);
        run.Effects.Count(e => e.Body is Alert && ((Alert)e.Body).Subject == "journal down").ShouldBe(1);
    }

    [Fact]
    public void DownAtTheHour_ParametersChangedMeanwhileAreInTheRunThatComesBack()
    {
        var run = new JournaledRun();
        run.Take(0.2, JournaledRun.Rate());
        var from = run.Journal.CallCount + 1;
        run.Journal.Fault = _ => new JournalException(JournalFault.Unwritable, "disk full", "here");
        run.Take(0.4, JournaledRun.Sized(0.25));
        run.Take(2.3, JournaledRun.Rate());
        run.Journal.CallCount.ShouldBeGreaterThan(from);
        run.Journal.Fault = _ => null;
        run.Engine.AdvanceTo(run.At(4));
        var header = run.Journal.Runs().Last();
        (header.Run, header.NextSequence, header.Parameters.HedgeThresholdRatio).ShouldBe((2, 2, 0.25));
        run.Journal.Records.Last(r => r.Kind == JournalRecordKind.Input && r.Stamp.Sequence == 2).Input.Control.ShouldBeOfType<JournalStatus>()
            .Detail.ShouldBe($"the journal is written again; what came after {run.At(0.2)} and up to {header.StartedAt} is not in it (here: disk full)");
    }

    [Fact]
    public void TopologyThatPlacesAgainWhateverItIsTold_EndsInsteadOfHanging()
    {
        var run = new JournaledRun(begin: false);
        var stubborn = new JournaledEngine(_ => new Stubborn(), JournaledRun.Instruments, JournaledRun.Parameters, EngineStart.Fresh(run.StartedAt),
            new RunIdentity("1", "test", "none", TradingMode.Shadow), run.Journal, run);
        run.Journal.Fault = _ => new JournalException(JournalFault.Unwritable, "disk full", "here");
        Should.Throw<InvalidOperationException>(() => stubborn.Take(run.At(1), new Input(JournaledRun.Gas(1)))).Message.ShouldContain("placements do not settle");
        run.Effects.ShouldBeEmpty();
    }

    [Fact]
    public void FailureAtTheClose_IsTold()
    {
        var run = new JournaledRun();
        run.Journal.Fault = Unwritable(run.Journal.CallCount + 1, 1);
        run.Engine.Close();
        run.Engine.JournalFailure.ShouldBe("here: disk full");
    }

    private static Func<int, Exception?> Unwritable(int first, int count) =>
        call => call >= first && call < first + count ? new JournalException(JournalFault.Unwritable, "disk full", "here") : null;

    private static void Trade(JournaledRun run, HashSet<string> resting, Decision effect)
    {
        if (effect.Body is HedgeIntent or OrderIntent { Kind: not OrderIntentKind.Cancel })
        {
            run.Engine.JournalFailure.ShouldBeNull();
            run.Journal.IsFlushed(effect).ShouldBeTrue($"{effect} left unrecorded");
        }

        if (effect.Body is not OrderIntent intent) return;
        switch (intent.Kind)
        {
            case OrderIntentKind.Place:
                resting.Add(intent.ClientOrderId).ShouldBeTrue();
                break;
            case OrderIntentKind.Amend:
                resting.ShouldContain(intent.ClientOrderId);
                break;
            default:
                resting.Remove(intent.ClientOrderId);
                break;
        }
    }

    private static ControlMessage? FirstInput(MemoryJournal journal, long run)
    {
        var inputs = journal.Inputs(run).Where(r => r.Kind == JournalRecordKind.Input).ToArray();
        return inputs.Length == 0 ? null : inputs[0].Input.Control;
    }

    /// <summary>Answers everything with a placement.</summary>
    private sealed class Stubborn : ITopology
    {
        public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler) => new(
            inputs.Select(object (_) => new OrderIntent
            {
                Kind = OrderIntentKind.Place, Instrument = new InstrumentId(0), ClientOrderId = "o1", Side = Side.Buy, PriceTicks = 1, SizeLots = 1, IsPostOnly = true,
            }),
            Observable.Never<Input>(), () => Disposable.Empty);
    }
}
