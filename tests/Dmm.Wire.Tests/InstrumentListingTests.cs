using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Dmm.Core;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

public sealed class InstrumentListingTests
{
    private const string Usdm =
        """
        {"symbols":[
          {"symbol":"BLZUSDT","baseAsset":"BLZ","quoteAsset":"USDT","baseAssetPrecision":8,"filters":[
            {"filterType":"PRICE_FILTER","maxPrice":"300","minPrice":"0.0001","tickSize":"0.0001"},
            {"filterType":"LOT_SIZE","maxQty":"10000000","minQty":"1","stepSize":"1"},{"filterType":"MIN_NOTIONAL","notional":"5.0"}]},
          {"symbol":"BADUSDT","baseAsset":"BAD","quoteAsset":"USDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0"},{"filterType":"LOT_SIZE","stepSize":"1","minQty":"1"}]}]}
        """;

    [Fact]
    public void BinanceUsdm_GridsAndMinimums()
    {
        var listing = BinanceInstruments.Parse(BinanceMarket.UsdMargined, Wires.Bytes(Usdm));
        var instrument = listing.Require("BLZUSDT", new InstrumentId(5));
        instrument.Id.ShouldBe(new InstrumentId(5));
        instrument.Name.ShouldBe("binance-usdm:BLZUSDT");
        instrument.Kind.ShouldBe(ContractKind.Linear);
        instrument.SequenceRule.ShouldBe(BookSequenceRule.PreviousId);
        instrument.Prices.Step.ShouldBe(0.0001m);
        instrument.Sizes.Step.ShouldBe(1m);
        instrument.OrderStepLots.ShouldBe(1);
        instrument.MinimumNotional.ShouldBe(5m);
    }

    [Fact]
    public void FaultyEntry_NamedWhenAskedFor_OthersKept()
    {
        var listing = BinanceInstruments.Parse(BinanceMarket.UsdMargined, Wires.Bytes(Usdm));
        listing.Faults.ShouldBe(["BADUSDT: tickSize is '0': expected a decimal above zero"]);
        Should.Throw<KeyNotFoundException>(() => listing.Require("BADUSDT", default)).Message
            .ShouldBe("binance-usdm lists BADUSDT: tickSize is '0': expected a decimal above zero");
    }

    [Fact]
    public void UnknownSymbol_NamedWithWhatIsKnown()
    {
        var listing = BinanceInstruments.Parse(BinanceMarket.UsdMargined, Wires.Bytes(Usdm));
        Should.Throw<KeyNotFoundException>(() => listing.Require("DCTUSDT", default)).Message
            .ShouldBe("unknown symbol 'DCTUSDT' at binance-usdm: known are BLZUSDT");
        Should.Throw<KeyNotFoundException>(() => BinanceInstruments.BuiltIn(BinanceMarket.CoinMargined, "BTCUSDT", default)).Message
            .ShouldBe("unknown symbol 'BTCUSDT' at binance-coinm: known without an exchangeInfo reply is BTCUSD_PERP");
    }

    [Fact]
    public void BinanceSpot_BookOnTheAssetsPrecision_OrdersOnTheStep()
    {
        var reply = """
            {"symbols":[{"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT","baseAssetPrecision":8,"filters":[
              {"filterType":"PRICE_FILTER","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","minQty":"0.00001000","stepSize":"0.00001000"},
              {"filterType":"NOTIONAL","minNotional":"5.00000000"}]}]}
            """;
        var instrument = BinanceInstruments.Parse(BinanceMarket.Spot, Wires.Bytes(reply)).Require("BTCUSDT", new(0));
        instrument.ShouldBe(Wires.SpotBtc);
        instrument.Sizes.Step.ShouldBe(0.00000001m);
        instrument.OrderStepLots.ShouldBe(1_000);
    }

    [Fact]
    public void BinanceCoinm_ContractsOfQuote()
    {
        var reply = """
            {"symbols":[{"symbol":"BTCUSD_PERP","pair":"BTCUSD","contractSize":100,"quoteAsset":"USD","baseAsset":"BTC","filters":[
              {"filterType":"PRICE_FILTER","tickSize":"0.1"},{"filterType":"LOT_SIZE","minQty":"1","stepSize":"1"}]}]}
            """;
        BinanceInstruments.Parse(BinanceMarket.CoinMargined, Wires.Bytes(reply)).Require("BTCUSD_PERP", new(2)).ShouldBe(Wires.CoinmBtc);
    }

