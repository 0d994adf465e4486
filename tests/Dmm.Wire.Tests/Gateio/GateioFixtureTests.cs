using System.Text;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Tests;

/// <summary>Every published shape of the calls and channels that are used.</summary>
public sealed class GateioFixtureTests(ITestOutputHelper output)
{
    private static readonly string[] SpotChannels = ["OrderBookUpdates", "TradeUpdates", "BookTickerUpdates", "OrderUpdates", "UserTradeUpdates", "BalanceUpdates"];
    private static readonly string[] ContractChannels =
        ["BookUpdates", "OrderBookV2Updates", "TradeUpdates", "BookTickerUpdates", "TickerUpdates", "OrderUpdates", "UserTradeUpdates", "BalanceUpdates"];

    private static readonly string[] Orders = ["PlaceOrder", "EditOrder", "CancelOrder", "GetOrder"];

    [Fact]
    public void EachChannelUsed_AcknowledgedAndParsed()
    {
        var fixtures = Gateios.Fixtures();
        var spot = new GateioWire(GateioProduct.Spot, [Gateios.Btc with { Prices = new(0.0001m) }, Gateios.Eth with { Prices = new(0.0001m) }]);
        var contracts = new GateioWire(
            GateioProduct.UsdtPerpetual, [Gateios.BtcPerpetual with { Symbol = "BTC_USD", Sizes = new(0.1m) }, Gateios.EthPerpetual]);
        var count = SpotChannels.Sum(c => ShouldParse(spot, fixtures[$"Subscriptions/Spot/SubscribeTo{c}"]))
            + ContractChannels.Sum(c => ShouldParse(contracts, fixtures[$"Subscriptions/Futures/SubscribeTo{c}"]));
        output.WriteLine($"{count} frames of {SpotChannels.Length + ContractChannels.Length} channels");
        count.ShouldBe(28);
    }

    [Fact]
    public void EachCallUsed_Parsed()
    {
        var fixtures = Gateios.Fixtures();
        var etc = Gateios.Btc with { Symbol = "ETC_BTC", Prices = new(0.00001m) };
        var ethBtc = Gateios.Eth with { Symbol = "ETH_BTC", Prices = new(0.00001m) };
        var spot = new GateioWire(GateioProduct.Spot, [Gateios.Btc, etc with { Id = new(1) }, ethBtc with { Id = new(2) }]);
        var contracts = new GateioWire(GateioProduct.UsdtPerpetual, [Gateios.BtcPerpetual with { Prices = new(0.001m) }]);
        var btc = contracts.Instruments[0];
        var count = 0;
        void Take(string name, Func<byte[], MessageBatch, ParseStatus> parse)
        {
            var batch = new MessageBatch();
            var status = parse(Wires.Bytes(fixtures[$"Endpoints/{name}"][0]), batch);
            status.ShouldBe(ParseStatus.Parsed, $"{name}: {Wires.Shown(status, batch)}");
            count++;
        }

        foreach (var order in Orders)
            Take($"Spot/Trading/{order}", (body, batch) => spot.ParseOrder(body, batch));
        Take("Spot/Trading/GetOrders", (body, batch) => spot.ParseOrders(body, batch, out _));
        Take("Spot/Trading/GetUserTrades", (body, batch) => spot.ParseFills(ethBtc with { Prices = new(0.01m) }, body, batch, out _));
        Take("Spot/Account/GetBalances", (body, batch) => spot.ParseBalances(body, Wires.Received, batch));
        Take("Spot/ExchangeData/GetOrderBook", (body, batch) => new GateioWire(GateioProduct.Spot, [Gateios.Eth]).ParseSnapshot(Gateios.Eth, body, Wires.Received, batch));
        Take("Spot/ExchangeData/GetTrades", (body, batch) => new GateioWire(GateioProduct.Spot, [Gateios.Eth]).ParseTrades(Gateios.Eth, body, Wires.Received, batch));
        foreach (var order in Orders)
            Take($"PerpetualFutures/Trading/{order}", (body, batch) => contracts.ParseOrder(body, batch));
        foreach (var list in new[] { "GetOrders", "GetOrdersByTime" })
            Take($"PerpetualFutures/Trading/{list}", (body, batch) => contracts.ParseOrders(body, batch, out _));
        foreach (var list in new[] { "GetUserTrades", "GetUserTradesByTimestamp" })
            Take($"PerpetualFutures/Trading/{list}", (body, batch) => contracts.ParseFills(btc, body, batch, out _));
        Take("PerpetualFutures/Account/GetAccount", (body, batch) => contracts.ParseBalances(body, Wires.Received, batch));
        Take("PerpetualFutures/Trading/GetPositions", (body, batch) =>
        {
            var status = contracts.ParsePositions(body, Wires.Received, batch, out var rows);
            rows.ShouldBe(1);
            batch[0].Control.ShouldBe(new PositionReport(btc.Id, -9_440 * btc.ContractSize, Wires.Received));
            return status;
        });
        GateioWire.PositionModeFault(Wires.Bytes(fixtures["Endpoints/PerpetualFutures/Account/GetAccount"][0])).ShouldBeNull();
        var centsPerpetual = Gateios.BtcPerpetual with { Prices = new(0.01m) };
        Take("PerpetualFutures/ExchangeData/GetOrderBook", (body, batch) =>
            new GateioWire(GateioProduct.UsdtPerpetual, [centsPerpetual]).ParseSnapshot(centsPerpetual, body, Wires.Received, batch));
        Take("PerpetualFutures/ExchangeData/GetTrades", (body, batch) => contracts.ParseTrades(btc, body, Wires.Received, batch));
        ShouldList(fixtures["Endpoints/Spot/ExchangeData/GetSymbol"][0], GateioProduct.Spot, "ETH_USDT", ref count);
        ShouldList(fixtures["Endpoints/PerpetualFutures/ExchangeData/GetContract"][0], GateioProduct.UsdtPerpetual, "BTC_USDT", ref count);
        output.WriteLine($"{count} replies");
        count.ShouldBe(23);
    }

