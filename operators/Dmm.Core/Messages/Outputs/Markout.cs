namespace Dmm.Core.Messages;

/// <summary>How the mid moved after a fill: side·(mid after the horizon − fill price) in bps of the fill price; above zero is good for us.</summary>
public readonly record struct Markout(InstrumentId Instrument, string TradeId, Side Side, TimeSpan Horizon, double Bps);

/// <summary>Realised spread of a fill against the theoretical one it was quoted with, both bps.</summary>
public readonly record struct FillQuality(InstrumentId Instrument, string TradeId, double RealisedSpreadBps, double TheoreticalSpreadBps);
