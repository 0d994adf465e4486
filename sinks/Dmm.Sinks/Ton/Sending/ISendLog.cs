using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Where a sender's records outlive it. One sender has it at a time.</summary>
public interface ISendLog
{
    /// <summary>All records, in order.</summary>
    IReadOnlyList<SendRecord> Read();

    /// <summary>Appends one, and returns when it outlives a power cut. After an exception nothing is known of it, and nothing more may be
    /// appended.</summary>
    void Append(SendRecord record);

    /// <summary>Puts others in place of all records, at once: after a crash or a power cut there are the old ones or these. As
    /// <see cref="Append"/> otherwise.</summary>
    void Rewrite(IReadOnlyList<SendRecord> records);
}
