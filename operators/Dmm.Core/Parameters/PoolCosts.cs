using Dmm.Core.Kernels;

namespace Dmm.Core;

/// <summary>What a pool and its token keep of a swap, bps; whoever takes there has to know.</summary>
public sealed record PoolCosts
{
    /// <summary>Stays in the pool.</summary>
    public int LpFeeBps { get; init; } = 20;

    /// <summary>Leaves it.</summary>
    public int ProtocolFeeBps { get; init; } = 10;

    /// <summary>The base token's.</summary>
    public int TransferTaxBps { get; init; }

    /// <summary>Of the price of a buy that reaches the trader, likewise of a sale: the rest is fee and tax.</summary>
    public double Kept => (1 - LpFeeBps * 1e-4) * (1 - ProtocolFeeBps * 1e-4) * (1 - TransferTaxBps * 1e-4);

    public PoolFees Fees => new(LpFeeBps, ProtocolFeeBps);

    public void CollectFaults(ParameterFaults faults, string name)
    {
        faults.Within($"{name}.lpFeeBps", LpFeeBps, 0, 1_000);
        faults.Within($"{name}.protocolFeeBps", ProtocolFeeBps, 0, 1_000);
        faults.Within($"{name}.transferTaxBps", TransferTaxBps, 0, 100);
    }
}
