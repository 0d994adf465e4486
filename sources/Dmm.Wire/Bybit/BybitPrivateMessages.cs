using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>
/// Orders, fills, balances and positions as Bybit writes them, on its streams and in its replies. What is of another product, of an instrument that
/// the
/// wire does not have, or without a client order id that could be ours is passed over: other people trade on the account too.
/// </summary>
internal sealed class BybitPrivateMessages(string venue, BybitProduct product, SymbolTable symbols)
{
    private const int OurIdLengthMax = 28;
    private const string PostOnlyWouldTake = "EC_PostOnlyWillTakeLiquidity";

    private static readonly string[] OrderNames =
    [
        "category", "symbol", "orderLinkId", "side", "orderType", "orderStatus", "price", "qty", "cumExecQty", "rejectReason", "cancelType",
        "updatedTime",
    ];

    private static readonly string[] FillNames =
    [
        "category", "symbol", "orderLinkId", "side", "execType", "execId", "execPrice", "execQty", "execFee", "feeCurrency", "isMaker", "execTime",
    ];

    private static readonly string[] AccountNames = ["coin"];
    private static readonly string[] CoinNames = ["coin", "walletBalance"];
    private static readonly string[] PositionNames = ["category", "symbol", "side", "size", "positionIdx"];

    private enum Order { Category, Symbol, Id, Side, Type, Status, Price, Quantity, Executed, RejectReason, CancelType, UpdatedAt }

    private enum Execution { Category, Symbol, OrderId, Side, Type, Id, Price, Quantity, Fee, FeeAsset, IsMaker, Time }

    private enum Account { Coins }

    private enum Coin { Asset, Balance }

    private enum Position { Category, Symbol, Side, Size, Index }

    /// <summary>Ids of ours are 1 to 28 digits and lower-case letters.</summary>
    public static bool CouldBeOurs(string clientOrderId) =>
        clientOrderId.Length is > 0 and <= OurIdLengthMax && clientOrderId.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    public static Side ReadSide(ref JsonFields fields, int field)
    {
        var side = fields.Text(field);
        if (side is not ("Buy" or "Sell")) fields.Fail($"side is '{side}': expected Buy or Sell");
        return side == "Buy" ? Side.Buy : Side.Sell;
    }

    /// <param name="array">The orders.</param>
    /// <param name="changedAfter">Those that changed at that time or before are passed over.</param>
    /// <param name="batch">Takes an <see cref="OrderUpdate"/> each.</param>
    /// <param name="latest">When the last of them changed, on the venue's clock; none where nobody says.</param>
    public ParseStatus Orders(ReadOnlySpan<byte> array, Timestamp changedAfter, MessageBatch batch, out Timestamp latest)
    {
        var last = Timestamp.None;
        var status = BybitArray.Each(venue, array, "order", batch, (json, into) => AddOrder(json, changedAfter, into, ref last));
        latest = last;
        return status;
    }

    /// <summary>
    /// What has been executed of each open order that could be ours, by its client order id; null, with the fault, where one cannot be read.
    /// </summary>
    public Dictionary<string, long>? Executed(ReadOnlySpan<byte> array, out string? fault)
    {
        Dictionary<string, long> executed = new(StringComparer.Ordinal);
        var batch = new MessageBatch();
        var status = BybitArray.Each(venue, array, "order", batch, (json, _) =>
        {
            var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
            var id = fields.Text((int)Order.Id);
            if (Find(ref fields, (int)Order.Category, (int)Order.Symbol) is not { } instrument || !CouldBeOurs(id)) return fields.Fault;
            var lots = fields.Size((int)Order.Executed, instrument);
            if (ReadStatus(ref fields, lots, "") < OrderStatus.Filled) executed[id] = lots;
            return fields.Fault;
        });
        fault = status == ParseStatus.Rejected ? ((Rejected)batch[0].Control).Reason : null;
        return fault is null ? executed : null;
    }

    public ParseStatus Fills(ReadOnlySpan<byte> array, MessageBatch batch) => BybitArray.Each(venue, array, "execution", batch, AddFill);

