using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Topology.Engine;
using Dmm.Wire.Journal;
using Timestamp = Dmm.Core.Timestamp;

namespace Dmm.Integration.Tests.Desk;

/// <summary>What a kill switch and a drawdown latch are worth over kills of the process: what set and ended them, and what came between.</summary>
internal static class LatchAudit
{
    /// <summary>
    /// Writes a command behind the journal of a desk that was killed, as the last input that it had taken before it died: a running desk cannot be
    /// given one from outside yet.
    /// </summary>
    public static void Order(string journal, OperatorAction action)
    {
        JournalPosition end;
        // What the kill has torn off is cut, as the next process would do.
        using (var writer = SegmentJournalWriter.Open(new() { Directory = journal })) end = writer.Position;
        using var encoder = new JournalEncoder(new SegmentJournalReader(journal).Runs().Last().Instruments);
        var line = new JournalBuffer();
        var command = new OperatorCommand(action, "ann", "the test orders it");
        encoder.Input(line, new(end.Sequence + 1, end.ReachedAt + Timestamp.Unit), new(command), InputOrigin.Outside);
        using var segment = new FileStream(Directory.GetFiles(journal, "inputs-*.jsonl").Order(StringComparer.Ordinal).Last(), FileMode.Append);
        segment.Write(line.Written);
    }

    /// <summary>While a latch held, every process began with it and none placed an order; afterwards orders were placed again.</summary>
    /// <param name="journal">All of the desk's runs.</param>
    /// <param name="restarts">Processes that began while each latch held.</param>
    public static void RequireExact(IJournalReader journal, int restarts)
    {
        var placed = journal.Runs().SelectMany(run => journal.Decisions(run.Run))
            .Where(decision => decision.Body is OrderIntent { Kind: OrderIntentKind.Place }).Select(decision => decision.Cause.Sequence).ToArray();
        var killed = (From: Commanded(journal, OperatorAction.Kill), To: Commanded(journal, OperatorAction.Reenable));
        Require(killed, run => StateSet.Read<KillSwitchState>(run.State, "kill-switch").IsKilled);
        placed.ShouldNotContain(killed.From, "the kill itself led to an order");
        var tripped = (From: Tripped(journal), To: Commanded(journal, OperatorAction.ResetDrawdown));
        Require(tripped, run => StateSet.Read<DrawdownGuardState>(run.State, "drawdown").IsTripped);
        killed.To.ShouldBeLessThan(tripped.From);
        placed.Where(sequence => sequence > killed.To && sequence < tripped.From).ShouldNotBeEmpty("nothing was quoted once the kill was ended");
        placed.Where(sequence => sequence > tripped.To).ShouldNotBeEmpty("nothing was quoted once the drawdown was accepted");

        void Require((long From, long To) latched, Func<RunHeader, bool> isLatched)
        {
            // Also one that begins right behind what set the latch. A run may roll on at a full hour besides.
            var begun = journal.Runs().Where(run => run.NextSequence > latched.From && run.NextSequence <= latched.To).ToArray();
            begun.Length.ShouldBeInRange(restarts, restarts + 1);
            begun.ShouldAllBe(run => isLatched(run));
            placed.Where(sequence => sequence > latched.From && sequence < latched.To).ShouldBeEmpty("an order was placed while the latch held");
        }
    }

    private static long Commanded(IJournalReader journal, OperatorAction action) => journal.InputsFrom(0L).Single(record =>
        record is { Kind: JournalRecordKind.Input, Input.Kind: InputKind.Control } && record.Input.Control is OperatorCommand command
            && command.Action == action).Stamp.Sequence;

    /// <summary>What tripped it may have led to orders before: the guard speaks before the quotes of that input do.</summary>
    private static long Tripped(IJournalReader journal) => journal.Runs().SelectMany(run => journal.Decisions(run.Run))
        .First(decision => decision.Body is BreakerState { Kind: BreakerKind.Drawdown, Demand: TradingState.Halted } guard
            && guard.Value >= guard.Threshold)
        .Cause.Sequence;
}
