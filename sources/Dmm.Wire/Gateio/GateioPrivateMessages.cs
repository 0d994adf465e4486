using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Our orders, fills and balances as Gate writes them, on its streams and in its replies. What does not carry a client order id of ours is passed
/// over without a word: it was placed by hand or by somebody else.
/// </summary>
internal sealed class GateioPrivateMessages(GateioProduct product, string venue, SymbolTable symbols)
{
    private static readonly string[] OrderNames =
        ["text", "currency_pair", "contract", "side", "amount", "size", "left", "price", "event", "status", "finish_as"];

    private static readonly string[] FillNames =
    [
        "id", "trade_id", "text", "currency_pair", "contract", "side", "amount", "size", "price", "role", "fee", "fee_currency", "gt_fee",
        "point_fee",
        "create_time_ms", "create_time",
    ];

    private static readonly string[] BalanceNames = ["currency", "available", "locked", "total", "balance", "timestamp_ms", "time_ms"];

    private static readonly string[] PositionNames = ["contract", "size", "mode"];

    private enum Order { Text, Pair, Contract, Side, Amount, Size, Left, Price, Event, Status, FinishAs }

    private enum Execution
    {
        Id, TradeId, Text, Pair, Contract, Side, Amount, Size, Price, Role, Fee, FeeAsset, GtFee, PointFee, Milliseconds, Seconds,
    }

    private enum Balance { Asset, Available, Locked, Total, Amount, Milliseconds, Time }

    private enum Position { Contract, Size, Mode }

    /// <summary>Null, also where the order is not ours; or why the element is refused.</summary>
    public string? AddOrder(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        if (!TryReadOrder(ref fields, out var instrument, out var order)) return fields.Fault;
        var status = Status(ref fields, order.Amount, order.Left, out var reason);
        var update = new OrderUpdate
        {
            Instrument = instrument!.Id, ClientOrderId = order.Id, Status = status, Side = order.Side,
            PriceTicks = GateioNumbers.Price(ref fields, (int)Order.Price, "price", instrument), RemainingLots = order.Left,
            FilledLots = order.Amount - order.Left, Reason = reason,
        };
        if (fields.Fault is null) batch.Add(update);
        return fields.Fault;
    }

    /// <summary>What an order of ours has traded so far, lots, under its client order id; null, also where it is not ours, or why it is
    /// refused.</summary>
    public string? AddFilled(ReadOnlySpan<byte> json, Dictionary<string, long> filled)
    {
        var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        if (TryReadOrder(ref fields, out _, out var order)) filled[order.Id] = order.Amount - order.Left;
        return fields.Fault;
    }

    /// <summary>Null, also where the fill is not of an order of ours; or why the element is refused.</summary>
    /// <param name="json">The element.</param>
    /// <param name="asked">The instrument that was asked for, where the reply need not name it; null on the stream.</param>
    /// <param name="batch">Where it goes.</param>
    public string? AddFill(ReadOnlySpan<byte> json, Instrument? asked, MessageBatch batch)
    {
        var fields = new JsonFields(json, FillNames, stackalloc JsonSlice[FillNames.Length]);
        var clientOrderId = GateioIds.FromText(fields.Text((int)Execution.Text));
        if (fields.Fault is not null || clientOrderId is null) return fields.Fault;
        var instrument = Find(ref fields, product == GateioProduct.Spot ? (int)Execution.Pair : (int)Execution.Contract, FillNames, asked);
        if (instrument is null) return fields.Fault;
        long lots;
        Side side;
        if (product == GateioProduct.Spot)
        {
            side = ReadSide(ref fields, (int)Execution.Side);
            lots = GateioNumbers.Size(ref fields, (int)Execution.Amount, "amount", instrument);
        }
        else
        {
            lots = GateioNumbers.SignedSize(ref fields, (int)Execution.Size, "size", instrument, out side);
        }

        if (lots == 0) fields.Fail("the size is zero: expected above zero");
        var role = fields.Text((int)Execution.Role);
        if (role is not ("maker" or "taker")) fields.Fail($"role is '{role}': expected maker or taker");
        var (fee, feeAsset) = Fee(ref fields, instrument, side);
        var fill = new Fill
        {
            Instrument = instrument.Id, TradeId = TradeId(ref fields, instrument, role), ClientOrderId = clientOrderId, Side = side,
            Price = instrument.Prices.ToDecimal(GateioNumbers.Price(ref fields, (int)Execution.Price, "price", instrument)),
            Quantity = instrument.Sizes.ToDecimal(lots), Fee = fee, FeeAsset = feeAsset, IsMaker = role == "maker", QuotedAt = Timestamp.None,
            VenueTime = fields.Has((int)Execution.Milliseconds)
                ? GateioNumbers.Instant(ref fields, (int)Execution.Milliseconds, "create_time_ms")
                : GateioNumbers.Instant(ref fields, (int)Execution.Seconds, "create_time"),
        };
        if (fields.Fault is null) batch.Add(fill);
        return fields.Fault;
    }

