using System.Globalization;
using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>The end of a swap of ours, as its trace shows it; amounts in the smallest units of each token.</summary>
/// <param name="IsExecuted">The pool paid, and it arrived.</param>
/// <param name="Side">Buy: base for TON.</param>
/// <param name="Base">What arrived of the base token (a buy), or was given (a sale), transfer tax included; nothing unless executed.</param>
/// <param name="Quote">TON that the pool took (a buy) or paid (a sale); nothing unless executed.</param>
/// <param name="GasNano">What our wallet lost beyond that, nanotons: fees, and the gas of the exchange and of the way back.</param>
/// <param name="TaxBps">What was kept of the base token on its way between us and the pool, bps rounded up; null where it made none.</param>
/// <param name="Reason">Why it was not executed; empty when it was.</param>
/// <param name="At">Unix time in seconds of the trace's last transaction.</param>
public sealed record PoolSwapSettlement(
    bool IsExecuted, Side Side, UInt128 Base, UInt128 Quote, Int128 GasNano, int? TaxBps, string Reason, uint At)
{
    private const int Whole = 10_000;

    /// <summary>Reads what became of a batch that is one swap (<see cref="PoolSwapMessages"/>).</summary>
    /// <param name="pool">Where: what other contracts say in the same words means nothing.</param>
    /// <param name="owner">Our wallet, and its jetton wallet of the base token.</param>
    /// <param name="order">What was asked for.</param>
    /// <param name="outcome">Of that batch.</param>
    public static PoolSwapSettlement Read(FoundPool pool, JettonHolder owner, SwapOrder order, TraceOutcome outcome)
    {
        // What the balance lost: what the legs moved, and fees.
        var lost = (Int128)(outcome.Sent + outcome.Fees).Nano - (Int128)outcome.Returned.Nano;
        if (outcome.Legs is not [var leg]) return Failed("the wallet sent nothing: its balance was too small");
        var (offered, asked) = order.Side == Side.Buy ? (pool.QuoteToken, (Address?)pool.BaseToken) : (pool.BaseToken, pool.QuoteToken);
        var swap = leg.Swaps.FirstOrDefault(s => s.Pool == pool.Pool && s.Offer == offered && s.Ask == asked);
        if (swap is null) return Failed($"it did not come to the pool: {leg.Kind}");
        if (!swap.IsDone) return Failed(swap.Reason);
        return order.Side == Side.Buy ? Bought() : new(
            true, Side.Sell, leg.Jettons.Asked, swap.AmountOut, lost + (Int128)swap.AmountOut, Tax(leg.Jettons.Asked, swap.AmountIn), "", outcome.At);

        PoolSwapSettlement Bought()
        {
            var arrived = leg.Jettons.TakenBy(owner.Wallet);
            return arrived == 0
                ? Failed("the pool paid, and nothing arrived at our jetton wallet")
                : new(true, Side.Buy, arrived, swap.AmountIn, lost - (Int128)swap.AmountIn, Tax(swap.AmountOut, arrived), "", outcome.At);
        }

        PoolSwapSettlement Failed(string reason)
        {
            var missing = order.Side == Side.Sell && outcome.Legs is [var back] ? Missing(back.Jettons, owner.Wallet) : 0;
            if (missing > 0) reason = string.Create(CultureInfo.InvariantCulture, $"{reason}; {missing} units of the base token did not come back");
            return new(false, order.Side, 0, 0, lost, null, reason, outcome.At);
        }
    }

    /// <summary>Of a sale that came back: a token with a tax keeps it on both ways.</summary>
    private static UInt128 Missing(TracedJettons jettons, Address wallet)
    {
        // What no jetton wallet took in never left ours.
        if (jettons.Taken.IsEmpty) return 0;
        var back = jettons.TakenBy(wallet);
        return back < jettons.Asked ? jettons.Asked - back : 0;
    }

    private static int? Tax(UInt128 sent, UInt128 arrived) =>
        sent == 0 || arrived > sent ? null : (int)(((sent - arrived) * Whole + sent - 1) / sent);
}
