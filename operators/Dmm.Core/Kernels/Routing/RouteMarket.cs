using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>One market as the router finds it at the moment of acting.</summary>
public sealed record RouteMarket
{
    public required Instrument Instrument { get; init; }

    public required VenueParameters Venue { get; init; }

    /// <summary>The book without our own orders and what they have left behind.</summary>
    public required IBookView Book { get; init; }

    /// <summary>Numeraire per unit of the quote asset; 0 when not known.</summary>
    public required double Rate { get; init; }

    /// <summary>What a swap costs, quote asset; 0 on an order book, null when a pool's is not known.</summary>
    public required decimal? Gas { get; init; }

    /// <summary>What the controls let be done here.</summary>
    public required TradingPermission Permission { get; init; }

    /// <summary>What a leg may come to beside all of our orders as they stand.</summary>
    public required SideRoom Buys { get; init; }

    /// <summary>What a leg may come to beside all of our orders as they stand.</summary>
    public required SideRoom Sells { get; init; }

    /// <summary>Base asset held there, less what resting orders may sell of it; null when the venue has not told.</summary>
    public required decimal? BaseBalance { get; init; }

    /// <summary>Quote asset held there, less what resting orders may spend of it; null when the venue has not told.</summary>
    public required decimal? QuoteBalance { get; init; }

    public SideRoom Room(Side side) => side == Side.Buy ? Buys : Sells;

    /// <summary>
    /// The last unit of a level costs or brings this much, numeraire per base asset: its price after the taker fee, or after a pool's fees and tax.
    /// Gas is not in it.
    /// </summary>
    public double NetPrice(Side taking, long priceTicks) => Instrument.Prices.ToDouble(priceTicks) * Rate * NetFactor(taking);

    /// <summary>Net price over price.</summary>
    public double NetFactor(Side taking) => Venue.NetFactor(Instrument, taking);

    /// <summary>
    /// Its prices can be reckoned with: a spot market or a linear contract that we trade, whose book stands, whose quote asset has a rate, and, of a
    /// pool, whose costs are known. The base quantity of an inverse contract depends on its price, so that two legs never match.
    /// </summary>
    public bool IsUsable => Venue.IsQuoted && Instrument.Kind != ContractKind.Inverse && Rate > 0 && Gas is not null
        && (!Instrument.IsPool || Venue.Pool is not null) && Book.Top.IsValid;

    /// <summary>A leg of a new trade may go there.</summary>
    public bool MayOpen(Side side) => IsUsable && Permission.State == TradingState.Active && !Withholds(side);

    /// <summary>A leg that closes may go there: the controls let that side stand, though perhaps no other.</summary>
    public bool MayClose(Side side) => IsUsable && Permission.State < TradingState.Halted && !Withholds(side);

    private bool Withholds(Side side) => side == Side.Buy ? Permission.WithholdsBuys : Permission.WithholdsSells;

    /// <summary>Base asset of one step of its order sizes.</summary>
    public decimal Step => Instrument.Sizes.Step * Instrument.OrderStepLots * Instrument.ContractSize;

    /// <summary>The largest order of at most that quantity, in lots.</summary>
    public long Lots(decimal quantity) => quantity <= 0 ? 0 : (long)(quantity / Step) * Instrument.OrderStepLots;

    /// <summary>Base asset of that many lots.</summary>
    public decimal Quantity(long lots) => Instrument.Sizes.ToDecimal(lots) * Instrument.ContractSize;

    /// <summary>The venue takes an order of that size at that price.</summary>
    public bool Takes(long lots, long priceTicks) => lots > 0 && priceTicks > 0 && Instrument.Sizes.ToDecimal(lots) >= Instrument.MinimumSize
        && Instrument.Notional(lots, priceTicks) >= Instrument.MinimumNotional;

    /// <summary>The price that is worse for us by so much, on the grid and never worse than that.</summary>
    public static long Worse(Side side, long priceTicks, double bps)
    {
        var worse = priceTicks * (1 + side.Sign() * bps * 1e-4);
        // What lies on a tick, but for the last bit, is that tick.
        return side == Side.Buy ? (long)Math.Floor(worse + 1e-6) : (long)Math.Ceiling(worse - 1e-6);
    }
}
