using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Orders, fills and balances as OKX writes them, on its streams and in its replies. What cannot be of ours is passed over: orders without a client
/// order id or without a price (by hand, or market orders), and those of instruments that are not traded here.
/// </summary>
internal sealed class OkxPrivateMessages(SymbolTable symbols)
{
    private static readonly string[] OrderNames =
    [
        "instId", "clOrdId", "side", "state", "px", "sz", "accFillSz", "cancelSource", "cancelSourceReason", "amendResult", "code", "msg", "tradeId",
        "fillPx", "fillSz", "fillFee", "fillFeeCcy", "execType", "fillTime",
    ];

    private static readonly string[] FillNames =
    [
        "instId", "clOrdId", "side", "tradeId", "fillPx", "fillSz", "fee", "feeCcy", "execType", "fillTime", "ts", "ordId",
    ];

    private static readonly string[] AccountNames = ["details", "uTime"];
    private static readonly string[] DetailNames = ["ccy", "cashBal"];
    private static readonly string[] PositionNames = ["instId", "posSide", "pos", "uTime"];

    private static readonly (string Text, OrderStatus Status)[] Statuses =
    [
        ("live", OrderStatus.Live), ("partially_filled", OrderStatus.PartiallyFilled), ("filled", OrderStatus.Filled),
        ("canceled", OrderStatus.Cancelled), ("mmp_canceled", OrderStatus.Cancelled),
    ];

    private enum Order
    {
        Symbol, Id, Side, Status, Price, Size, Filled, CancelSource, CancelReason, AmendResult, Code, Message, TradeId, FillPrice, FillSize, Fee,
        FeeAsset, Role, FillTime,
    }

    private enum Execution { Symbol, OrderId, Side, TradeId, Price, Size, Fee, FeeAsset, Role, FillTime, Time, VenueOrderId }

    private enum Account { Details, Time }

    private enum Detail { Asset, Cash }

    private enum Position { Symbol, Side, Contracts, Time }

    /// <summary>
    /// An order of the stream: its fill, where the message tells of one, and then its state, so that the fill finds the order that it ends. Null, or
    /// why the element is refused; then none of it is taken.
    /// </summary>
    public string? AddStreamOrder(ReadOnlySpan<byte> json, MessageBatch batch) => AddOrder(json, hasFill: true, batch);

    /// <summary>
    /// An order of a reply, whose fields of the last fill mean other things than those of the stream. Null, or why the element is refused.
    /// </summary>
    public string? AddOrder(ReadOnlySpan<byte> json, MessageBatch batch) => AddOrder(json, hasFill: false, batch);

