namespace Dmm.Core.Ports;

public enum JournalFault : byte
{
    /// <summary>
    /// It cannot be written now (disk full, no permission, brokers away): quoting halts. What was accepted is kept, so that a later flush may
    /// succeed.
    /// </summary>
    Unwritable,

    /// <summary>Another writer owns it.</summary>
    Locked,

    /// <summary>A record is not what was written: checksum or grammar.</summary>
    Corrupt,

    /// <summary>Written in a schema version that this code does not know.</summary>
    UnknownVersion,

    /// <summary>Records are missing, doubled, or run backwards.</summary>
    Disorder,
}

/// <summary>The journal cannot be written or must not be believed.</summary>
/// <param name="fault">What the driver can act on.</param>
/// <param name="reason">In words; the message is <paramref name="place"/>, a colon and this.</param>
/// <param name="place">File and line (<c>inputs-….jsonl:17</c>), or topic, partition and offset; empty where none is known yet.</param>
/// <param name="inner">What the system said, if it did.</param>
public sealed class JournalException(JournalFault fault, string reason, string place = "", Exception? inner = null)
    : Exception(place.Length == 0 ? reason : $"{place}: {reason}", inner)
{
    public JournalFault Fault { get; } = fault;

    public string Reason { get; } = reason;

    public string Place { get; } = place;

    /// <summary>The same failure, with the place where it was met.</summary>
    public JournalException At(string place) => new(Fault, Reason, place, this);
}
