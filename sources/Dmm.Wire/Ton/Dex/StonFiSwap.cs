namespace Dmm.Wire.Ton;

/// <summary>One swap of a STON.fi pool as it happened, of either version; amounts in the smallest units of each token.</summary>
/// <param name="OfferWallet">The router's jetton wallet of what came in.</param>
/// <param name="AmountIn">What came into the pool.</param>
/// <param name="AskWallet">The router's jetton wallet of what went out.</param>
/// <param name="AmountOut">What the pool paid to the receiver; nothing when the input went back.</param>
/// <param name="Receiver">Who is paid: of a swap over two pools of different routers, the next router.</param>
/// <param name="Sender">Who sent the input.</param>
/// <param name="ExitCode">What the pool says of it.</param>
/// <param name="IsDone">Otherwise the input went back.</param>
public sealed record StonFiSwap(
    Address OfferWallet, UInt128 AmountIn, Address AskWallet, UInt128 AmountOut, Address Receiver, Address Sender, uint ExitCode, bool IsDone)
{
    /// <summary>
    /// Reads a transaction of a pool: what came in, and what went out because of it. Null when it is no swap, or a body is not of its form: whoever
    /// reads a chain reads what strangers wrote. Nothing is said of who sent the message: that the pool is one, and that its router sent it, is the
    /// caller's to know.
    /// </summary>
    /// <param name="came">The body of the message that the transaction answers.</param>
    /// <param name="sent">The bodies of the messages that it sent.</param>
    public static StonFiSwap? Read(Cell came, IReadOnlyList<Cell> sent)
    {
        try
        {
            return BodyOps.Of(came) switch
            {
                StonFiV1PoolSwap.Op => ReadV1(StonFiV1PoolSwap.Read(came), sent),
                StonFiV2PoolSwap.Op => ReadV2(StonFiV2PoolSwap.Read(came), sent),
                _ => null,
            };
        }
        catch (CellException)
        {
            return null;
        }
    }

    private static StonFiSwap? ReadV1(StonFiV1PoolSwap swap, IReadOnlyList<Cell> sent)
    {
        foreach (var body in sent)
        {
            if (BodyOps.Of(body) != StonFiV1PayTo.Op) continue;
            var paid = StonFiV1PayTo.Read(body);
            if (paid.ExitCode == StonFiV1PayTo.SwapOkReferral) continue;
            var ask = paid.Wallet0 == swap.OfferWallet ? paid.Wallet1 : paid.Wallet0;
            var isDone = paid.ExitCode == StonFiV1PayTo.SwapOk;
            var amountOut = isDone ? ask == paid.Wallet0 ? paid.Amount0 : paid.Amount1 : 0;
            return new(swap.OfferWallet, swap.Amount, ask, amountOut, paid.Owner, swap.Sender, paid.ExitCode, isDone);
        }

        return null;
    }

    private static StonFiSwap? ReadV2(StonFiV2PoolSwap swap, IReadOnlyList<Cell> sent)
    {
        foreach (var body in sent)
        {
            if (BodyOps.Of(body) != StonFiV2PayTo.Op) continue;
            var paid = StonFiV2PayTo.Read(body);
            var isFirst = swap.Amount0 > 0;
            var (offer, ask) = isFirst ? (paid.Wallet0, paid.Wallet1) : (paid.Wallet1, paid.Wallet0);
            var isDone = paid.ExitCode == StonFiV2Exits.SwapOk;
            var amountOut = isDone ? isFirst ? paid.Amount1 : paid.Amount0 : 0;
            return new(offer, isFirst ? swap.Amount0 : swap.Amount1, ask, amountOut, paid.To, swap.Sender, paid.ExitCode, isDone);
        }

        return null;
    }
}