    /// <summary>A fill of a reply. Null, or why the element is refused.</summary>
    public string? AddFill(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, FillNames, stackalloc JsonSlice[FillNames.Length]);
        if (Find(ref fields, (int)Execution.Symbol, (int)Execution.OrderId) is not { } instrument) return fields.Fault;
        var time = IsGiven(fields, (int)Execution.FillTime) ? Execution.FillTime : Execution.Time;
        var fill = Fill(
            ref fields, instrument, (int)Execution.OrderId, (int)Execution.Side, (int)Execution.TradeId, (int)Execution.Price, (int)Execution.Size,
            (int)Execution.Fee, (int)Execution.FeeAsset, (int)Execution.Role, (int)time);
        if (fields.Fault is null) batch.Add(fill);
        return fields.Fault;
    }

    /// <summary>The account as the stream and the reply have it: a balance for each asset in it. Null, or why the element is refused.</summary>
    public static string? AddBalances(string venue, ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, AccountNames, stackalloc JsonSlice[AccountNames.Length]);
        var at = fields.Milliseconds((int)Account.Time);
        if (!fields.IsArray((int)Account.Details)) fields.Fail("details is missing: expected an array");
        if (fields.Fault is not null) return fields.Fault;
        var before = batch.Count;
        var details = fields.Raw((int)Account.Details);
        var reader = new Utf8JsonReader(details);
        reader.Read();
        while (OkxRows.Next(ref reader, details, out var row))
        {
            if (AddBalance(venue, row, at, batch) is not { } fault) continue;
            batch.Truncate(before);
            return fault;
        }

        return null;
    }

    /// <summary>A net position, from contracts to base asset. Null, or why the element is refused.</summary>
    public string? AddPosition(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, PositionNames, stackalloc JsonSlice[PositionNames.Length]);
        var name = fields.Text((int)Position.Symbol);
        if (fields.Fault is not null) return fields.Fault;
        if (symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument is not { Kind: ContractKind.Linear } instrument) return null;
        var contracts = IsGiven(fields, (int)Position.Contracts) ? fields.Decimal((int)Position.Contracts, decimal.MinValue) : 0;
        var side = fields.Text((int)Position.Side);
        if (side != "net" && contracts != 0) fields.Fail($"posSide of {name} is '{side}': expected net, one position for a contract");
        var at = IsGiven(fields, (int)Position.Time) ? fields.Milliseconds((int)Position.Time) : Timestamp.None;
        if (fields.Fault is null) batch.Add(new PositionReport(instrument.Id, contracts * instrument.ContractSize, at));
        return fields.Fault;
    }

    /// <summary>A field of text that is there and not empty, which is how the venue leaves out what does not apply.</summary>
    internal static bool IsGiven(in JsonFields fields, int field) => fields.Has(field) && !fields.Raw(field).SequenceEqual("\"\""u8);

    private static string? AddBalance(string venue, ReadOnlySpan<byte> json, Timestamp at, MessageBatch batch)
    {
        var detail = new JsonFields(json, DetailNames, stackalloc JsonSlice[DetailNames.Length]);
        var asset = detail.Text((int)Detail.Asset);
        var total = detail.Decimal((int)Detail.Cash, decimal.MinValue);
        if (batch.Count == MessageBatch.CountMax) detail.Fail($"more than {MessageBatch.CountMax} assets");
        if (detail.Fault is null) batch.Add(new BalanceReport(venue, asset, total, at));
        return detail.Fault;
    }

    private string? AddOrder(ReadOnlySpan<byte> json, bool hasFill, MessageBatch batch)
    {
        var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        if (Find(ref fields, (int)Order.Symbol, (int)Order.Id) is not { } instrument) return fields.Fault;
        if (fields.Has((int)Order.Price) && !IsGiven(fields, (int)Order.Price)) return null;

        var state = fields.Text((int)Order.Status);
        var known = Array.FindIndex(Statuses, s => s.Text == state);
        if (known < 0) fields.Fail($"state is '{state}': expected {string.Join(", ", Statuses.Select(s => s.Text))}");
        var size = fields.Size((int)Order.Size, instrument);
        var filled = fields.Size((int)Order.Filled, instrument);
        if (filled > size) fields.Fail("accFillSz is above sz");
        var status = known < 0 ? default : Statuses[known].Status;
        var update = new OrderUpdate
        {
            Instrument = instrument.Id, ClientOrderId = fields.Text((int)Order.Id), Status = status, Side = ReadSide(ref fields, (int)Order.Side),
            PriceTicks = fields.Price((int)Order.Price, instrument), RemainingLots = status == OrderStatus.Filled ? 0 : size - filled,
            FilledLots = filled, Reason = Reason(fields, status),
        };
        var fill = hasFill && IsGiven(fields, (int)Order.TradeId)
            ? Fill(
                ref fields, instrument, (int)Order.Id, (int)Order.Side, (int)Order.TradeId, (int)Order.FillPrice, (int)Order.FillSize, (int)Order.Fee,
                (int)Order.FeeAsset, (int)Order.Role, (int)Order.FillTime)
            : null;
        if (fields.Fault is not null) return fields.Fault;
        if (fill is not null) batch.Add(fill);
        batch.Add(update);
        return null;
    }

    private static Fill Fill(
        ref JsonFields fields, Instrument instrument, int orderId, int side, int tradeId, int price, int size, int fee, int feeAsset, int role,
        int time)
    {
        var execType = fields.Text(role);
        if (execType is not ("M" or "T")) fields.Fail($"execType is '{execType}': expected M or T");
        var paid = fields.Decimal(price, decimal.MinValue);
        var quantity = fields.Decimal(size, decimal.MinValue);
        if (paid <= 0) fields.Fail("fillPx is not above zero");
        if (quantity <= 0) fields.Fail("fillSz is not above zero");
        return new()
        {
            // The venue counts trades for each instrument: two of them may have fills of one number.
            Instrument = instrument.Id, TradeId = $"{instrument.Symbol}:{fields.Text(tradeId)}", ClientOrderId = fields.Text(orderId),
            Side = ReadSide(ref fields, side), Price = paid, Quantity = quantity,
            // The venue's sign is that of the account: what is charged is negative.
            Fee = 0 - fields.Decimal(fee, decimal.MinValue), FeeAsset = fields.Text(feeAsset), IsMaker = execType == "M", QuotedAt = Timestamp.None,
            VenueTime = fields.Milliseconds(time),
        };
    }

    private Instrument? Find(ref JsonFields fields, int symbol, int orderId)
    {
        var name = fields.Text(symbol);
        if (!fields.Has(orderId)) fields.Fail("clOrdId is missing: expected a string");
        return fields.Fault is null && IsGiven(fields, orderId) ? symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument : null;
    }

    private static Side ReadSide(ref JsonFields fields, int field)
    {
        var side = fields.Text(field);
        if (side is not ("buy" or "sell")) fields.Fail($"side is '{side}': expected buy or sell");
        return side == "buy" ? Side.Buy : Side.Sell;
    }

    private static string Reason(in JsonFields fields, OrderStatus status)
    {
        var code = Raw(fields, Order.Code);
        var amended = Raw(fields, Order.AmendResult) is "-1" or "1" ? "not amended" : "";
        var error = code is "" or "0" ? "" : SecretText.Masked($"{code}: {Raw(fields, Order.Message)}");
        var why = OkxCancelSources.Words(Raw(fields, Order.CancelSource), Raw(fields, Order.CancelReason));
        var cancelled = status == OrderStatus.Cancelled ? why : "";
        return string.Join("; ", new[] { amended, cancelled, error }.Where(part => part.Length > 0));
    }

    private static string Raw(in JsonFields fields, Order field) =>
        fields.Has((int)field) ? Encoding.UTF8.GetString(fields.Raw((int)field).Trim((byte)'"')) : "";
}
