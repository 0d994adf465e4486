using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

public sealed class BybitPrivateTests
{
    private const string Order =
        """{"category":"linear","symbol":"BTCUSDT","orderId":"5cf98598","orderLinkId":"dax1x2","side":"Sell","orderType":"Limit","orderStatus":"New","cancelType":"UNKNOWN","rejectReason":"EC_NoError","price":"109378.90","qty":"0.015","leavesQty":"0.015","cumExecQty":"0.000","updatedTime":"1758841135824"}""";

    private const string Execution =
        """{"category":"linear","symbol":"BTCUSDT","execFee":"0.005061","execId":"7e2ae69c-4edf-5800-a352-893d52b446aa","execPrice":"109378.9","execQty":"0.005","execType":"Trade","isMaker":false,"feeRate":"0.0006","orderLinkId":"dax1x2","side":"Sell","execTime":"1672364174443","feeCurrency":""}""";

    private static readonly OrderUpdate Live = new()
    {
        Instrument = Bybits.Btc.Id, ClientOrderId = "dax1x2", Status = OrderStatus.Live, Side = Core.Side.Sell, PriceTicks = 1_093_789, RemainingLots = 15,
        FilledLots = 0, Reason = "",
    };

    /// <summary>Each status, with what is executed and why it ended.</summary>
    [Theory]
    [InlineData("Created", "0", "EC_NoError", "UNKNOWN", OrderStatus.PendingNew, 15, "")]
    [InlineData("New", "0", "EC_NoError", "UNKNOWN", OrderStatus.Live, 15, "")]
    [InlineData("Untriggered", "0", "EC_NoError", "UNKNOWN", OrderStatus.Live, 15, "")]
    [InlineData("PartiallyFilled", "0.004", "EC_NoError", "UNKNOWN", OrderStatus.PartiallyFilled, 11, "")]
    [InlineData("PendingCancel", "0.004", "EC_NoError", "UNKNOWN", OrderStatus.PartiallyFilled, 11, "")]
    [InlineData("Filled", "0.015", "EC_NoError", "UNKNOWN", OrderStatus.Filled, 0, "")]
    [InlineData("Filled", "0.015", "EC_OrigClOrdIDDoesNotExist", "CancelByUser", OrderStatus.Filled, 0, "")]
    [InlineData("Cancelled", "0", "EC_NoError", "CancelByUser", OrderStatus.Cancelled, 15, "CancelByUser")]
    [InlineData("Cancelled", "0.004", "EC_PerCancelRequest", "CancelByUser", OrderStatus.Cancelled, 11, "EC_PerCancelRequest")]
    [InlineData("Cancelled", "0", "EC_PostOnlyWillTakeLiquidity", "UNKNOWN", OrderStatus.Rejected, 15, "EC_PostOnlyWillTakeLiquidity")]
    [InlineData("Cancelled", "0.001", "EC_PostOnlyWillTakeLiquidity", "UNKNOWN", OrderStatus.Cancelled, 14, "EC_PostOnlyWillTakeLiquidity")]
    [InlineData("Cancelled", "0", "EC_NoError", "CancelByDCP", OrderStatus.Cancelled, 15, "CancelByDCP")]
    [InlineData("PartiallyFilledCanceled", "0.004", "EC_NoError", "UNKNOWN", OrderStatus.Cancelled, 11, "")]
    [InlineData("Deactivated", "0", "EC_NoError", "UNKNOWN", OrderStatus.Cancelled, 15, "")]
    [InlineData("Rejected", "0", "EC_QtyCannotBeZero", "UNKNOWN", OrderStatus.Rejected, 15, "EC_QtyCannotBeZero")]
    public void Status_AsTheKernelHasIt_RemainingAsItWas(
        string status, string executed, string rejected, string cancelled, OrderStatus expected, long remaining, string reason)
    {
        var order = Order.Replace("\"New\"", $"\"{status}\"").Replace("\"cumExecQty\":\"0.000\"", $"\"cumExecQty\":\"{executed}\"")
            .Replace("EC_NoError", rejected).Replace("UNKNOWN", cancelled).Replace("\"leavesQty\":\"0.015\"", "\"leavesQty\":\"0.000\"");
        Single(Stream("order", order)).ShouldBe(Live with { Status = expected, RemainingLots = remaining, FilledLots = 15 - remaining, Reason = reason });
    }

