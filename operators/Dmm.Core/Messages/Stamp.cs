namespace Dmm.Core.Messages;

/// <summary>What the driver put on an input as it took it: both parts rise strictly over a run, and across runs.</summary>
/// <param name="Sequence">Counts inputs, from 1.</param>
/// <param name="At">The engine clock's time of the input.</param>
public readonly record struct Stamp(long Sequence, Timestamp At);

/// <summary>A message with the stamp under which it entered the engine.</summary>
public readonly record struct Stamped<T>(Stamp Stamp, T Value);

/// <summary>Why an output came to be: the input with that sequence number, or the named timer that fell due.</summary>
/// <param name="Sequence">The last input taken; the cause itself when <paramref name="Timer"/> is null.</param>
/// <param name="Timer">Name of the timer, or null.</param>
/// <param name="At">The input's stamp, or the timer's due time.</param>
public readonly record struct Cause(long Sequence, string? Timer, Timestamp At);
