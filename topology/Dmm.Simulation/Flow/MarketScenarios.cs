using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// The markets that can be chosen by name. All trade DCT at about 1 USDT; calm is made for a desk that quotes 6 bps to either side at 10 bps over
/// 120 s.
/// </summary>
public static class MarketScenarios
{
    public static readonly MarketScenario Calm = new()
    {
        Name = "calm",
        Description = "Little volatility, mostly uninformed takers, other makers at 10 bps: a maker earns its spread.",
    };

    public static readonly MarketScenario Trending = Calm with
    {
        Name = "trending",
        Description = "The price drifts by 12 bps in 100 s for some quarter of an hour, then turns; takers follow: inventory builds up against it.",
        Flow = new()
        {
            Price = new()
            {
                InitialPrice = 1, VolatilityBps = 0.8, DriftBps = 0.12, DriftTurnsAfter = TimeSpan.FromMinutes(15), JumpsPerHour = 4, JumpSizeBps = 5,
            },
            Takers = new() { FollowingShare = 0.3, InformedShare = 0.1 },
        },
    };

    public static readonly MarketScenario Toxic = Calm with
    {
        Name = "toxic",
        Description = "Most takers know of a jump before other makers have moved: fills are followed by moves against them.",
        Flow = new()
        {
            Price = new() { InitialPrice = 1, VolatilityBps = 0.7, JumpsPerHour = 15, JumpSizeBps = 30 },
            Providers = new() { HalfSpreadBps = 15, Pause = TimeSpan.FromMilliseconds(900), Lag = TimeSpan.FromMilliseconds(1_500) },
            Takers = new()
            {
                BaseRate = 0.6, BranchingRatio = 0.4, Decay = 1, ArrivalSensitivity = 0.3, Size = 40, InformedShare = 0.85, InformedThresholdBps = 1,
                InformedSize = 400,
            },
        },
        Arbitrage = new() { ThresholdBps = 3 }, PoolNoise = new() { SwapsPerSecond = 0.01 },
    };

    public static readonly MarketScenario Volatile = Calm with
    {
        Name = "volatile",
        Description = "Three times the volatility of calm, jumps of 15 bps, takers in bursts that reach far: spreads are wide.",
        Flow = new()
        {
            Price = new() { InitialPrice = 1, VolatilityBps = 2.4, JumpsPerHour = 20, JumpSizeBps = 15 },
            Providers = new() { HalfSpreadBps = 40, LevelGapBps = 8, Pause = TimeSpan.FromMilliseconds(500) },
            Takers = new() { BaseRate = 0.2, BranchingRatio = 0.6, Decay = 1, ArrivalSensitivity = 0.05, Size = 80, InformedShare = 0.1 },
        },
        Arbitrage = new() { ThresholdBps = 20 }, PoolNoise = new() { SwapsPerSecond = 0.07, MeanQuote = 25 },
        Reference = new() { InitialPrice = 3, VolatilityBps = 1.8, JumpsPerHour = 10, JumpSizeBps = 15 },
    };

    public static readonly MarketScenario Thin = Calm with
    {
        Name = "thin",
        Description = "Few takers, and two other makers with little size at 25 bps.",
        Flow = new()
        {
            Price = new() { InitialPrice = 1, VolatilityBps = 0.6, JumpsPerHour = 2, JumpSizeBps = 8 },
            Providers = new() { Count = 2, Levels = 3, HalfSpreadBps = 24, LevelGapBps = 10, Size = 80, DepthDecay = 0 },
            Takers = new() { BaseRate = 0.03, BranchingRatio = 0.3, ArrivalSensitivity = 0.1, Size = 40 },
        },
        Arbitrage = new() { ThresholdBps = 30 }, PoolNoise = new() { SwapsPerSecond = 0.005, MeanQuote = 8 },
    };

    public static readonly MarketScenario GasSpike = Calm with
    {
        Name = "gas-spike",
        Description = "Calm, but from the second minute on gas costs six times as much for four minutes, every half hour.",
        Gas = new() { SpikeMultiple = 6 },
    };

    public static readonly MarketScenario Lively = Calm with
    {
        Name = "lively",
        Description = "Calm, with a small taker every second: to see fills, and what comes after them, without waiting.",
        Flow = Calm.Flow with
        {
            Price = Calm.Flow.Price with { VolatilityBps = 0.5, JumpsPerHour = 0 },
            Takers = new()
            {
                BaseRate = 1, BranchingRatio = 0.3, Decay = 2, ArrivalSensitivity = 0.05, Size = 15, InformedShare = 0.02, InformedSize = 20,
            },
        },
    };

    public static readonly MarketScenario Parting = Calm with
    {
        Name = "parting",
        Description = "Two order books whose makers do not look at each other, up to 140 bps apart for some seconds, and the pool: work for the router.",
        Parting = new() { DistanceBps = 70, Stay = TimeSpan.FromSeconds(15), Share = 0.5 },
    };

    public static readonly MarketScenario TwoPools = Calm with
    {
        Name = "two-pools",
        Description = "Calm, with pools of both exchanges: one by STON.fi's rules, and one by DeDust's, each with traders of its own.",
        HasSecondPool = true,
        PoolNoise = new() { SwapsPerSecond = 0.1, MeanQuote = 25 },
    };

    /// <summary>All of them, calm first.</summary>
    public static readonly ImmutableArray<MarketScenario> All = [Calm, Trending, Toxic, Volatile, Thin, GasSpike, Lively, Parting, TwoPools];

    /// <exception cref="ParameterException">There is none of that name; the message names those that there are.</exception>
    public static MarketScenario Named(string name)
    {
        if (All.FirstOrDefault(s => s.Name == name) is { } found) return found;
        throw new ParameterException("market", [$"'{name}' is not known: expected {string.Join(", ", All.Select(s => s.Name))}"]);
    }
}
