namespace Dmm.Core;

/// <summary>How old a feed's data may be by exchange time.</summary>
/// <param name="WidenAfter">From this age on quotes widen.</param>
/// <param name="CancelAfter">From this age on they are cancelled, and the feed counts for nothing.</param>
public readonly record struct AgeLimits(TimeSpan WidenAfter, TimeSpan CancelAfter);