    /// <summary>Null, or why the element is refused. A reply that names no time is of <paramref name="at"/>.</summary>
    public string? AddBalance(ReadOnlySpan<byte> json, Timestamp at, MessageBatch batch)
    {
        var fields = new JsonFields(json, BalanceNames, stackalloc JsonSlice[BalanceNames.Length]);
        var asset = fields.Text((int)Balance.Asset).ToUpperInvariant();
        var total = fields.Has((int)Balance.Total) ? GateioNumbers.Decimal(ref fields, (int)Balance.Total, "total")
            : fields.Has((int)Balance.Amount) ? GateioNumbers.Decimal(ref fields, (int)Balance.Amount, "balance")
            : GateioNumbers.Decimal(ref fields, (int)Balance.Available, "available")
                + GateioNumbers.Decimal(ref fields, (int)Balance.Locked, "locked");
        var time = fields.Has((int)Balance.Milliseconds) ? GateioNumbers.Instant(ref fields, (int)Balance.Milliseconds, "timestamp_ms")
            : fields.Has((int)Balance.Time) ? GateioNumbers.Instant(ref fields, (int)Balance.Time, "time_ms")
            : at;
        if (fields.Fault is null) batch.Add(new BalanceReport(venue, asset, total.Canonical(), time));
        return fields.Fault;
    }

    /// <summary>A contract's position in base asset; it is of <paramref name="at"/>. Null, or why the element is refused.</summary>
    public string? AddPosition(ReadOnlySpan<byte> json, Timestamp at, MessageBatch batch)
    {
        var fields = new JsonFields(json, PositionNames, stackalloc JsonSlice[PositionNames.Length]);
        var name = fields.Text((int)Position.Contract);
        if (fields.Fault is not null) return fields.Fault;
        if (symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument is not { } instrument) return null;
        var contracts = GateioNumbers.Decimal(ref fields, (int)Position.Size, "size");
        var mode = fields.Has((int)Position.Mode) ? fields.Text((int)Position.Mode) : "single";
        if (mode != "single" && contracts != 0) fields.Fail($"mode of {name} is '{mode}': expected single, one position for a contract");
        if (fields.Fault is null) batch.Add(new PositionReport(instrument.Id, (contracts * instrument.ContractSize).Canonical(), at));
        return fields.Fault;
    }

    private bool TryReadOrder(
        ref JsonFields fields, out Instrument? instrument, out (string Id, Side Side, long Amount, long Left) order)
    {
        (instrument, order) = (null, default);
        var id = GateioIds.FromText(fields.Text((int)Order.Text));
        if (fields.Fault is not null || id is null) return false;
        instrument = Find(ref fields, product == GateioProduct.Spot ? (int)Order.Pair : (int)Order.Contract, OrderNames, asked: null);
        if (instrument is null) return false;
        order = product == GateioProduct.Spot
            ? (id, ReadSide(ref fields, (int)Order.Side), GateioNumbers.Size(ref fields, (int)Order.Amount, "amount", instrument),
                GateioNumbers.Size(ref fields, (int)Order.Left, "left", instrument))
            : (id, Side.Buy, GateioNumbers.SignedSize(ref fields, (int)Order.Size, "size", instrument, out var side),
                GateioNumbers.SignedSize(ref fields, (int)Order.Left, "left", instrument, out _)) with { Item2 = side };
        if (order.Left > order.Amount) fields.Fail("left is more than the whole order");
        return fields.Fault is null;
    }

