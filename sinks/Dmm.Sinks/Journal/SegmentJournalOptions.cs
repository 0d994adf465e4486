namespace Dmm.Sinks.Journal;

/// <summary>What a record outlives once it is flushed.</summary>
public enum JournalDurability : byte
{
    /// <summary>The end of the process, however it comes: the records are with the operating system.</summary>
    ProcessCrash,

    /// <summary>Also a power cut: each flush waits for the disk (fsync).</summary>
    PowerLoss,
}

/// <summary>Where and how segment files are written.</summary>
public sealed record SegmentJournalOptions
{
    /// <summary>Folder of one engine's journal; made when it is not there.</summary>
    public required string Directory { get; init; }

    public JournalDurability Durability { get; init; } = JournalDurability.ProcessCrash;

    /// <summary>A segment that has reached this size is followed by a new one.</summary>
    public long SegmentBytes { get; init; } = 256 * 1024 * 1024;
}
