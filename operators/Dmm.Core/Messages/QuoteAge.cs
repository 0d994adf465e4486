namespace Dmm.Core.Messages;

/// <summary>
/// How long one of our quotes rested: told once an order, at its first fill (<paramref name="IsFilled"/>), or when it ended without any, mostly by
/// our own cancel. The latter says only that the time to fill is longer: a censored observation.
/// </summary>
public readonly record struct QuoteAge(InstrumentId Instrument, TimeSpan Age, bool IsFilled);
