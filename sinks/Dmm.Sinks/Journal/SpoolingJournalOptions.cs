using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>What a <see cref="SpoolingJournal"/> is made of.</summary>
public sealed record SpoolingJournalOptions
{
    /// <summary>
    /// Opens the journal itself, away from the thread of the one who writes: asked at the start, and once a second while it has not been opened.
    /// </summary>
    public required Func<Task<IResumableJournal>> OpenPrimary { get; init; }

    /// <summary>The spool: a folder of one asset on one machine, which is there only while it holds records.</summary>
    public required SegmentJournalOptions Spool { get; init; }

    /// <summary>Reads segment files in a folder.</summary>
    public required Func<string, IJournalReader> ReadSpool { get; init; }

    /// <summary>Told of each change, on the thread of the one who writes.</summary>
    public required Action<JournalPathStatus> OnStatus { get; init; }

    public required TimeProvider Time { get; init; }
}
