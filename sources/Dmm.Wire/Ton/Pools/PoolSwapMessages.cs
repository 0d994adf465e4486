using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>A swap of ours, as a pool of either exchange is asked for it.</summary>
/// <param name="Side">Buy: base for TON.</param>
/// <param name="Amount">Smallest units of what is paid.</param>
/// <param name="LeastOut">What the pool must pay before any tax, or the input comes back.</param>
/// <param name="Deadline">Unix time in seconds from which on the pool refuses it.</param>
/// <param name="QueryId">Comes back in what follows.</param>
public sealed record SwapOrder(Side Side, UInt128 Amount, UInt128 LeastOut, uint Deadline, ulong QueryId);

/// <summary>Our swaps as messages of our wallet, with the gas that the exchange's kit sends along: what is not used comes back.</summary>
public static class PoolSwapMessages
{
    /// <param name="pool">Where.</param>
    /// <param name="owner">Our wallet, and its jetton wallet of the base token.</param>
    /// <param name="order">What is asked for.</param>
    public static InternalMessage Of(FoundPool pool, JettonHolder owner, SwapOrder order) => pool switch
    {
        FoundStonFiPool { Place: var place } => StonFi(place, owner, order),
        FoundDedustPool { Place: var place } => OfDedust(place, owner, order),
        _ => throw new ArgumentException($"a pool of the kind {pool.GetType().Name}: expected one of STON.fi or DeDust", nameof(pool)),
    };

    /// <summary>Reads a message that <see cref="Of"/> made; null where it is none.</summary>
    public static SwapOrder? Read(Cell message)
    {
        try
        {
            return MessageBodies.Read(Message.Read(message).Body, out _) switch
            {
                PtonTransfer { Payload: { } payload } bought => Asked(payload, Side.Buy, bought.Amount.Nano, bought.QueryId),
                JettonTransfer sold => Asked(sold.Payload.Cell, Side.Sell, sold.Amount, sold.QueryId),
                DedustNativeSwap bought => new(Side.Buy, bought.Amount.Nano, bought.Step.Limit, bought.Params.Deadline, bought.QueryId),
                _ => null,
            };
        }
        catch (CellException)
        {
            return null;
        }
    }

    /// <summary>TON that goes along with a swap beside what is swapped.</summary>
    public static Coins Gas(FoundPool pool, Side side) => (pool, side) switch
    {
        (FoundStonFiPool, Side.Buy) => StonFiV2.TonSwapForward + PtonTransfer.Gas,
        (FoundStonFiPool, _) => StonFiV2.JettonSwapGas.Value,
        (_, Side.Buy) => Dedust.NativeSwapGas,
        _ => Dedust.JettonSwapGas.Value,
    };

    private static InternalMessage StonFi(StonFiV2Place place, JettonHolder owner, SwapOrder order)
    {
        var isBuy = order.Side == Side.Buy;
        var payload = new StonFiV2Swap
        {
            AskWallet = isBuy ? place.BaseWallet : place.QuoteWallet, Refund = owner.Address, Excesses = owner.Address, Deadline = order.Deadline,
            // Nobody referred us, so that nobody is paid for it.
            MinOut = order.LeastOut, Receiver = owner.Address, ReferralBps = 0,
        }.ToCell();
        if (!isBuy) return Sale(owner, order, place.Router, StonFiV2.JettonSwapGas, payload);
        var transfer = new PtonTransfer(order.QueryId, Coins.FromNano(order.Amount), owner.Address, payload);
        return new(place.QuoteWallet, transfer.Value(StonFiV2.TonSwapForward), transfer.ToCell());
    }

    private static InternalMessage OfDedust(DedustPlace place, JettonHolder owner, SwapOrder order)
    {
        var (step, all) = (new DedustStep(place.Pool, order.LeastOut), new DedustSwapParams(order.Deadline, owner.Address));
        if (order.Side == Side.Sell) return Sale(owner, order, place.BaseVault, Dedust.JettonSwapGas, new DedustJettonSwap(step, all).ToCell());
        var amount = Coins.FromNano(order.Amount);
        return new(Dedust.NativeVault, amount + Dedust.NativeSwapGas, new DedustNativeSwap(order.QueryId, amount, step, all).ToCell());
    }

    private static InternalMessage Sale(JettonHolder owner, SwapOrder order, Address to, (Coins Value, Coins Forward) gas, Cell payload) => new(
        owner.Wallet, gas.Value,
        new JettonTransfer(
            order.QueryId, order.Amount, to, owner.Address, CustomPayload: null, gas.Forward, ForwardPayload.InReference(payload)).ToCell());

    private static SwapOrder? Asked(Cell payload, Side side, UInt128 amount, ulong queryId) => MessageBodies.ReadPayload(payload, out _) switch
    {
        StonFiV2Swap swap => new(side, amount, swap.MinOut, (uint)Math.Min(swap.Deadline, uint.MaxValue), queryId),
        DedustJettonSwap swap => new(side, amount, swap.Step.Limit, swap.Params.Deadline, queryId),
        _ => null,
    };
}
