using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Ton;

/// <summary>A swap that a pool carried out, in the smallest units of each token, as it entered and left the pool.</summary>
/// <param name="Side">Buy: base for quote.</param>
/// <param name="Base">What the pool took or paid of the base token.</param>
/// <param name="Quote">What the pool took or paid of the quote token.</param>
/// <param name="LogicalTime">Of the pool's transaction: rises from trade to trade and names it.</param>
/// <param name="At">Unix time in seconds of its block.</param>
public sealed record PoolTrade(Side Side, UInt128 Base, UInt128 Quote, ulong LogicalTime, uint At)
{
    /// <summary>
    /// Reads a transaction of a pool of STON.fi. Null where it is none of that pool's, was not asked by its router, or is no swap that was done.
    /// </summary>
    /// <param name="place">The pool.</param>
    /// <param name="account">Whose transaction it is.</param>
    /// <param name="came">What it answers.</param>
    /// <param name="sent">What it sent.</param>
    /// <param name="logicalTime">The transaction's.</param>
    /// <param name="at">Unix time in seconds.</param>
    public static PoolTrade? Read(
        StonFiV2Place place, Address account, Message came, IReadOnlyList<Message> sent, ulong logicalTime, uint at)
    {
        if (account != place.Pool || came.Source != place.Router || came.IsBounced) return null;
        var paid = sent.Where(m => m.Destination == place.Router).Select(m => m.Body).ToList();
        if (StonFiSwap.Read(came.Body, paid) is not { IsDone: true } swap) return null;
        if (swap.OfferWallet == place.QuoteWallet && swap.AskWallet == place.BaseWallet)
            return Of(Side.Buy, swap.AmountOut, swap.AmountIn, logicalTime, at);
        return swap.OfferWallet == place.BaseWallet && swap.AskWallet == place.QuoteWallet
            ? Of(Side.Sell, swap.AmountIn, swap.AmountOut, logicalTime, at)
            : null;
    }

    /// <summary>Reads what a pool of DeDust told the outside. Null where another told it, or it is no swap of these assets.</summary>
    public static PoolTrade? Read(DedustPlace place, Message told, ulong logicalTime, uint at)
    {
        if (told.Kind != MessageKind.ExternalOut || told.Source != place.Pool) return null;
        if (MessageBodies.Read(told.Body, out _) is not DedustSwapEvent swap) return null;
        var meant = new DedustAsset(place.BaseMinter);
        if (swap.AssetIn == DedustAsset.Native && swap.AssetOut == meant) return Of(Side.Buy, swap.AmountOut, swap.AmountIn, logicalTime, at);
        return swap.AssetIn == meant && swap.AssetOut == DedustAsset.Native
            ? Of(Side.Sell, swap.AmountIn, swap.AmountOut, logicalTime, at)
            : null;
    }

    /// <summary>
    /// As a public trade on the instrument's grids, price and size to the nearest step. Null where it is too small for them, or too large for a
    /// count.
    /// </summary>
    public Trade? ToTrade(Instrument instrument, long unitsPerToken, Timestamp received)
    {
        var price = (double)Quote / (double)Base / instrument.Prices.StepAsDouble;
        var size = (double)Base / unitsPerToken / instrument.Sizes.StepAsDouble;
        if (!(price < long.MaxValue && size < long.MaxValue)) return null;
        var trade = new Trade
        {
            Instrument = instrument.Id, VenueTime = Timestamp.FromUnixMilliseconds(At * 1_000L), ReceiveTime = received, TradeId = (long)LogicalTime,
            PriceTicks = (long)Math.Round(price), SizeLots = (long)Math.Round(size), Aggressor = Side,
        };
        return trade is { PriceTicks: > 0, SizeLots: > 0 } ? trade : null;
    }

    private static PoolTrade? Of(Side side, UInt128 amountBase, UInt128 amountQuote, ulong logicalTime, uint at) =>
        amountBase > 0 && amountQuote > 0 && logicalTime <= long.MaxValue ? new(side, amountBase, amountQuote, logicalTime, at) : null;
}