    /// <summary>Wallet balances by coin; of contracts they are the collateral.</summary>
    public ParseStatus Balances(ReadOnlySpan<byte> accounts, Timestamp at, MessageBatch batch) =>
        BybitArray.Each(venue, accounts, "wallet", batch, (json, into) =>
        {
            var account = new JsonFields(json, AccountNames, stackalloc JsonSlice[AccountNames.Length]);
            if (!account.IsArray((int)Account.Coins)) account.Fail("coin is missing: expected an array");
            if (account.Fault is null) BybitArray.Each(venue, account.Raw((int)Account.Coins), "coin", into, (coin, all) => AddCoin(coin, at, all));
            return account.Fault;
        });

    /// <summary>What a linear contract's position comes to in its base asset, below zero when short.</summary>
    public ParseStatus Positions(ReadOnlySpan<byte> array, Timestamp at, MessageBatch batch) =>
        BybitArray.Each(venue, array, "position", batch, (json, into) => AddPosition(json, at, into));

    /// <summary>Refuses positions of which a contract has two, also where nothing is held; no message.</summary>
    public ParseStatus PositionModes(ReadOnlySpan<byte> array, MessageBatch batch) => BybitArray.Each(venue, array, "position", batch, (json, _) =>
    {
        var fields = new JsonFields(json, PositionNames, stackalloc JsonSlice[PositionNames.Length]);
        if (fields.Integer((int)Position.Index) != 0)
            fields.Fail($"positionIdx of {fields.Text((int)Position.Symbol)} is not 0: expected an account in one-way mode");
        return fields.Fault;
    });

    private string? AddOrder(ReadOnlySpan<byte> json, Timestamp changedAfter, MessageBatch batch, ref Timestamp latest)
    {
        var fields = new JsonFields(json, OrderNames, stackalloc JsonSlice[OrderNames.Length]);
        var id = fields.Text((int)Order.Id);
        if (Find(ref fields, (int)Order.Category, (int)Order.Symbol) is not { } instrument || !CouldBeOurs(id)) return fields.Fault;
        // Ours all have a limit: a market order's price is no price.
        if (fields.Has((int)Order.Type) && fields.Text((int)Order.Type) != "Limit") return fields.Fault;
        var quantity = fields.Size((int)Order.Quantity, instrument);
        var executed = fields.Size((int)Order.Executed, instrument);
        if (executed > quantity) fields.Fail("cumExecQty is above qty");
        var rejectReason = Words(ref fields, Order.RejectReason, "EC_NoError");
        var status = ReadStatus(ref fields, executed, rejectReason);
        var reason = status < OrderStatus.Cancelled ? "" : rejectReason.Length > 0 ? rejectReason : Words(ref fields, Order.CancelType, "UNKNOWN");
        var update = new OrderUpdate
        {
            Instrument = instrument.Id, ClientOrderId = id, Status = status, Side = ReadSide(ref fields, (int)Order.Side),
            PriceTicks = fields.Price((int)Order.Price, instrument), RemainingLots = quantity - executed, FilledLots = executed,
            Reason = reason,
        };
        var changedAt = changedAfter.IsKnown || fields.Has((int)Order.UpdatedAt) ? fields.Milliseconds((int)Order.UpdatedAt) : Timestamp.None;
        if (fields.Fault is not null || (changedAfter.IsKnown && changedAt <= changedAfter)) return fields.Fault;
        latest = Timestamp.Max(latest, changedAt);
        batch.Add(update);
        return null;
    }

    private string? AddFill(ReadOnlySpan<byte> json, MessageBatch batch)
    {
        var fields = new JsonFields(json, FillNames, stackalloc JsonSlice[FillNames.Length]);
        var id = fields.Text((int)Execution.OrderId);
        if (Find(ref fields, (int)Execution.Category, (int)Execution.Symbol) is not { } instrument || !CouldBeOurs(id)) return fields.Fault;
        if (fields.Has((int)Execution.Type) && fields.Text((int)Execution.Type) == "Funding") return fields.Fault;
        var lots = fields.Size((int)Execution.Quantity, instrument);
        if (lots == 0) fields.Fail("execQty is zero: expected above zero");
        var tradeId = fields.Text((int)Execution.Id);
        if (tradeId.Length == 0) fields.Fail("execId is empty");
        var side = ReadSide(ref fields, (int)Execution.Side);
        var fee = fields.Decimal((int)Execution.Fee, decimal.MinValue);
        var isMaker = fields.Flag((int)Execution.IsMaker);
        var feeAsset = fields.Has((int)Execution.FeeAsset) ? fields.Text((int)Execution.FeeAsset) : "";
        var fill = new Fill
        {
            Instrument = instrument.Id, TradeId = tradeId, ClientOrderId = id, Side = side,
            Price = instrument.Prices.ToDecimal(fields.Price((int)Execution.Price, instrument)), Quantity = instrument.Sizes.ToDecimal(lots),
            Fee = fee, FeeAsset = feeAsset.Length > 0 ? feeAsset : FeeAsset(instrument, side, fee, isMaker), IsMaker = isMaker,
            QuotedAt = Timestamp.None, VenueTime = fields.Milliseconds((int)Execution.Time),
        };
        if (fields.Fault is null) batch.Add(fill);
        return fields.Fault;
    }

