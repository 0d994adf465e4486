using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>A kind of market by name: its order flow, and what goes on around it. Immutable.</summary>
public sealed record MarketScenario
{
    public required string Name { get; init; }

    /// <summary>What the market is like, in a sentence for people.</summary>
    public required string Description { get; init; }

    public FlowParameters Flow { get; init; } = new();

    /// <summary>
    /// A second order book beside the first, whose makers do not look at each other: the books part, and a router has work. Null: one book.
    /// </summary>
    public PartingParameters? Parting { get; init; }

    /// <summary>A pool by DeDust's rules beside that by STON.fi's. Not where books part.</summary>
    public bool HasSecondPool { get; init; }

    public PoolArbitrageRules Arbitrage { get; init; } = new() { ThresholdBps = 25 };

    public PoolNoiseRules PoolNoise { get; init; } = new() { SwapsPerSecond = 0.05, MeanQuote = 15 };

    /// <summary>TON in USDT.</summary>
    public PriceParameters Reference { get; init; } = new() { InitialPrice = 3, VolatilityBps = 0.6, JumpsPerHour = 2, JumpSizeBps = 8 };

    public GasParameters Gas { get; init; } = new();

    /// <summary>This scenario, checked whole.</summary>
    /// <exception cref="ParameterException">Names every fault: parameter, value, permitted range.</exception>
    public MarketScenario Validated()
    {
        var faults = new ParameterFaults();
        Flow.CollectFaults(faults);
        Parting?.CollectFaults(faults);
        faults.Require("hasSecondPool", !HasSecondPool || Parting is null, "= true", "false where books part");
        Arbitrage.CollectFaults(faults);
        PoolNoise.CollectFaults(faults);
        Reference.CollectFaults(faults, "reference");
        Gas.CollectFaults(faults);
        faults.ThrowIfAny($"market '{Name}'");
        return this;
    }
}
