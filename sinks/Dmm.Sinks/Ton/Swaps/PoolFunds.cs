using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>What a wallet has to trade with at a pool, as it was last read.</summary>
/// <param name="Ton">In the wallet.</param>
/// <param name="Jettons">Of the base token, smallest units.</param>
internal sealed record PoolFunds(Coins Ton, UInt128 Jettons)
{
    public decimal TonTokens => Tokens(Ton.Nano);

    public decimal JettonTokens => Tokens(Jettons);

    /// <summary>Why quotes of one side cannot all be carried out; empty where they can.</summary>
    /// <param name="side">Theirs.</param>
    /// <param name="needed">Tokens: of TON for bids, of the base token for asks.</param>
    /// <param name="beside">TON that must be there beside it: what goes along with a swap, and what is to be left.</param>
    public string Shortage(Side side, decimal needed, Coins beside)
    {
        if (Ton < beside) return $"the wallet has {Ton} TON: expected {beside} for gas and what is to be left";
        var (has, what) = side == Side.Buy ? (Tokens((Ton - beside).Nano), "TON beside gas") : (Tokens(Jettons), "of the base token");
        return needed <= has ? "" : FormattableString.Invariant($"the wallet has {has.Canonical()} {what}: expected {needed.Canonical()} for all quotes of that side");
    }

    public bool Covers(PoolTake take, Coins beside) => take.Side == Side.Buy
        ? Ton.Nano >= beside.Nano && (BigInteger)(Ton - beside).Nano >= take.Amount
        : Ton >= beside && (BigInteger)Jettons >= take.Amount;

    private static decimal Tokens(UInt128 units) => (decimal)(BigInteger)units / PoolSwapHistory.UnitsPerToken;
}