    [Theory]
    [InlineData("dax1x2", "")]
    [InlineData("dax1x2", "by-hand")]
    [InlineData("dax1x2", "UPPER")]
    [InlineData("dax1x2", "longerthantwentyeightcharacters")]
    [InlineData("\"symbol\":\"BTCUSDT\"", "\"symbol\":\"ETH-30DEC22-1400-C\"")]
    [InlineData("\"category\":\"linear\"", "\"category\":\"spot\"")]
    [InlineData("\"orderType\":\"Limit\"", "\"orderType\":\"Market\"")]
    public void OrderOfOthers_PassedOver_WhateverElseItHolds(string ours, string theirs)
    {
        var strange = Order.Replace(ours, theirs).Replace("109378.90", "0").Replace("\"qty\":\"0.015\"", "\"qty\":\"\"");
        Bybits.Linear.Heard(Stream("order", strange)).Shown.ShouldBe("Ignored");
        Single(Stream("order", $"{strange},{Order}")).ShouldBe(Live);
    }

    [Theory]
    [InlineData("\"New\"", "\"Sleeping\"", "order: orderStatus is 'Sleeping': expected New")]
    [InlineData("109378.90", "", "order: price price '' is not a plain decimal")]
    [InlineData("\"cumExecQty\":\"0.000\"", "\"cumExecQty\":\"0.016\"", "order: cumExecQty is above qty")]
    [InlineData("\"side\":\"Sell\",", "", "order: side is missing: expected a string")]
    [InlineData("\"qty\":\"0.015\"", "\"qty\":0.015", "order: qty is '0.015': expected a size as a string")]
    public void OrderOfOursThatCannotBeRead_Refused(string part, string other, string reason)
    {
        var (shown, heard) = Bybits.Linear.Heard(Stream("order", Order.Replace(part, other)));
        shown.ShouldStartWith("Rejected");
        shown.ShouldContain(reason);
        heard.Kind.ShouldBe(VenueFrameKind.Data);
    }

    [Fact]
    public void Fill_EachThing()
    {
        Single(Stream("execution", Execution)).ShouldBe(new Fill
        {
            Instrument = Bybits.Btc.Id, TradeId = "7e2ae69c-4edf-5800-a352-893d52b446aa", ClientOrderId = "dax1x2", Side = Core.Side.Sell, Price = 109_378.9m,
            Quantity = 0.005m, Fee = 0.005061m, FeeAsset = "USDT", IsMaker = false, VenueTime = Core.Timestamp.FromUnixMilliseconds(1_672_364_174_443),
        });
    }

    [Theory]
    [InlineData("-0.0000125", -0.0000125)]
    [InlineData("-1.25E-5", -0.0000125)]
    [InlineData("0", 0)]
    public void Rebate_IsNegative_ExponentsAreRead(string text, decimal fee) =>
        ((Fill)Single(Stream("execution", Execution.Replace("0.005061", text)))).Fee.ShouldBe(fee);

    [Theory]
    [InlineData("\"execType\":\"Trade\"", "\"execType\":\"Funding\"")]
    [InlineData("dax1x2", "")]
    [InlineData("BTCUSDT", "ICPUSDT")]
    public void ExecutionThatIsNoFillOfOurs_PassedOver(string part, string other) =>
        Bybits.Linear.Heard(Stream("execution", Execution.Replace(part, other))).Shown.ShouldBe("Ignored");

    [Theory]
    [InlineData("\"execId\":\"7e2ae69c-4edf-5800-a352-893d52b446aa\"", "\"execId\":\"\"", "execution: execId is empty")]
    [InlineData("\"execQty\":\"0.005\"", "\"execQty\":\"0\"", "execution: execQty is zero: expected above zero")]
    [InlineData("\"execFee\":\"0.005061\"", "\"execFee\":\"\"", "execution: execFee is '': expected a decimal as a string")]
    [InlineData("\"isMaker\":false,", "", "execution: isMaker is missing: expected true or false")]
    public void FillOfOursThatCannotBeRead_Refused(string part, string other, string reason)
    {
        var (shown, heard) = Bybits.Linear.Heard(Stream("execution", Execution.Replace(part, other)));
        shown.ShouldStartWith("Rejected");
        shown.ShouldContain($"Reason = {reason}");
        heard.Kind.ShouldBe(VenueFrameKind.Data);
    }

