using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>An order of the account, as the venue keeps it: one moment of it, which does not change.</summary>
public sealed record FakeOrder
{
    /// <summary>The venue's own number, above zero and rising.</summary>
    public required long OrderId { get; init; }

    /// <summary>As it came over the wire; empty for an order that was placed by hand.</summary>
    public required string ClientOrderId { get; init; }

    public required Instrument Instrument { get; init; }

    public required Side Side { get; init; }

    public required bool IsPostOnly { get; init; }

    public required TimeInForce TimeInForce { get; init; }

    public required long PriceTicks { get; init; }

    /// <summary>All of it: what has filled and what may.</summary>
    public required long SizeLots { get; init; }

    public long FilledLots { get; init; }

    /// <summary>Price times quantity of what has filled, in the units of the instrument's grids.</summary>
    public decimal FilledTurnover { get; init; }

    /// <summary>Never a pending one.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Why it ended, where it did not fill; empty otherwise.</summary>
    public string Reason { get; init; } = "";

    public required Timestamp CreatedAt { get; init; }

    public required Timestamp UpdatedAt { get; init; }

    /// <summary>Number of the account's order message that told this; from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    public bool IsOpen => Status < OrderStatus.Filled;

    /// <summary>What may still trade; zero once it has ended.</summary>
    public long RemainingLots => IsOpen ? SizeLots - FilledLots : 0;

    /// <summary>Average price of what has filled; zero before that.</summary>
    public decimal AveragePrice => FilledLots == 0 ? 0 : FilledTurnover / Instrument.Sizes.ToDecimal(FilledLots);

    public decimal Price => Instrument.Prices.ToDecimal(PriceTicks);

    public decimal Size => Instrument.Sizes.ToDecimal(SizeLots);

    public decimal Filled => Instrument.Sizes.ToDecimal(FilledLots);

    /// <summary>As the port tells it.</summary>
    public OrderUpdate ToUpdate() => new()
    {
        Instrument = Instrument.Id, ClientOrderId = ClientOrderId, Status = Status, Side = Side, PriceTicks = PriceTicks,
        RemainingLots = RemainingLots, FilledLots = FilledLots, Reason = Reason,
    };
}

/// <summary>What somebody asks the venue to place.</summary>
/// <param name="Instrument">One of the market's.</param>
/// <param name="ClientOrderId">As it came over the wire; empty where there is none.</param>
/// <param name="Side">Of the order.</param>
/// <param name="PriceTicks">Its limit.</param>
/// <param name="SizeLots">Its size.</param>
/// <param name="IsPostOnly">Must not trade at once.</param>
/// <param name="TimeInForce">Whether it may rest.</param>
public sealed record FakePlacement(
    Instrument Instrument, string ClientOrderId, Side Side, long PriceTicks, long SizeLots, bool IsPostOnly = true,
    TimeInForce TimeInForce = TimeInForce.GoodTillCancelled);

/// <summary>An execution of an order of the account.</summary>
/// <param name="TradeId">Of the public trade that it is; above zero and rising.</param>
/// <param name="Sequence">The how manieth fill of the account it is; from 1, without gaps.</param>
/// <param name="Order">As it stood after this fill.</param>
/// <param name="PriceTicks">At which it traded.</param>
/// <param name="Lots">How much.</param>
/// <param name="Fee">A cost above zero, a rebate below.</param>
/// <param name="FeeAsset">What the fee is paid in.</param>
/// <param name="IsMaker">The order rested.</param>
/// <param name="At">When, on the venue's clock.</param>
public sealed record FakeFill(
    long TradeId, long Sequence, FakeOrder Order, long PriceTicks, long Lots, decimal Fee, string FeeAsset, bool IsMaker, Timestamp At)
{
    public decimal Price => Order.Instrument.Prices.ToDecimal(PriceTicks);

    public decimal Quantity => Order.Instrument.Sizes.ToDecimal(Lots);

    /// <summary>As the port tells it.</summary>
    /// <param name="tradeId">As the venue writes it.</param>
    public Fill ToFill(string tradeId) => new()
    {
        Instrument = Order.Instrument.Id, TradeId = tradeId, ClientOrderId = Order.ClientOrderId, Side = Order.Side, Price = Price,
        Quantity = Quantity, Fee = Fee, FeeAsset = FeeAsset, IsMaker = IsMaker, VenueTime = At,
    };
}
