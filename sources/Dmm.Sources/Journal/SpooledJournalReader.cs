using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sources.Journal;

/// <summary>
/// A journal with the spool that continues it: the journal's own records, then those that are only in the spool. While the journal cannot be read,
/// what is asked for comes from the spool where that reaches back far enough, and else the failure is thrown. A spool that is forwarded and removed
/// meanwhile ends an enumeration early: asked again, the journal has the rest.
/// </summary>
/// <param name="journal">Owned by the caller.</param>
/// <param name="spoolDirectory">The spool's folder, which is there only while it holds records.</param>
public sealed class SpooledJournalReader(IJournalReader journal, string spoolDirectory) : IJournalReader
{
    private static readonly Timestamp Latest = new(DateTime.MaxValue.Ticks);

    public IEnumerable<RunHeader> Runs()
    {
        var last = 0L;
        foreach (var run in Unless(journal.Runs, Begin() is not null))
        {
            last = run.Run;
            yield return run;
        }

        foreach (var run in Spooled(static spool => spool.Runs()))
            if (run.Run > last && !JournalContinuation.Is(run)) yield return run;
    }

    public long? RunAt(Timestamp at)
    {
        var spooled = Spooled(static spool => spool.Runs()).LastOrDefault(run => run.StartedAt <= at && !JournalContinuation.Is(run))?.Run;
        try
        {
            return journal.RunAt(at) is { } run ? Math.Max(run, spooled ?? 0) : spooled;
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable && (spooled is not null || Begin()?.StartedAt <= at))
        {
            return spooled ?? Begin()!.Run;
        }
    }

    public IEnumerable<JournalRecord> Inputs(long run) => IsSpooledWhole(run)
        ? Spooled(spool => spool.Inputs(run))
        : Joined(() => journal.Inputs(run), isCovered: false, (spool, _) => HasRun(spool, run) ? spool.Inputs(run) : []);

    public IEnumerable<JournalRecord> InputsFrom(long sequence) =>
        Joined(() => journal.InputsFrom(sequence), Begin()?.NextSequence - 1 <= sequence,
            (spool, from) => spool.InputsFrom(Math.Max(sequence, from)));

    public IEnumerable<JournalRecord> InputsFrom(Timestamp at) =>
        Joined(() => journal.InputsFrom(at), Begin()?.StartedAt <= at, (spool, _) => spool.InputsFrom(at));

    public IEnumerable<Decision> Decisions(long run) => IsSpooledWhole(run)
        ? Spooled(spool => spool.Decisions(run))
        : Joined(() => journal.Decisions(run), isCovered: false, (spool, _) => HasRun(spool, run) ? spool.Decisions(run) : []);

    public IEnumerable<Decision> DecisionsFrom(long number) =>
        Joined(() => journal.DecisionsFrom(number), Begin()?.NextDecision <= number, (spool, from) => DecisionsFrom(spool, Math.Max(number, from)));

    public DecisionShortfall? Shortfall(long run)
    {
        if (Runs().FirstOrDefault(header => header.Run == run + 1) is not { } next) return Known(run);
        var recorded = Decisions(run).Select(static decision => (long?)decision.Number).LastOrDefault()
            ?? Runs().First(header => header.Run == run).NextDecision - 1;
        return next.NextDecision - 1 == recorded ? null : new(recorded + 1, next.NextDecision - 1,
            $"run {run}: the record ends with decision {recorded}, but run {next.Run} begins with decision {next.NextDecision}");
    }

    private static bool HasRun(IJournalReader spool, long run) => spool.Runs().Any(header => header.Run == run);

    private static IEnumerable<Decision> DecisionsFrom(IJournalReader spool, long number)
    {
        var decisions = spool.Runs().SelectMany(run => spool.Decisions(run.Run));
        return decisions.Select(static decision => (long?)decision.Number).FirstOrDefault() is not { } first ? []
            : first <= number ? spool.DecisionsFrom(number)
            : decisions;
    }

