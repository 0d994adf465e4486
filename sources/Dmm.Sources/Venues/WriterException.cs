namespace Dmm.Sources;

/// <summary>What the writer threw, told apart from what a venue or a network did.</summary>
internal sealed class WriterException(Exception fault) : Exception(fault.Message, fault);
