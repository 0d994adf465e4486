using Dmm.Core;
using Dmm.Core.Messages;
using static Dmm.Wire.Tests.OkxVenues;

namespace Dmm.Wire.Tests;

public sealed class OkxPrivateTests
{
    private static readonly OrderUpdate Live = new()
    {
        Instrument = Btc.Id, ClientOrderId = "dax1x2", Status = OrderStatus.Live, Side = Side.Sell, PriceTicks = 315_271, RemainingLots = 300_000,
        FilledLots = 0, Reason = "",
    };

    private static readonly Fill Third = new()
    {
        Instrument = Btc.Id, TradeId = "BTC-USDT:242589207", ClientOrderId = "dax1x2", Side = Side.Sell, Price = 31_527.1m, Quantity = 0.001m, Fee = 0.02522168m,
        FeeAsset = "USDT", IsMaker = true, QuotedAt = Timestamp.None, VenueTime = Timestamp.FromUnixMilliseconds(1_654_084_353_263),
    };

    [Fact]
    public void Placed_Live() => Heard(OrderFrame(Order())).ShouldBe([Live]);

    [Fact]
    public void Filled_TheFillBeforeTheStateThatItLeadsTo() => Heard(OrderFrame(Order(Filled)))
        .ShouldBe([Third, Live with { Status = OrderStatus.PartiallyFilled, RemainingLots = 200_000, FilledLots = 100_000 }]);

    [Theory]
    [InlineData("live", "0", OrderStatus.Live, 300_000)]
    [InlineData("partially_filled", "0.001", OrderStatus.PartiallyFilled, 200_000)]
    [InlineData("filled", "0.003", OrderStatus.Filled, 0)]
    [InlineData("canceled", "0", OrderStatus.Cancelled, 300_000)]
    [InlineData("canceled", "0.001", OrderStatus.Cancelled, 200_000)]
    [InlineData("mmp_canceled", "0.002", OrderStatus.Cancelled, 100_000)]
    public void State_WithWhatIsLeft(string state, string filled, OrderStatus status, long remaining) =>
        Heard(OrderFrame(Order(("state", state), ("accFillSz", filled)))).ShouldBe([Live with { Status = status, RemainingLots = remaining, FilledLots = 300_000 - remaining }]);

    [Theory]
    [InlineData("1", "")]
    [InlineData("20", "cancelled by the dead-man's switch")]
    [InlineData("31", "cancelled: post-only would have taken liquidity")]
    [InlineData("32", "cancelled: would have traded with an order of this account")]
    [InlineData("99", "cancelled by the venue, source 99")]
    public void Cancelled_SaysWhy(string source, string reason) => Heard(OrderFrame(Order(("state", "canceled"), ("cancelSource", source))))
        .ShouldBe([Live with { Status = OrderStatus.Cancelled, Reason = reason }]);

    [Fact]
    public void AmendmentThatFailedLater_CancelledWithTheReason() => Heard(OrderFrame(Order(
        ("state", "canceled"), ("cancelSource", "0"), ("amendResult", "1"), ("code", "51503"), ("msg", "Order modification failed"))))
        .ShouldBe([Live with { Status = OrderStatus.Cancelled, Reason = "not amended; cancelled by the venue; 51503: Order modification failed" }]);

    [Theory]
    [InlineData("-0.000001", "BTC", 0.000001)]
    [InlineData("0.5", "USDT", -0.5)]
    [InlineData("-1.5E-7", "BTC", 0.00000015)]
    [InlineData("0", "USDT", 0)]
    public void Fee_CostAboveZero_RebateBelow(string fee, string asset, double expected) =>
        Heard(OrderFrame(Order([.. Filled, ("fillFee", fee), ("fillFeeCcy", asset)])))[0]
            .ShouldBe(Third with { Fee = (decimal)expected, FeeAsset = asset });

    [Fact]
    public void Taker_IsNoMaker() => Heard(OrderFrame(Order([.. Filled, ("execType", "T")])))[0].ShouldBe(Third with { IsMaker = false });

    [Fact]
    public void SameNumberOnTwoInstruments_TwoFills() => Heard(OrderFrame(
        Order(Filled), Order([.. Filled, ("instId", "BTC-USDT-SWAP"), ("sz", "3"), ("accFillSz", "1"), ("fillSz", "1")])))
        .OfType<Fill>().Select(f => f.TradeId).ShouldBe(["BTC-USDT:242589207", "BTC-USDT-SWAP:242589207"]);

