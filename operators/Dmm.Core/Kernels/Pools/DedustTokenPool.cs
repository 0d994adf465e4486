using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>
/// A volatile pool of DeDust of a base token that may carry a transfer tax (off each of its legs, ⌊amount·bps/10⁴⌋) against a quote token
/// without one. Amounts are in the smallest units of each. What is not known of its rounding: see <see cref="DedustProduct"/>.
/// </summary>
/// <param name="Base">Reserve of the base token.</param>
/// <param name="Quote">Reserve of the quote token.</param>
/// <param name="Fee">The pool's.</param>
/// <param name="TransferTaxBps">The base token's.</param>
public readonly record struct DedustTokenPool(BigInteger Base, BigInteger Quote, DedustFee Fee, int TransferTaxBps = 0) : ITokenPool
{
    private const int Whole = 10_000;

    public void CollectFaults(ParameterFaults faults)
    {
        Fee.CollectFaults(faults);
        faults.Within("pool.transferTaxBps", TransferTaxBps, 0, 100);
        foreach (var (name, reserve) in new[] { ("pool.base", Base), ("pool.quote", Quote) })
            faults.Require(name, reserve > 0 && reserve <= ConstantProduct.CoinsMax, $"= {reserve}", "above zero and at most 120 bits");
    }

    public double KeptBps => (double)Fee.Part / Fee.Whole * Whole + TransferTaxBps;

    public ITokenPool After(in PoolMove move) => this with { Base = move.ReserveBase, Quote = move.ReserveQuote };

    public ITokenPool Taxed(int bps) => this with { TransferTaxBps = bps };

    public PoolMove Move(Side side, BigInteger amount)
    {
        if (side == Side.Buy)
        {
            var bought = DedustProduct.Swap(Quote, Base, amount, Fee);
            return new(TransferTax.After(bought.Out, TransferTaxBps), amount, bought.Out, bought.ReserveOut, bought.ReserveIn);
        }

        var sold = DedustProduct.Swap(Base, Quote, TransferTax.After(amount, TransferTaxBps), Fee);
        return new(amount, sold.Out, sold.Out, sold.ReserveIn, sold.ReserveOut);
    }

    public BigInteger? QuoteToBuy(BigInteger amount) => DedustProduct.InputFor(Quote, Base, TransferTax.Before(amount, TransferTaxBps), Fee);

    public BigInteger LargestBuy(decimal price)
    {
        var (quote, amount) = PoolPrice.Ratio(price);
        return DedustProduct.LargestInput(Quote, Base, Fee, quote * (Whole - TransferTaxBps), amount * Whole);
    }

    public BigInteger LargestSale(decimal price)
    {
        var (quote, amount) = PoolPrice.Ratio(price);
        var arriving = DedustProduct.LargestInput(Base, Quote, Fee, amount * (Whole - TransferTaxBps), quote * Whole);
        return arriving == 0 ? 0 : TransferTax.Before(arriving, TransferTaxBps);
    }
}