    /// <summary>Bytes flipped, cut and repeated in every fixture of every call and channel, used or not: no parser throws, and none is led astray
    /// into an endless loop.</summary>
    [Fact]
    public void MutatedFixtures_NoExceptionLeavesAParser()
    {
        byte[][] texts = [.. Gateios.Fixtures().Values.SelectMany(f => f).Where(t => t.Length > 0).Select(Encoding.UTF8.GetBytes)];
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 4], Gen.Int[0, 100_000]).Sample((which, flips, cut) =>
        {
            var bytes = texts[which].ToArray();
            foreach (var (at, value) in flips) bytes[at % bytes.Length] = value;
            if (cut < 50_000) bytes = bytes[..(cut % bytes.Length)];
            var batch = new MessageBatch();
            foreach (var wire in new[] { Gateios.Spot, Gateios.Perpetual })
            {
                wire.Parse(bytes, Wires.Received, batch, out _);
                wire.ParseSnapshot(wire.Instruments[0], bytes, Wires.Received, batch);
                wire.ParseTrades(wire.Instruments[0], bytes, Wires.Received, batch);
                wire.ParseOrder(bytes, batch);
                wire.ParseOrders(bytes, batch, out _);
                wire.ParseFills(wire.Instruments[0], bytes, batch, out _);
                wire.ParseBalances(bytes, Wires.Received, batch);
                wire.ParseFilled(bytes);
                wire.ParsePositions(bytes, Wires.Received, batch, out _);
                GateioWire.PositionModeFault(bytes);
                GateioWire.ParseTime(bytes);
            }
        }, iter: 20_000);
    }

    private static int ShouldParse(GateioWire wire, string[] frames)
    {
        var batch = new MessageBatch();
        wire.Parse(Wires.Bytes(frames[0]), Wires.Received, batch, out var answer).ShouldBe(ParseStatus.Ignored, frames[0]);
        answer.Kind.ShouldBe(VenueFrameKind.Subscribed);
        foreach (var frame in frames.Skip(1))
        {
            var status = wire.Parse(Wires.Bytes(frame), Wires.Received, batch, out var heard);
            status.ShouldBe(ParseStatus.Parsed, Wires.Shown(status, batch));
            heard.Kind.ShouldBe(VenueFrameKind.Data);
        }

        return frames.Length;
    }

    private static void ShouldList(string entry, GateioProduct product, string symbol, ref int count)
    {
        var listing = GateioInstruments.Parse(product, Wires.Bytes($"[{entry}]"));
        listing.Faults.ShouldBeEmpty();
        listing.Require(symbol, new InstrumentId(4)).Id.ShouldBe(new InstrumentId(4));
        count++;
    }
}
