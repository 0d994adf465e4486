using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Archive;

internal readonly record struct OrderKey(string Ledger, string Venue, string Symbol, string ClientOrderId)
{
    public object?[] Columns => [Ledger, Venue, Symbol, ClientOrderId];
}

/// <summary>
/// The life of one order. Times are the engine's: of the decision that placed, amended or cancelled it, of the input that told of it. The status only
/// rises, and stays once the order is closed; fills count whatever the status.
/// </summary>
internal sealed record OrderRow(OrderKey Key, string Journal, Side Side)
{
    public decimal? Price { get; init; }

    /// <summary>As placed, base asset or contracts.</summary>
    public decimal? Size { get; init; }

    /// <summary>What still rests: lowered by amendments and by what the venue says, and by nothing else.</summary>
    public decimal? Remaining { get; init; }

    public decimal Filled { get; init; }

    public long Fills { get; init; }

    public long Amendments { get; init; }

    public OrderStatus Status { get; init; }

    /// <summary>Why it was refused or ended, where the venue or the adapter said.</summary>
    public string Reason { get; init; } = "";

    public Timestamp PlacedAt { get; init; }

    /// <summary>The decision that placed it, for <c>dmm explain</c>; null where another journal has that.</summary>
    public long? PlacedBy { get; init; }

    public Timestamp AckedAt { get; init; }

    public Timestamp AmendedAt { get; init; }

    public Timestamp CancelAskedAt { get; init; }

    public Timestamp FirstFillAt { get; init; }

    public Timestamp LastFillAt { get; init; }

    public Timestamp ClosedAt { get; init; }

    public bool IsClosed => Status >= OrderStatus.Filled;

    public OrderRow With(OrderIntent intent, Instrument instrument, in Decision decision)
    {
        var (at, price, size) = (decision.Cause.At, instrument.Prices.ToDecimal(intent.PriceTicks), instrument.Sizes.ToDecimal(intent.SizeLots));
        return intent.Kind switch
        {
            OrderIntentKind.Place => this with { Price = price, Size = size, Remaining = Least(size), PlacedAt = at, PlacedBy = decision.Number },
            OrderIntentKind.Amend => this with { Price = price, Remaining = Least(size), AmendedAt = at, Amendments = Amendments + 1 },
            _ => (this with { CancelAskedAt = at }).Risen(OrderStatus.PendingCancel, at),
        };
    }

    public OrderRow With(OrderUpdate update, Instrument instrument, Timestamp at)
    {
        var isAck = update.Status is >= OrderStatus.Live and <= OrderStatus.Filled && !AckedAt.IsKnown;
        var isNews = !IsClosed && update.Status >= Status;
        var told = this with
        {
            AckedAt = isAck ? at : AckedAt,
            Price = Price ?? instrument.Prices.ToDecimal(update.PriceTicks),
            Remaining = Least(instrument.Sizes.ToDecimal(update.RemainingLots)),
        };
        return (isNews && update.Reason.Length > 0 ? told with { Reason = update.Reason } : told).Risen(update.Status, at);
    }

    /// <summary>Whether a fill was the last one is the venue's to say.</summary>
    public OrderRow With(Fill fill, Timestamp at) => (this with
    {
        Filled = Filled + fill.Quantity, Fills = Fills + 1, FirstFillAt = FirstFillAt.IsKnown ? FirstFillAt : at, LastFillAt = at,
    }).Risen(OrderStatus.PartiallyFilled, at);

    public object?[] Columns =>
    [
        .. Key.Columns, ArchiveText.Of(Side), Price, Size, Remaining, Filled, Fills, Amendments, ArchiveText.Of(Status), Reason,
        PlacedAt, AckedAt, AmendedAt, CancelAskedAt, FirstFillAt, LastFillAt, ClosedAt, Journal, PlacedBy,
    ];

    private decimal Least(decimal remaining) => Remaining is { } now && now < remaining ? now : remaining;

    private OrderRow Risen(OrderStatus status, Timestamp at) => IsClosed || status <= Status
        ? this
        : this with { Status = status, ClosedAt = status >= OrderStatus.Filled ? at : ClosedAt };
}
