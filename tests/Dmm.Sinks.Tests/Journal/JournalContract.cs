using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>What every implementation of the journal's ports must do. Each call of <see cref="NewJournal"/> gives an empty one.</summary>
public abstract class JournalContract
{
    protected abstract IJournalUnderTest NewJournal();

    /// <summary>How many generated journals are written and read; fewer where each is slow.</summary>
    protected virtual int Scripts => 40;

    protected interface IJournalUnderTest : IDisposable
    {
        IJournalWriter OpenWriter();

        IJournalReader OpenReader();
    }

    [Fact]
    public void EveryRecord_ReadBack_IsEqual()
    {
        using var journal = NewJournal();
        var expected = new List<string>();
        var decisions = new List<string>();
        using (var writer = journal.OpenWriter())
        {
            writer.BeginRun(JournalSamples.Header());
            expected.Add(JournalSamples.Text(new JournalRecord(JournalSamples.Header())));
            foreach (var input in JournalSamples.Inputs())
            {
                var stamp = Next(writer);
                var origin = stamp.Sequence % 3 == 0 ? InputOrigin.Feedback : InputOrigin.Outside;
                writer.Append(stamp, input, origin);
                expected.Add(JournalSamples.Text(new JournalRecord(stamp, input, origin)));
            }

            writer.AppendClock(writer.Position.ReachedAt + TimeSpan.FromSeconds(5));
            expected.Add(JournalSamples.Text(new JournalRecord(new Stamp(writer.Position.Sequence, writer.Position.ReachedAt))));
            foreach (var body in JournalSamples.DecisionBodies)
            {
                var decision = new Decision(writer.Position.Decision + 1, new(2, "refresh", JournalSamples.Start), body);
                writer.Append(decision);
                decisions.Add(JournalSamples.Text(decision));
            }
        }

        var reader = journal.OpenReader();
        reader.Inputs(1).Select(r => JournalSamples.Text(r)).ShouldBe(expected);
        reader.Decisions(1).Select(d => JournalSamples.Text(d)).ShouldBe(decisions);
        reader.Runs().Select(JournalSamples.Text).ShouldBe([JournalSamples.Text(JournalSamples.Header())]);
    }

    [Fact]
    public void AnythingWritten_OverRunsAndWriters_IsReadBackAndFoundByTimeAndSequence() =>
        Gen.Select(Script, Gen.Double[-0.1, 1.1]).Sample((steps, share) =>
        {
            using var journal = NewJournal();
            var written = Play(journal, steps);
            var reader = journal.OpenReader();
            var texts = written.Inputs.Select(r => JournalSamples.Text(r)).ToArray();
            var runs = written.Inputs.Where(r => r.Header is not null).Select(r => r.Header!).ToArray();

            reader.Runs().Select(r => r.Run).ShouldBe(runs.Select(r => r.Run));
            reader.InputsFrom(0).Select(r => JournalSamples.Text(r)).ShouldBe(texts);
            runs.SelectMany(run => reader.Inputs(run.Run)).Select(r => JournalSamples.Text(r)).ShouldBe(texts);
            runs.SelectMany(run => reader.Decisions(run.Run)).Select(d => JournalSamples.Text(d))
                .ShouldBe(written.Decisions.Select(d => JournalSamples.Text(d)));

            var end = written.Inputs[^1].Stamp;
            var at = JournalSamples.Start + (end.At - JournalSamples.Start) * share;
            reader.InputsFrom(at).Select(r => JournalSamples.Text(r))
                .ShouldBe(written.Inputs.Where(r => r.Stamp.At >= at).Select(r => JournalSamples.Text(r)));
            reader.RunAt(at).ShouldBe(runs.LastOrDefault(r => r.StartedAt <= at)?.Run);

            var sequence = Math.Max(0, (long)(end.Sequence * share));
            reader.InputsFrom(sequence).Select(r => JournalSamples.Text(r))
                .ShouldBe(written.Inputs.Where(r => r.Stamp.Sequence >= sequence).Select(r => JournalSamples.Text(r)));

            var number = Math.Max(1, (long)(written.Decisions.Count * share));
            reader.DecisionsFrom(number).Select(d => JournalSamples.Text(d))
                .ShouldBe(written.Decisions.Where(d => d.Number >= number).Select(d => JournalSamples.Text(d)));
        }, iter: Scripts, threads: 1);

