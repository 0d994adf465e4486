using System.Globalization;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>The order of records, which writers keep and readers check: runs and sequences without a gap, time that only rises.</summary>
public static class JournalOrder
{
    /// <summary>Why a record cannot follow; null when it can. A journal that holds nothing may begin with any run.</summary>
    public static string? Fault(in JournalPosition before, in JournalLineHead next) => next.Kind switch
    {
        JournalKind.Run => RunFault(before, next),
        JournalKind.Clock when next.Sequence != before.Sequence =>
            Missing("input", before.Sequence, next.Sequence + 1)
                ?? Say($"a clock record after input {next.Sequence} follows input {before.Sequence}"),
        JournalKind.Clock when next.At < before.ReachedAt => Backwards(before, next),
        JournalKind.Clock => null,
        _ when next.IsDecision => next.Number == before.Decision + 1
            ? null
            : Missing("decision", before.Decision, next.Number) ?? Say($"decision {next.Number} follows decision {before.Decision}"),
        _ when next.Sequence != before.Sequence + 1 =>
            Missing("input", before.Sequence, next.Sequence) ?? Say($"input {next.Sequence} follows input {before.Sequence}"),
        _ when next.At <= before.ReachedAt => Backwards(before, next),
        _ => null,
    };

    /// <summary>How far the journal reaches with that record.</summary>
    public static JournalPosition After(in JournalPosition before, in JournalLineHead record) => record.Kind switch
    {
        JournalKind.Run => new(record.Run, record.Sequence, record.At, record.Number - 1),
        _ when record.IsDecision => before with { Decision = record.Number },
        _ => before with { Sequence = record.Sequence, ReachedAt = record.At },
    };

    /// <summary>Why a segment cannot begin with that record; null when its name tells the truth.</summary>
    public static string? Fault(in SegmentName segment, in JournalLineHead first) => first switch
    {
        { Kind: JournalKind.Run } when segment.Stream == JournalStream.Inputs =>
            first.Run == segment.Run && first.Sequence + 1 == segment.First ? null
                : Say($"begins with run {first.Run} and input {first.Sequence + 1}, other than its name says"),
        { Kind: JournalKind.Clock } => "begins with a clock record: expected a run or an input",
        { IsDecision: true } when segment.Stream == JournalStream.Decisions =>
            first.Number == segment.First ? null : Say($"begins with decision {first.Number}, other than its name says"),
        { IsDecision: false } when segment.Stream == JournalStream.Inputs =>
            first.Sequence == segment.First ? null : Say($"begins with input {first.Sequence}, other than its name says"),
        _ => Say($"a record of kind '{first.Kind}' does not belong there"),
    };

    private static string? RunFault(in JournalPosition before, in JournalLineHead next)
    {
        if (before.Run == 0) return next is { Run: >= 1, Sequence: >= 0, Number: >= 1 } ? null : "runs, inputs and decisions are counted from 1";
        if (next.Run == before.Run) return Say($"run {next.Run} begins twice");
        if (next.Run != before.Run + 1) return Missing("run", before.Run, next.Run) ?? Say($"run {next.Run} follows run {before.Run}");
        if (next.Sequence != before.Sequence)
        {
            return Missing("input", before.Sequence, next.Sequence + 1)
                ?? Say($"run {next.Run} begins with input {next.Sequence + 1}, but input {before.Sequence} is taken");
        }

        if (next.Number <= before.Decision) return Say($"run {next.Run} begins with decision {next.Number}, but decision {before.Decision} is taken");
        return next.At < before.ReachedAt ? Backwards(before, next) : null;
    }

    private static string? Missing(string what, long before, long next) =>
        next <= before + 1 ? null
        : next == before + 2 ? Say($"{what} {before + 1} is missing, between {before} and {next}")
        : Say($"{what}s {before + 1} to {next - 1} are missing, between {before} and {next}");

    private static string Backwards(in JournalPosition before, in JournalLineHead next) =>
        Say($"time runs backwards: {next.At} after {before.ReachedAt} was reached");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
