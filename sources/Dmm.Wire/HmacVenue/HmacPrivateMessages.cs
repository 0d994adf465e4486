using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Orders and fills as the venue writes them, on its streams and in its replies.</summary>
internal sealed class HmacPrivateMessages(SymbolTable symbols)
{
    private static readonly string[] OrderNames = ["clientOrderId", "symbol", "side", "status", "price", "remaining", "filled", "reason"];
    private static readonly string[] FillNames = ["tradeId", "clientOrderId", "symbol", "side", "price", "size", "fee", "feeAsset", "maker", "time"];

    private static readonly (string Text, OrderStatus Status)[] Statuses =
    [
        ("live", OrderStatus.Live), ("partiallyFilled", OrderStatus.PartiallyFilled), ("filled", OrderStatus.Filled),
        ("cancelled", OrderStatus.Cancelled), ("rejected", OrderStatus.Rejected), ("expired", OrderStatus.Expired),
    ];

    private enum Order { Id, Symbol, Side, Status, Price, Remaining, Filled, Reason }

    private enum Execution { TradeId, OrderId, Symbol, Side, Price, Size, Fee, FeeAsset, IsMaker, Time }

    /// <exception cref="ArgumentException">It is not a status of a venue: the pending ones are our own.</exception>
    public static string Text(OrderStatus status) =>
        Array.Find(Statuses, s => s.Status == status).Text ?? throw new ArgumentException($"{status} is not for a venue to say", nameof(status));

    public static Side ReadSide(ref JsonFields fields, int field)
    {
        var side = fields.Text(field);
        if (side is not ("buy" or "sell")) fields.Fail($"side is '{side}': expected buy or sell");
        return side == "buy" ? Side.Buy : Side.Sell;
    }

    /// <summary>Null, or why the element is refused.</summary>
    public string? AddOrder(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        if (Find(ref fields, (int)Order.Symbol, batch) is not { } instrument) return fields.Fault;
        var text = fields.Text((int)Order.Status);
        var known = Array.FindIndex(Statuses, s => s.Text == text);
        if (known < 0) fields.Fail($"status is '{text}': expected {string.Join(", ", Statuses.Select(s => s.Text))}");
        var id = fields.Text((int)Order.Id);
        if (id.Length == 0) fields.Fail("clientOrderId is empty");
        var update = new OrderUpdate
        {
            Instrument = instrument.Id, ClientOrderId = id, Status = known < 0 ? default : Statuses[known].Status,
            Side = ReadSide(ref fields, (int)Order.Side), PriceTicks = fields.Price((int)Order.Price, instrument),
            RemainingLots = fields.Size((int)Order.Remaining, instrument),
            FilledLots = fields.Has((int)Order.Filled) ? fields.Size((int)Order.Filled, instrument) : null,
            Reason = fields.Has((int)Order.Reason) ? fields.Text((int)Order.Reason) : "",
        };
        if (fields.Fault is null) batch.Add(update);
        return fields.Fault;
    }

    /// <summary>Null, or why the element is refused.</summary>
    public string? AddFill(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, FillNames, stackalloc JsonSlice[FillNames.Length]);
        if (Find(ref fields, (int)Execution.Symbol, batch) is not { } instrument) return fields.Fault;
        // On the grid as the order was, and exact: read as steps, kept as decimals.
        var lots = fields.Size((int)Execution.Size, instrument);
        if (lots == 0) fields.Fail("size is zero: expected above zero");
        var tradeId = fields.Text((int)Execution.TradeId);
        if (tradeId.Length == 0) fields.Fail("tradeId is empty");
        var fill = new Fill
        {
            Instrument = instrument.Id, TradeId = tradeId, ClientOrderId = fields.Text((int)Execution.OrderId),
            Side = ReadSide(ref fields, (int)Execution.Side),
            Price = instrument.Prices.ToDecimal(fields.Price((int)Execution.Price, instrument)), Quantity = instrument.Sizes.ToDecimal(lots),
            Fee = fields.Decimal((int)Execution.Fee, decimal.MinValue), FeeAsset = fields.Text((int)Execution.FeeAsset),
            IsMaker = fields.Flag((int)Execution.IsMaker), QuotedAt = Timestamp.None, VenueTime = fields.Milliseconds((int)Execution.Time),
        };
        if (fields.Fault is null) batch.Add(fill);
        return fields.Fault;
    }

    private Instrument? Find(ref JsonFields fields, int field, MessageBatch batch)
    {
        var name = fields.Text(field);
        if (fields.Fault is not null) return null;
        if (symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument is { } instrument) return instrument;
        batch.UnknownSymbol = name;
        fields.Fail($"is of {name}: expected {symbols}");
        return null;
    }
}