    [Fact]
    public void OrdersOfOthers_PassedOver_OursBesideThemKept() => Heard(OrderFrame(
        Order(("clOrdId", "")), Order(("px", ""), ("ordType", "market"), ("sz", "100")), Order(("instId", "DOGE-USDT"), ("px", "0.123456")), Order()))
        .ShouldBe([Live]);

    [Theory]
    [InlineData("state", "frozen", "order: state is 'frozen': expected live, partially_filled, filled, canceled, mmp_canceled")]
    [InlineData("state", null, "order: state is missing: expected a string")]
    [InlineData("clOrdId", null, "order: clOrdId is missing: expected a string")]
    [InlineData("px", "31527.15", "order: px price '31527.15' lies between two steps: expected a multiple of 0.1")]
    [InlineData("px", null, "order: px is missing: expected a price as a string")]
    [InlineData("side", "long", "order: side is 'long': expected buy or sell")]
    [InlineData("accFillSz", "0.004", "order: accFillSz is above sz")]
    [InlineData("sz", "three", "order: sz size 'three' is not a plain decimal: expected a multiple of 0.00000001")]
    public void FaultyOrder_RefusedByNameValueAndExpectation(string field, string? value, string reason) =>
        Refused(OrderFrame(Order((field, value)))).ShouldBe([reason]);

    [Theory]
    [InlineData("fillSz", "0", "order: fillSz is not above zero")]
    [InlineData("fillPx", "", "order: fillPx is '': expected a decimal as a string")]
    [InlineData("fillFee", null, "order: fillFee is missing: expected a string")]
    [InlineData("execType", "X", "order: execType is 'X': expected M or T")]
    [InlineData("fillTime", "1654084353", "order: fillTime is '1654084353': expected Unix time in milliseconds")]
    public void FaultyFill_RefusedWithItsOrder(string field, string? value, string reason) =>
        Refused(OrderFrame(Order([.. Filled, (field, value)]))).ShouldBe([reason]);

    [Fact]
    public void OneFaultyOrder_NeighboursKept()
    {
        var batch = new MessageBatch();
        var frame = OrderFrame(Order(), Order(("state", "?")), Order(Filled));
        OfVenue.Parse(Wires.Bytes(frame), Wires.Received, batch).ShouldBe(ParseStatus.Rejected);
        Enumerable.Range(0, batch.Count).Select(i => batch[i].Control.GetType().Name).ShouldBe(["OrderUpdate", "Rejected", "Fill", "OrderUpdate"]);
    }

    [Fact]
    public void Account_ABalanceForEachAsset() => Heard("""
        {"arg":{"channel":"account","uid":"1"},"data":[{"uTime":"1705564223311","totalEq":"5","details":[
          {"ccy":"USDT","cashBal":"4750.4269706914360","eq":"4892","uTime":"1705564213903"},{"ccy":"BTC","cashBal":"-0.5","uTime":"1705564213903"}]}]}
        """).ShouldBe(
        [
            new BalanceReport("okx", "USDT", 4750.426970691436m, Timestamp.FromUnixMilliseconds(1_705_564_223_311)),
            new BalanceReport("okx", "BTC", -0.5m, Timestamp.FromUnixMilliseconds(1_705_564_223_311)),
        ]);

    [Theory]
    [InlineData("""{"uTime":"1705564223311"}""", "account: details is missing: expected an array")]
    [InlineData("""{"uTime":"now","details":[]}""", "account: uTime is 'now': expected a whole number from 0 to 9223372036854775807")]
    [InlineData("""{"uTime":"1705564223311","details":[{"ccy":"USDT","cashBal":"1"},{"ccy":"BTC","cashBal":""}]}""",
        "account: cashBal is '': expected a decimal as a string")]
    public void FaultyAccount_RefusedWhole(string row, string reason) =>
        Refused($$"""{"arg":{"channel":"account"},"data":[{{row}}]}""").ShouldBe([reason]);

    [Fact]
    public void FrameCutOffAnywhere_RefusedWhole()
    {
        var frame = OrderFrame(Order(Filled));
        for (var length = 0; length < frame.Length; length++) Refused(frame[..length]).Length.ShouldBe(1);
    }
}