    /// <summary>By the venue's table of spot fees.</summary>
    [Theory]
    [InlineData("Buy", "0.1", true, "BTC")]
    [InlineData("Sell", "0.1", true, "USDT")]
    [InlineData("Buy", "-0.1", true, "USDT")]
    [InlineData("Sell", "-0.1", true, "BTC")]
    [InlineData("Buy", "0.1", false, "BTC")]
    [InlineData("Sell", "0.1", false, "USDT")]
    public void SpotFeeWithoutAsset_ComesOffWhatIsReceived_ARebateOffTheOther(string side, string fee, bool isMaker, string asset)
    {
        var execution = Execution.Replace("linear", "spot").Replace("\"Sell\"", $"\"{side}\"").Replace("0.005061", fee)
            .Replace("\"isMaker\":false", $"\"isMaker\":{(isMaker ? "true" : "false")}");
        var batch = new MessageBatch();
        Bybits.Spot.Parse(Wires.Bytes(Stream("execution", execution)), Wires.Received, batch).ShouldBe(ParseStatus.Parsed);
        ((Fill)batch[0].Control).FeeAsset.ShouldBe(asset);
        Bybits.Spot.Parse(Wires.Bytes(Stream("execution", execution.Replace("\"feeCurrency\":\"\"", "\"feeCurrency\":\"MNT\""))), Wires.Received, batch)
            .ShouldBe(ParseStatus.Parsed);
        ((Fill)batch[0].Control).FeeAsset.ShouldBe("MNT");
    }

    [Fact]
    public void Wallet_EachCoin()
    {
        const string Wallet = """{"accountType":"UNIFIED","coin":[{"coin":"BTC","walletBalance":"0.5"},{"coin":"USDT","walletBalance":"9684.46"},{"coin":"XRP","walletBalance":""}]}""";
        Bybits.Spot.Heard(Stream("wallet", Wallet)).Shown.Split('\n').ShouldBe(
            ["Parsed", Balance("bybit-spot", "BTC", "0.5"), Balance("bybit-spot", "USDT", "9684.46")]);
        Bybits.Linear.Heard(Stream("wallet", Wallet)).Shown.Split('\n').ShouldBe(
            ["Parsed", Balance("bybit-linear", "BTC", "0.5"), Balance("bybit-linear", "USDT", "9684.46")]);
    }

    [Theory]
    [InlineData("Buy", "0.250", "0.25")]
    [InlineData("Sell", "0.250", "-0.25")]
    [InlineData("", "0", "0")]
    public void LinearPosition_InTheBase(string side, string size, string total) => Bybits.Linear.Heard(Stream("position", Position(side, size, 0)))
        .Shown.Split('\n').ShouldBe(["Parsed", $"PositionReport {{ Instrument = {Bybits.Btc.Id}, Quantity = {total}, VenueTime = {Bybits.At} }}"]);

    [Fact]
    public void HedgeMode_IsRefusedOnlyWhereItHoldsSomething()
    {
        Bybits.Linear.Heard(Stream("position", Position("Buy", "0", 1))).Shown.ShouldBe("Ignored");
        var (shown, heard) = Bybits.Linear.Heard(Stream("position", Position("Buy", "0.1", 1)));
        shown.ShouldContain("position: positionIdx is not 0: expected an account in one-way mode");
        heard.Kind.ShouldBe(VenueFrameKind.Data);
        Bybits.Inverse.Heard(Stream("position", Position("Buy", "10", 0).Replace("linear", "inverse").Replace("BTCUSDT", "BTCUSD"))).Shown.ShouldBe("Ignored");
    }

    internal static string Stream(string topic, string elements) =>
        $$"""{"id":"5923240c6880ab","topic":"{{topic}}","creationTime":1758841135824,"data":[{{elements}}]}""";

    private static string Position(string side, string size, int index) =>
        $$"""{"positionIdx":{{index}},"symbol":"BTCUSDT","side":"{{side}}","size":"{{size}}","category":"linear"}""";

    private static string Balance(string venue, string asset, string total) =>
        $"BalanceReport {{ Venue = {venue}, Asset = {asset}, Total = {total}, VenueTime = {Bybits.At} }}";

    private static ControlMessage Single(string frame)
    {
        var batch = new MessageBatch();
        Bybits.Linear.Parse(Wires.Bytes(frame), Wires.Received, batch, out var heard).ShouldBe(ParseStatus.Parsed);
        heard.Kind.ShouldBe(VenueFrameKind.Data);
        batch.Count.ShouldBe(1);
        return batch[0].Control;
    }
}