    [Fact]
    public void WhatIsFlushed_IsReadWhileTheWriterGoesOn()
    {
        using var journal = NewJournal();
        using var writer = journal.OpenWriter();
        var reader = journal.OpenReader();
        writer.BeginRun(JournalSamples.Header());
        for (var i = 1; i <= 15; i++)
        {
            writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside);
            writer.Append(new Decision(i, new(i, null, JournalSamples.Start), new Alert(AlertLevel.Warning, "a", "b")));
            writer.Flush();
            reader.InputsFrom(i).Last().Stamp.Sequence.ShouldBe(i);
            reader.DecisionsFrom(i).Single().Number.ShouldBe(i);
        }
    }

    [Fact]
    public void Reopened_PositionIsWhereTheLastWriterStopped()
    {
        using var journal = NewJournal();
        JournalPosition position;
        using (var writer = journal.OpenWriter())
        {
            writer.Position.ShouldBe(default);
            writer.BeginRun(JournalSamples.Header(run: 1, sequence: 1, decision: 1));
            writer.Position.ShouldBe(new(1, 0, JournalSamples.Start, 0));
            for (var i = 0; i < 20; i++) writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside);
            writer.Append(new Decision(1, new(20, null, JournalSamples.Start), new Alert(AlertLevel.Warning, "a", "b")));
            writer.AppendClock(writer.Position.ReachedAt + TimeSpan.FromMinutes(1));
            position = writer.Position;
        }

        using (var writer = journal.OpenWriter())
        {
            writer.Position.ShouldBe(position);
            Should.Throw<InvalidOperationException>(() => writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside))
                .Message.ShouldBe("no run was begun");
            writer.BeginRun(JournalSamples.Header(2, 21, 2, position.ReachedAt));
        }

        using (var writer = journal.OpenWriter()) writer.Position.ShouldBe(position with { Run = 2 });
    }

    public static TheoryData<string, Action<IJournalWriter>> Disorder => new()
    {
        { "input 5 is missing, between 4 and 6", w => w.Append(new(6, Later(w)), new(JournalSamples.Trade), default) },
        { "inputs 5 to 7 are missing, between 4 and 8", w => w.Append(new(8, Later(w)), new(JournalSamples.Trade), default) },
        { "input 4 follows input 4", w => w.Append(new(4, Later(w)), new(JournalSamples.Trade), default) },
        { "time runs backwards: 2024-08-08T23:55:15.0303146Z after 2024-08-08T23:55:15.0303146Z was reached", w =>
            w.Append(new(5, w.Position.ReachedAt), new(JournalSamples.Trade), default) },
        { "time runs backwards: 2024-08-08T23:54:15.0303146Z after 2024-08-08T23:55:15.0303146Z was reached", w =>
            w.AppendClock(JournalSamples.Start) },
        { "decision 1 follows decision 2", w => w.Append(new Decision(1, new(4, null, JournalSamples.Start), JournalSamples.DecisionBodies[0])) },
        { "decision 3 is missing, between 2 and 4", w =>
            w.Append(new Decision(4, new(4, null, JournalSamples.Start), JournalSamples.DecisionBodies[0])) },
        { "decision 3 names input 5, but only 4 were taken", w =>
            w.Append(new Decision(3, new(5, null, JournalSamples.Start), JournalSamples.DecisionBodies[0])) },
        { "run 1 begins twice", w => w.BeginRun(JournalSamples.Header(1, 5, 3, Later(w))) },
        { "run 2 is missing, between 1 and 3", w => w.BeginRun(JournalSamples.Header(3, 5, 3, Later(w))) },
        { "inputs 5 to 6 are missing, between 4 and 7", w => w.BeginRun(JournalSamples.Header(2, 7, 3, Later(w))) },
        { "run 2 begins with input 4, but input 4 is taken", w => w.BeginRun(JournalSamples.Header(2, 4, 3, Later(w))) },
        { "run 2 begins with decision 2, but decision 2 is taken", w => w.BeginRun(JournalSamples.Header(2, 5, 2, Later(w))) },
        { "time runs backwards: 2024-08-08T23:54:15.0303146Z after 2024-08-08T23:55:15.0303146Z was reached", w =>
            w.BeginRun(JournalSamples.Header(2, 5, 3)) },
    };

    [Theory]
    [MemberData(nameof(Disorder), DisableDiscoveryEnumeration = true)]
    public void RecordThatDoesNotFollow_IsRefusedAndChangesNothing(string message, Action<IJournalWriter> append)
    {
        using var journal = NewJournal();
        using var writer = journal.OpenWriter();
        writer.BeginRun(JournalSamples.Header());
        for (var i = 0; i < 4; i++) writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside);
        for (var i = 1; i <= 2; i++) writer.Append(new Decision(i, new(4, null, JournalSamples.Start), JournalSamples.DecisionBodies[i]));
        writer.AppendClock(JournalSamples.Start + TimeSpan.FromMinutes(1));
        var before = writer.Position;

        Should.Throw<InvalidOperationException>(() => append(writer)).Message.ShouldBe(message);

        writer.Position.ShouldBe(before);
        writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside);
        writer.Append(new Decision(3, new(5, null, JournalSamples.Start), JournalSamples.DecisionBodies[3]));
        writer.Flush();
        journal.OpenReader().Inputs(1).Count().ShouldBe(7);
        journal.OpenReader().Decisions(1).Count().ShouldBe(3);
    }

    [Fact]
    public void RecordThatCannotBeWritten_IsRefusedAndChangesNothing()
    {
        using var journal = NewJournal();
        using var writer = journal.OpenWriter();
        writer.BeginRun(JournalSamples.Header());
        Should.Throw<IndexOutOfRangeException>(() =>
            writer.Append(Next(writer), new(JournalSamples.Trade with { Instrument = new(7) }), InputOrigin.Outside));
        Should.Throw<ArgumentException>(() => writer.Append(new Decision(1, new(0, null, JournalSamples.Start), 5)));
        Should.Throw<ArgumentException>(() => writer.BeginRun(JournalSamples.Header(2, 1, 1) with { State = "[]"u8.ToArray() }));
        writer.Position.ShouldBe(new(1, 0, JournalSamples.Start, 0));
        writer.Flush();
        journal.OpenReader().InputsFrom(0).Count().ShouldBe(1);
        journal.OpenReader().Decisions(1).ShouldBeEmpty();
    }

    [Fact]
    public void TwoWriters_TheSecondIsRefused()
    {
        using var journal = NewJournal();
        using (journal.OpenWriter()) Should.Throw<JournalException>(journal.OpenWriter).Fault.ShouldBe(JournalFault.Locked);
        journal.OpenWriter().Dispose();
    }

    [Fact]
    public void DecisionsLostInACrash_AreToldOnceTheNextRunCountsOn()
    {
        using var journal = NewJournal();
        using (var writer = journal.OpenWriter())
        {
            writer.BeginRun(JournalSamples.Header());
            writer.Append(Next(writer), new(JournalSamples.Trade), InputOrigin.Outside);
            writer.Append(new Decision(1, new(1, null, JournalSamples.Start), JournalSamples.DecisionBodies[6]));
            writer.Flush();
            journal.OpenReader().Shortfall(1).ShouldBeNull();
            writer.BeginRun(JournalSamples.Header(2, 2, 5, writer.Position.ReachedAt));
            writer.BeginRun(JournalSamples.Header(3, 2, 5, writer.Position.ReachedAt));
            writer.BeginRun(JournalSamples.Header(4, 2, 7, writer.Position.ReachedAt));
        }

        var reader = journal.OpenReader();
        (reader.Shortfall(1)?.First, reader.Shortfall(1)?.Last).ShouldBe((2, 4));
        reader.Shortfall(1)!.Value.Text.ShouldEndWith(": the record ends with decision 1, but run 2 begins with decision 5");
        reader.Shortfall(2).ShouldBeNull();
        (reader.Shortfall(3)?.First, reader.Shortfall(3)?.Last).ShouldBe((5, 6));
        reader.Shortfall(4).ShouldBeNull();
        reader.Decisions(1).Count().ShouldBe(1);
        reader.Decisions(3).ShouldBeEmpty();
    }

    [Fact]
    public void RunThatIsNotThere_IsNamed()
    {
        using var journal = NewJournal();
        using var writer = journal.OpenWriter();
        var reader = journal.OpenReader();
        reader.Runs().ShouldBeEmpty();
        reader.RunAt(JournalSamples.Start).ShouldBeNull();
        reader.InputsFrom(JournalSamples.Start).ShouldBeEmpty();
        reader.InputsFrom(0).ShouldBeEmpty();
        reader.DecisionsFrom(1).ShouldBeEmpty();
        Should.Throw<JournalException>(() => reader.Inputs(1).Count()).Reason.ShouldBe("run 1 is not in the journal, which is empty");
        writer.BeginRun(JournalSamples.Header(run: 5, sequence: 10, decision: 3));
        writer.Flush();
        Should.Throw<JournalException>(() => reader.Decisions(6).Count()).Reason.ShouldBe("run 6 is not in the journal, which holds runs 5 to 5");
        Should.Throw<JournalException>(() => reader.InputsFrom(8).Count())
            .Reason.ShouldBe("input 8 is not in the journal, which begins with input 10");
    }

    [Fact]
    public void LargeState_IsKept()
    {
        using var journal = NewJournal();
        var state = System.Text.Encoding.UTF8.GetBytes($"{{\"a\":[{string.Join(",", Enumerable.Range(0, 300_000))}]}}");
        using (var writer = journal.OpenWriter()) writer.BeginRun(JournalSamples.Header() with { State = state });
        journal.OpenReader().Runs().Single().State.Span.SequenceEqual(state).ShouldBeTrue();
        using (var writer = journal.OpenWriter()) writer.Position.Run.ShouldBe(1);
    }

    protected static Stamp Next(IJournalWriter writer) => new(writer.Position.Sequence + 1, Later(writer));

    private static Timestamp Later(IJournalWriter writer) => writer.Position.ReachedAt + TimeSpan.FromMilliseconds(7);

    private enum Step
    {
        Run,
        Reopen,
        Clock,
        Input,
        Decision,
        Flush,
    }

    private static readonly Gen<(Step Step, Input Input, Decision Decision, InputOrigin Origin)[]> Script = Gen.Select(
        Gen.Frequency((1, Gen.Const(Step.Run)), (1, Gen.Const(Step.Reopen)), (2, Gen.Const(Step.Clock)), (15, Gen.Const(Step.Input)),
            (8, Gen.Const(Step.Decision)), (2, Gen.Const(Step.Flush))),
        JournalGen.Input, JournalGen.Decision, JournalGen.Origin).Array[0, 60];

    /// <summary>Writes the script's records, with stamps and numbers that follow each other; gives back what must be read.</summary>
    private static (List<JournalRecord> Inputs, List<Decision> Decisions) Play(IJournalUnderTest journal,
        (Step Step, Input Input, Decision Decision, InputOrigin Origin)[] steps)
    {
        var inputs = new List<JournalRecord>();
        var decisions = new List<Decision>();
        var writer = journal.OpenWriter();
        BeginRun();
        foreach (var (step, input, decision, origin) in steps)
        {
            switch (step)
            {
                case Step.Run:
                    BeginRun();
                    break;
                case Step.Reopen:
                    writer.Dispose();
                    writer = journal.OpenWriter();
                    BeginRun();
                    break;
                case Step.Clock:
                    writer.AppendClock(Later(writer));
                    inputs.Add(new(new Stamp(writer.Position.Sequence, writer.Position.ReachedAt)));
                    break;
                case Step.Input:
                    var stamp = Next(writer);
                    writer.Append(stamp, input, origin);
                    inputs.Add(new(stamp, input, origin));
                    break;
                case Step.Decision:
                    var next = decision with { Number = writer.Position.Decision + 1,
                        Cause = decision.Cause with { Sequence = writer.Position.Sequence } };
                    writer.Append(next);
                    decisions.Add(next);
                    break;
                default:
                    writer.Flush();
                    break;
            }
        }

        writer.Dispose();
        return (inputs, decisions);

        void BeginRun()
        {
            var position = writer.Position;
            var header = JournalSamples.Header(position.Run + 1, position.Sequence + 1, position.Decision + 1,
                Timestamp.Max(JournalSamples.Start, position.ReachedAt));
            writer.BeginRun(header);
            inputs.Add(new(header));
        }
    }
}
