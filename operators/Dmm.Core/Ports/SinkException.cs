namespace Dmm.Core.Ports;

public enum SinkFault : byte
{
    /// <summary>It cannot be written now (disk full, no permission, held by another process). Nothing is lost: the journal has it.</summary>
    Unwritable,

    /// <summary>What it holds is damaged, or is not ours.</summary>
    Damaged,

    /// <summary>Made by another version of the code; it was not touched.</summary>
    OtherVersion,
}

/// <summary>A sink that follows a journal cannot be used; the message names it, what is wrong, and what to do.</summary>
public sealed class SinkException(SinkFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public SinkFault Fault { get; } = fault;
}
