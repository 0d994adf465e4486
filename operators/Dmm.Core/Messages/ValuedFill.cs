namespace Dmm.Core.Messages;

/// <summary>A fill's price in the numeraire per base asset, so that it can be held against a fair value.</summary>
public readonly record struct ValuedFill(InstrumentId Instrument, Side Side, double Price);