    /// <summary>The quantities say whether an order was filled; how it ended only explains what was not.</summary>
    private static OrderStatus Status(ref JsonFields fields, long amount, long left, out string reason)
    {
        reason = "";
        var happening = fields.Has((int)Order.Event) ? fields.Text((int)Order.Event) : "";
        var status = fields.Has((int)Order.Status) ? fields.Text((int)Order.Status) : "";
        var finishAs = fields.Has((int)Order.FinishAs) ? fields.Text((int)Order.FinishAs) : "";
        var isEnded = happening == "finish" || status is "closed" or "cancelled" or "finished";
        var isOpen = happening is "put" or "update" || status == "open";
        if (!isEnded && !isOpen)
        {
            var expected = "expected an event put, update or finish, or a status open, closed, cancelled or finished";
            fields.Fail($"event is '{happening}' and status '{status}': {expected}");
        }

        if (left == 0 && amount > 0) return OrderStatus.Filled;
        if (!isEnded) return left < amount ? OrderStatus.PartiallyFilled : OrderStatus.Live;
        if (finishAs == "poc" && left == amount)
        {
            reason = "poc: a post-only order that would have taken";
            return OrderStatus.Rejected;
        }

        if (finishAs is not ("" or "cancelled" or "ioc" or "open")) reason = finishAs;
        return finishAs == "expired" ? OrderStatus.Expired : OrderStatus.Cancelled;
    }

    /// <summary>The fee in the asset it was taken in: deducted in GT or points, the fee proper is zero.</summary>
    private (decimal Fee, string Asset) Fee(ref JsonFields fields, Instrument instrument, Side side)
    {
        var asset = fields.Has((int)Execution.FeeAsset) ? fields.Text((int)Execution.FeeAsset) : "";
        if (asset.Length == 0) asset = product == GateioProduct.Spot && side == Side.Buy ? instrument.BaseAsset : instrument.QuoteAsset;
        var fee = GateioNumbers.Decimal(ref fields, (int)Execution.Fee, "fee");
        if (fee != 0) return (fee, asset);
        var inGt = fields.Has((int)Execution.GtFee) ? GateioNumbers.Decimal(ref fields, (int)Execution.GtFee, "gt_fee") : 0m;
        if (inGt != 0) return (inGt, "GT");
        var inPoints = fields.Has((int)Execution.PointFee) ? GateioNumbers.Decimal(ref fields, (int)Execution.PointFee, "point_fee") : 0m;
        return inPoints != 0 ? (inPoints, "POINT") : (0m, asset);
    }

    // Trade ids count each market for itself, and both sides of a trade with ourselves have the same one.
    private static string TradeId(ref JsonFields fields, Instrument instrument, string role)
    {
        var id = fields.Has((int)Execution.Id)
            ? GateioNumbers.Id(ref fields, (int)Execution.Id, "id")
            : GateioNumbers.Id(ref fields, (int)Execution.TradeId, "trade_id");
        if (id.Length == 0) fields.Fail("id is empty");
        return GateioIds.TradeId(instrument.Symbol, id, role == "maker");
    }

    private static Side ReadSide(ref JsonFields fields, int field)
    {
        var side = fields.Text(field);
        if (side is not ("buy" or "sell")) fields.Fail($"side is '{side}': expected buy or sell");
        return side == "buy" ? Side.Buy : Side.Sell;
    }

    /// <summary>The element's instrument; null, without a fault, where it is one that is not traded here.</summary>
    private Instrument? Find(ref JsonFields fields, int field, string[] names, Instrument? asked)
    {
        if (asked is not null && !fields.Has(field)) return asked;
        var name = fields.Text(field);
        if (fields.Fault is not null) return null;
        if (name.Length == 0) fields.Fail($"{names[field]} is empty");
        return symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument;
    }
}
