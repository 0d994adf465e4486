using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>Who trades at a generated market, and around which price. Immutable.</summary>
public sealed record FlowParameters
{
    /// <summary>The efficient price: what the asset is worth, seen at once by informed takers only.</summary>
    public PriceParameters Price { get; init; } = new() { InitialPrice = 1, VolatilityBps = 0.8, JumpsPerHour = 4, JumpSizeBps = 5 };

    public ProviderParameters Providers { get; init; } = new();

    public TakerParameters Takers { get; init; } = new();

    /// <summary>How far busy and quiet hours swing arrivals, jumps and volatility about their average.</summary>
    public double DailyAmplitude { get; init; } = 0.25;

    public void CollectFaults(ParameterFaults faults)
    {
        Price.CollectFaults(faults, "price");
        Providers.CollectFaults(faults);
        Takers.CollectFaults(faults);
        faults.Within("dailyAmplitude", DailyAmplitude, 0, 0.9, "");
    }

    /// <summary>This set, checked whole.</summary>
    /// <exception cref="ParameterException">Names every fault: parameter, value, permitted range.</exception>
    public FlowParameters Validated()
    {
        var faults = new ParameterFaults();
        CollectFaults(faults);
        faults.ThrowIfAny("market flow");
        return this;
    }
}
