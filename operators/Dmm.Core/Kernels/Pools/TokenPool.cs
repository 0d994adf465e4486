using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>What a swap moved, in the smallest units of each token.</summary>
/// <param name="Pool">Afterwards.</param>
/// <param name="Base">What the trader got (a buy) or gave (a sell) of the base token, transfer tax included in the giving and taken off the
/// getting.</param>
/// <param name="Quote">What the trader gave (a buy) or got (a sell) of the quote token.</param>
/// <param name="PaidOut">What the pool itself paid to the trader, before any tax: what a minimum output is compared with.</param>
public readonly record struct TokenPoolTrade(TokenPool Pool, BigInteger Base, BigInteger Quote, BigInteger PaidOut);

/// <summary>
/// A constant-product pool of a base token that may carry a transfer tax (off each of its legs, ⌊amount·bps/10⁴⌋) against a quote token without one.
/// Amounts are in the smallest units of each.
/// </summary>
/// <param name="Base">Reserve of the base token.</param>
/// <param name="Quote">Reserve of the quote token.</param>
/// <param name="Fees">The pool's.</param>
/// <param name="TransferTaxBps">The base token's.</param>
public readonly record struct TokenPool(BigInteger Base, BigInteger Quote, PoolFees Fees, int TransferTaxBps = 0) : ITokenPool
{
    private const int Whole = 10_000;

    public void CollectFaults(ParameterFaults faults)
    {
        Fees.CollectFaults(faults);
        faults.Within("pool.transferTaxBps", TransferTaxBps, 0, 100);
        foreach (var (name, reserve) in new[] { ("pool.base", Base), ("pool.quote", Quote) })
            faults.Require(name, reserve > 0 && reserve <= ConstantProduct.CoinsMax, $"= {reserve}", "above zero and at most 120 bits");
    }

    /// <summary>Buys base with so much of the quote token.</summary>
    public TokenPoolTrade Buy(BigInteger quote)
    {
        var swap = ConstantProduct.Swap(Quote, Base, quote, Fees);
        return new(this with { Quote = swap.ReserveIn, Base = swap.ReserveOut }, AfterTax(swap.Out), quote, swap.Out);
    }

    /// <summary>Sells so much of the base token.</summary>
    public TokenPoolTrade Sell(BigInteger amount)
    {
        var swap = ConstantProduct.Swap(Base, Quote, AfterTax(amount), Fees);
        return new(this with { Base = swap.ReserveIn, Quote = swap.ReserveOut }, amount, swap.Out, swap.Out);
    }

    public double KeptBps => Fees.LpBps + Fees.ProtocolBps + Fees.ReferralBps + TransferTaxBps;

    public ITokenPool After(in PoolMove move) => this with { Base = move.ReserveBase, Quote = move.ReserveQuote };

    public ITokenPool Taxed(int bps) => this with { TransferTaxBps = bps };

    public PoolMove Move(Side side, BigInteger amount)
    {
        var trade = side == Side.Buy ? Buy(amount) : Sell(amount);
        return new(trade.Base, trade.Quote, trade.PaidOut, trade.Pool.Base, trade.Pool.Quote);
    }

    /// <summary>The smallest amount of the quote token for which at least so much base arrives; null when the pool cannot give it.</summary>
    public BigInteger? QuoteToBuy(BigInteger amount) => ConstantProduct.InputFor(Quote, Base, BeforeTax(amount), Fees);

    public BigInteger LargestBuy(decimal price)
    {
        var (quote, amount) = PoolPrice.Ratio(price);
        return ConstantProduct.LargestInput(Quote, Base, Fees, quote * (Whole - TransferTaxBps), amount * Whole);
    }

    public BigInteger LargestSale(decimal price)
    {
        var (quote, amount) = PoolPrice.Ratio(price);
        var arriving = ConstantProduct.LargestInput(Base, Quote, Fees, amount * (Whole - TransferTaxBps), quote * Whole);
        return arriving == 0 ? 0 : BeforeTax(arriving);
    }

    /// <summary>What arrives of an amount that is sent.</summary>
    public BigInteger AfterTax(BigInteger amount) => TransferTax.After(amount, TransferTaxBps);

    /// <summary>The smallest amount of which at least so much arrives.</summary>
    public BigInteger BeforeTax(BigInteger arriving) => TransferTax.Before(arriving, TransferTaxBps);
}
