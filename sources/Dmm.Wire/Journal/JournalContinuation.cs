using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>
/// The first record of a spool that begins in the middle of a run: the run's header, with what comes next in place of what came first, and a mark in
/// place of the engine's state. It is never forwarded.
/// </summary>
public static class JournalContinuation
{
    private static ReadOnlySpan<byte> Mark => "{\"continuation\":true}"u8;

    /// <param name="header">The run's own header.</param>
    /// <param name="reached">How far the journal reaches that the spool continues.</param>
    public static RunHeader Of(RunHeader header, in JournalPosition reached) => header with
    {
        StartedAt = reached.ReachedAt,
        NextSequence = reached.Sequence + 1,
        NextDecision = reached.Decision + 1,
        State = Mark.ToArray(),
    };

    public static bool Is(RunHeader header) => header.State.Span.SequenceEqual(Mark);
}