    private static bool IsGone(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;

    /// <summary>A run that exists, and has lost nothing as far as is known.</summary>
    private DecisionShortfall? Known(long run) =>
        Runs().Any(header => header.Run == run) ? null : throw Absent(run);

    private JournalException Absent(long run)
    {
        var runs = Runs().Select(static header => header.Run).ToArray();
        return new(JournalFault.Disorder, runs.Length == 0 ? $"run {run} is not in the journal, which is empty"
            : $"run {run} is not in the journal, which holds runs {runs[0]} to {runs[^1]}");
    }

    /// <summary>Whether a run is in the spool from its header on, and not in the journal.</summary>
    private bool IsSpooledWhole(long run)
    {
        var isSpooled = Spooled(static spool => spool.Runs()).Any(header => header.Run == run && !JournalContinuation.Is(header));
        try
        {
            var last = journal.RunAt(Latest) ?? 0;
            if (run > last && !isSpooled) throw Absent(run);
            return run > last;
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable && isSpooled)
        {
            return true;
        }
    }

    private RunHeader? Begin() => Spooled(static spool => spool.Runs()).FirstOrDefault();

    /// <param name="first">From the journal.</param>
    /// <param name="isCovered">Whether the spool can stand in for all of it.</param>
    /// <param name="more">From the spool, given the last sequence that the journal gave.</param>
    private IEnumerable<JournalRecord> Joined(
        Func<IEnumerable<JournalRecord>> first, bool isCovered, Func<IJournalReader, long, IEnumerable<JournalRecord>> more)
    {
        var last = default(JournalRecord);
        foreach (var record in Unless(first, isCovered))
        {
            last = record;
            yield return record;
        }

        var begin = Begin();
        if (begin is null || (last.Stamp.At.IsKnown && begin.NextSequence - 1 > last.Stamp.Sequence)) yield break;
        foreach (var record in Spooled(spool => more(spool, last.Stamp.Sequence)))
            if (!IsGiven(last, record)) yield return record;
    }

    private static bool IsGiven(in JournalRecord last, in JournalRecord next)
    {
        if (next.Header is { } header && (JournalContinuation.Is(header) || last.Header?.Run >= header.Run)) return true;
        var order = next.Stamp.Sequence.CompareTo(last.Stamp.Sequence) is var bySequence && bySequence != 0
            ? bySequence : next.Stamp.At.CompareTo(last.Stamp.At);
        return order < 0 || (order == 0 && next.Header is null && last.Stamp.At.IsKnown);
    }

    private IEnumerable<Decision> Joined(
        Func<IEnumerable<Decision>> first, bool isCovered, Func<IJournalReader, long, IEnumerable<Decision>> more)
    {
        var last = 0L;
        foreach (var decision in Unless(first, isCovered))
        {
            last = decision.Number;
            yield return decision;
        }

        var begin = Begin();
        if (begin is null || (last > 0 && JournalContinuation.Is(begin) && begin.NextDecision > last + 1)) yield break;
        foreach (var decision in Spooled(spool => more(spool, last + 1)))
            if (decision.Number > last) yield return decision;
    }

    /// <summary>Ends where the journal cannot be read, if that may be.</summary>
    private static IEnumerable<T> Unless<T>(Func<IEnumerable<T>> records, bool mayEnd) =>
        Until(Deferred(records), e => mayEnd && e is JournalException { Fault: JournalFault.Unwritable });

    /// <summary>From the spool, if there is one; ends where it is removed meanwhile.</summary>
    private IEnumerable<T> Spooled<T>(Func<IJournalReader, IEnumerable<T>> read) =>
        Directory.Exists(spoolDirectory) ? Until(Deferred(() => read(new SegmentJournalReader(spoolDirectory))), IsGone) : [];

    /// <summary>A failure to begin is one of the first step.</summary>
    private static IEnumerable<T> Deferred<T>(Func<IEnumerable<T>> read)
    {
        foreach (var one in read()) yield return one;
    }

    private static IEnumerable<T> Until<T>(IEnumerable<T> records, Func<Exception, bool> isEnd)
    {
        using var all = records.GetEnumerator();
        while (true)
        {
            try
            {
                if (!all.MoveNext()) yield break;
            }
            catch (Exception e) when (isEnd(e))
            {
                yield break;
            }

            yield return all.Current;
        }
    }
}
