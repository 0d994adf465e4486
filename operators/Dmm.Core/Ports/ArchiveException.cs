namespace Dmm.Core.Ports;

public enum ArchiveFault : byte
{
    /// <summary>It cannot be written now (disk full, no permission, held by another process). Nothing is lost: the journal has it.</summary>
    Unwritable,

    /// <summary>Its file is damaged, or is no archive.</summary>
    Damaged,

    /// <summary>Made by another version of the code; it was not touched.</summary>
    OtherVersion,
}

/// <summary>An archive cannot be used; the message names it, what is wrong, and what to do.</summary>
public sealed class ArchiveException(ArchiveFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ArchiveFault Fault { get; } = fault;
}
