using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dmm.Core;

/// <summary>Everything that a desk may set on the quoting pipeline of one asset. Immutable; a change enters the engine as an input.</summary>
public sealed record QuotingParameters
{
    /// <summary>Ten seconds of replay. Most desks take fewer in the hour after which a run ends anyway.</summary>
    public const int DefaultInputsPerRun = 250_000;

    public QuoteParameters Quote { get; init; } = new();

    public VolatilityParameters Volatility { get; init; } = new();

    public InventoryParameters Inventory { get; init; } = new();

    public BreakerParameters Breakers { get; init; } = new();

    public ToxicityParameters Toxicity { get; init; } = new();

    public OrderParameters Orders { get; init; } = new();

    /// <summary>The cross-venue router's; null leaves it off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RouterParameters? Router { get; init; }

    /// <summary>One entry for each instrument of the catalogue, in its order.</summary>
    public required ImmutableArray<VenueParameters> Venues { get; init; }

    /// <summary>q_hedge as a multiple of q_soft.</summary>
    public double HedgeThresholdRatio { get; init; } = 0.8;

    /// <summary>
    /// Inputs after which a run of the journal ends and the next begins: the most that a recovery has to replay. Null stands for
    /// <see cref="DefaultInputsPerRun"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? InputsPerRun { get; init; }

    /// <summary>Assets that count as one numeraire (USD) each; any other quote asset needs a reference rate.</summary>
    public ImmutableArray<string> NumeraireAssets { get; init; } = ["USD", "USDT", "USDC"];

    /// <summary>The specification's baseline for DCT.</summary>
    public static QuotingParameters Dct(params IEnumerable<VenueParameters> venues) => new() { Venues = [.. venues] };

    /// <summary>The set used on the recorded BTC captures.</summary>
    public static QuotingParameters Btc(params IEnumerable<VenueParameters> venues) => new()
    {
        Quote = new()
        {
            ArrivalSensitivity = 2.0, Horizon = TimeSpan.FromSeconds(10), SkewBps = 0.5, FloorOverFeesBps = 1, CalmFloorReductionBps = 1,
            HalfSpreadCapBps = 50, MaximumQuoteSize = 0.5m,
        },
        Volatility = new() { MinBps = 0.5, HalfLife = TimeSpan.FromSeconds(60) },
        Inventory = new() { CirculatingFloat = 125m, Target = 0m, Starting = 0m },
        Breakers = new() { DiscrepancyBps = 20, SlippageBps = 10, DrawdownLimit = 5_000m },
        Orders = new() { PriceToleranceBps = 0.2 },
        Toxicity = new() { VpinBucketVolume = 10m },
        Venues = [.. venues],
    };

    /// <summary>The instruments that only inform the fair value.</summary>
    public IReadOnlyCollection<InstrumentId> Informing(InstrumentCatalog instruments) =>
        [.. instruments.All.Where(i => !Venues[i.Id.Index].IsQuoted).Select(i => i.Id)];

    /// <summary>This set, checked whole against the catalogue.</summary>
    /// <exception cref="ParameterException">Names every fault: parameter, value, permitted range.</exception>
    public QuotingParameters Validated(InstrumentCatalog instruments)
    {
        var faults = new ParameterFaults();
        Quote.CollectFaults(faults);
        Volatility.CollectFaults(faults);
        Inventory.CollectFaults(faults);
        Breakers.CollectFaults(faults);
        Toxicity.CollectFaults(faults);
        Orders.CollectFaults(faults);
        Router?.CollectFaults(faults);
        faults.Within("hedgeThresholdRatio", HedgeThresholdRatio, 0.01, 10, "× q_soft");
        if (InputsPerRun is { } inputs) faults.Within("inputsPerRun", (double)inputs, 500, 10_000_000, "inputs");
        foreach (var venue in Venues) venue.CollectFaults(faults, Breakers);
        faults.Require("venues", Venues.Select(v => v.Instrument).SequenceEqual(instruments.All.Select(i => i.Name)),
            $"= [{string.Join(", ", Venues.Select(v => v.Instrument))}]", $"one entry for each instrument, in order: {string.Join(", ", instruments.All.Select(i => i.Name))}");
        faults.ThrowIfAny("parameters");
        return this;
    }
}
