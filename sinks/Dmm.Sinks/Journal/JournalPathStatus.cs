namespace Dmm.Sinks.Journal;

/// <summary>Where records go.</summary>
public enum JournalPath : byte
{
    /// <summary>To the journal itself.</summary>
    Primary,

    /// <summary>To the local spool, until the journal has taken all of it.</summary>
    Spool,

    /// <summary>Nowhere: quoting halts.</summary>
    Neither,
}

/// <summary>Where a journal's records go now.</summary>
/// <param name="Path">Where.</param>
/// <param name="Reason">Why not to the journal itself; empty where they do.</param>
public sealed record JournalPathStatus(JournalPath Path, string Reason);