    private string? AddCoin(ReadOnlySpan<byte> json, Timestamp at, MessageBatch batch)
    {
        var fields = new JsonFields(json, CoinNames, stackalloc JsonSlice[CoinNames.Length]);
        var asset = fields.Text((int)Coin.Asset);
        if (fields.Raw((int)Coin.Balance).SequenceEqual("\"\""u8)) return fields.Fault;
        var total = fields.Decimal((int)Coin.Balance, decimal.MinValue);
        if (fields.Fault is null) batch.Add(new BalanceReport(venue, asset, total, at));
        return fields.Fault;
    }

    private string? AddPosition(ReadOnlySpan<byte> json, Timestamp at, MessageBatch batch)
    {
        var fields = new JsonFields(json, PositionNames, stackalloc JsonSlice[PositionNames.Length]);
        if (product != BybitProduct.Linear) return fields.Fault;
        if (Find(ref fields, (int)Position.Category, (int)Position.Symbol) is not { } instrument) return fields.Fault;
        var size = instrument.Sizes.ToDecimal(fields.Size((int)Position.Size, instrument)) * instrument.ContractSize;
        if (fields.Integer((int)Position.Index) != 0)
        {
            if (size != 0) fields.Fail("positionIdx is not 0: expected an account in one-way mode");
            return fields.Fault;
        }

        var side = size == 0 ? Side.Buy : ReadSide(ref fields, (int)Position.Side);
        if (fields.Fault is null) batch.Add(new PositionReport(instrument.Id, side == Side.Buy ? size : -size, at));
        return fields.Fault;
    }

    private static OrderStatus ReadStatus(ref JsonFields fields, long executed, string rejectReason)
    {
        var text = fields.Text((int)Order.Status);
        switch (text)
        {
            case "Created":
                return OrderStatus.PendingNew;
            case "New" or "PartiallyFilled" or "PendingCancel" or "Untriggered" or "Triggered" or "Active":
                return executed > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Live;
            case "Filled":
                return OrderStatus.Filled;
            case "Rejected":
                return OrderStatus.Rejected;
            case "Cancelled" or "PartiallyFilledCanceled" or "Deactivated":
                return executed == 0 && rejectReason == PostOnlyWouldTake ? OrderStatus.Rejected : OrderStatus.Cancelled;
            default:
                fields.Fail(
                    $"orderStatus is '{text}': expected New, PartiallyFilled, Filled, Cancelled, PartiallyFilledCanceled, Rejected or Deactivated");
                return default;
        }
    }

    private static string Words(ref JsonFields fields, Order field, string nothing)
    {
        var text = fields.Has((int)field) ? fields.Text((int)field) : "";
        return text == nothing ? "" : text;
    }

    /// <summary>
    /// Where the venue leaves it open: a contract's fee is in its settlement asset; on spot it comes off what is received, and a maker's rebate is
    /// paid in
    /// the other asset.
    /// </summary>
    private static string FeeAsset(Instrument instrument, Side side, decimal fee, bool isMaker) => instrument.Kind switch
    {
        ContractKind.Linear => instrument.QuoteAsset,
        ContractKind.Inverse => instrument.BaseAsset,
        _ => (side == Side.Buy) == (isMaker && fee < 0) ? instrument.QuoteAsset : instrument.BaseAsset,
    };

    /// <summary>The element's instrument; null where it is of another product or not one of ours.</summary>
    private Instrument? Find(ref JsonFields fields, int category, int symbol)
    {
        if (fields.Has(category) && fields.Text(category) != product.Category()) return null;
        var name = fields.Text(symbol);
        return fields.Fault is null ? symbols.Find(Encoding.UTF8.GetBytes(name))?.Instrument : null;
    }
}
