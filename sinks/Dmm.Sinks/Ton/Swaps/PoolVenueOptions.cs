using Dmm.Core;

namespace Dmm.Sinks.Ton;

/// <summary>How a pool is traded.</summary>
public sealed record PoolVenueOptions
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    public required string Venue { get; init; }

    /// <summary>The base token's transfer tax as long as no swap of ours has shown another, bps.</summary>
    public int TransferTaxBps { get; init; }

    /// <summary>What a swap is reckoned to cost as long as none of ours was dearer, TON.</summary>
    public decimal SwapGasTon { get; init; } = 0.06m;

    /// <summary>
    /// How long after the block that was known the wallet may execute a swap, by the chain's time. What is executed later costs gas and does
    /// nothing; until then it cannot be called back.
    /// </summary>
    public TimeSpan SwapLifetime { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How much longer the pool takes it, which is a few blocks behind the wallet.</summary>
    public TimeSpan PoolGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A look at the pool that is older than that sends no swap.</summary>
    public TimeSpan SightAgeMax { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How often the chain is asked what became of the swap in flight.</summary>
    public TimeSpan TurnEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the wallet's balances are read and told, while no swap is in flight.</summary>
    public TimeSpan BalancesEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing is sent after a swap that was refused, or that the chain did not take in its time.</summary>
    public TimeSpan RestAfterRefusal { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wallet's sender.</summary>
    public Wire.Ton.SenderOptions Sender { get; init; } = new();

    /// <exception cref="ParameterException">Names every fault.</exception>
    public PoolVenueOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Within("swaps.transferTaxBps", TransferTaxBps, 0, 100);
        faults.Within("swaps.swapGasTon", SwapGasTon, 0, 10, "TON");
        // Below the sender's shortest window nothing would ever be signed.
        faults.Within("swaps.swapLifetime", SwapLifetime, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5));
        faults.Within("swaps.poolGrace", PoolGrace, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        faults.Within("swaps.sightAgeMax", SightAgeMax, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1));
        faults.Within("swaps.turnEvery", TurnEvery, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(30));
        faults.Within("swaps.balancesEvery", BalancesEvery, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        faults.Within("swaps.restAfterRefusal", RestAfterRefusal, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.ThrowIfAny($"swaps at {Venue}");
        return this with { Sender = Sender.Checked() };
    }
}