    [Fact]
    public void Okx_SpotAndContracts_OptionsAreFaults()
    {
        var reply = """
            {"code":"0","data":[
              {"baseCcy":"TON","ctMult":"","ctType":"","ctVal":"","instId":"TON-USDT","instType":"SPOT","lotSz":"0.0001","minSz":"1","quoteCcy":"USDT","state":"live","tickSz":"0.0001","uly":""},
              {"baseCcy":"","ctMult":"1","ctType":"inverse","ctVal":"10","instId":"UNI-USD-SWAP","instType":"SWAP","lotSz":"1","minSz":"1","quoteCcy":"","state":"live","tickSz":"0.001","uly":"UNI-USD"},
              {"baseCcy":"","ctMult":"1","ctType":"linear","ctVal":"0.01","instId":"BTC-USDT-SWAP","instType":"SWAP","lotSz":"1","minSz":"1","quoteCcy":"","state":"live","tickSz":"0.1","uly":"BTC-USDT"},
              {"baseCcy":"BTC","instId":"BTC-USDT","instType":"SPOT","lotSz":"0.0001","minSz":"1","quoteCcy":"USDT","state":"suspend","tickSz":"0.1","uly":""},
              {"instId":"BTC-USD-220527-30000-C","instType":"OPTION","lotSz":"1","tickSz":"0.0005","uly":"BTC-USD"}],"msg":""}
            """;
        var listing = OkxInstruments.Parse(Wires.Bytes(reply), BookSequenceRule.ChecksumOnly);
        listing.Require("TON-USDT", new(0)).ShouldBe(Wires.OkxTon with { MinimumSize = 1m });
        var uni = listing.Require("UNI-USD-SWAP", new(1));
        (uni.BaseAsset, uni.QuoteAsset, uni.Kind, uni.ContractSize).ShouldBe(("UNI", "USD", ContractKind.Inverse, 10m));
        var btc = listing.Require("BTC-USDT-SWAP", new(2));
        (btc.Kind, btc.ContractSize).ShouldBe((ContractKind.Linear, 0.01m));
        listing.Faults.ShouldBe(["BTC-USDT: state is 'suspend': expected live", "BTC-USD-220527-30000-C: instType is 'OPTION': expected SPOT, SWAP or FUTURES"]);
    }

    [Theory]
    [InlineData("{", "okx: the reply is not JSON: ")]
    [InlineData("{}", "okx: the reply holds no array 'data'")]
    [InlineData("[]", "okx: the reply holds no array 'data'")]
    public void NotAListing_SaysWhatWasExpected(string reply, string message) =>
        Should.Throw<FormatException>(() => OkxInstruments.Parse(Wires.Bytes(reply), BookSequenceRule.ChecksumOnly)).Message.ShouldStartWith(message);

    [Theory]
    [InlineData(BinanceMarket.UsdMargined, "UsdFutures", "BLZUSDT", "0.0001", "1", 1)]
    [InlineData(BinanceMarket.CoinMargined, "CoinFutures", "BTCUSD_200925", "0.1", "1", 100)]
    public void VenuesOwnExampleReply_Parsed(BinanceMarket market, string folder, string symbol, string tick, string lot, int contractSize)
    {
        using var archive = new TarReader(new GZipStream(
            File.OpenRead(SharedData.SkipUnlessPresent("data", "fixtures", "Binance.Net-fixtures.tar.gz")), CompressionMode.Decompress));
        while (archive.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith($"Endpoints/{folder}/ExchangeData/GetExchangeInfo.txt", StringComparison.Ordinal)) continue;
            var text = new StreamReader(entry.DataStream!).ReadToEnd();
            var instrument = BinanceInstruments.Parse(market, Wires.Bytes(text[text.IndexOf('{')..])).Require(symbol, new(0));
            instrument.Prices.Step.ShouldBe(decimal.Parse(tick, CultureInfo.InvariantCulture));
            instrument.Sizes.Step.ShouldBe(decimal.Parse(lot, CultureInfo.InvariantCulture));
            instrument.ContractSize.ShouldBe(contractSize);
            return;
        }

        Assert.Fail("the archive holds no such reply");
    }
}
