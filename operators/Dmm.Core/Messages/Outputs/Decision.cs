namespace Dmm.Core.Messages;

/// <summary>One output of the engine that is recorded and compared on replay: what, when and why.</summary>
/// <param name="Number">Counts decisions from 1, on over runs.</param>
/// <param name="Cause">Input or timer that led to it.</param>
/// <param name="Body">A <see cref="QuoteTarget"/>, <see cref="OrderIntent"/>, <see cref="BreakerState"/>, <see cref="TradingStateChange"/>,
/// <see cref="HedgeIntent"/>, <see cref="TreasuryIntent"/>, <see cref="Alert"/>, <see cref="VolatilitySnapshot"/>, <see cref="InventorySnapshot"/>,
/// <see cref="PnlSnapshot"/>, <see cref="Markout"/>, <see cref="Toxicity"/>, <see cref="RouteIntent"/>, <see cref="RouteLegSent"/> or
/// <see cref="RouteOutcome"/>.</param>
public readonly record struct Decision(long Number, Cause Cause, object Body);

/// <summary>The volatility estimate at a refresh, kept for audit.</summary>
public sealed record VolatilitySnapshot(double VarianceRate, double RawVolatilityBps, double VolatilityBps, bool IsReady);
