using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Rates;
using Dmm.Pipeline.Venues;

namespace Dmm.Pipeline.Tests.Rates;

/// <summary>What <c>--rate</c> may say, and which rates a desk needs.</summary>
public sealed class RateChoiceTests
{
    private static readonly InstrumentCatalog Desk = new(
    [
        Market("okx", "DCT-USDT", "DCT", "USDT"), Market("stonfi", "DCT-TON", "DCT", "TON", 1), Market("dedust", "DCT-TON", "DCT", "TON", 2),
        Market("bybit-spot", "DCTBTC", "DCT", "BTC", 3),
    ]);

    private static readonly ImmutableArray<string> Numeraires = ["USD", "USDT", "USDC"];

    [Theory]
    [InlineData("okx:TON-USDT", "okx", null)]
    [InlineData("okx:GRAM-USDT=TON", "okx", "TON")]
    [InlineData("binance-spot:TONUSDT@http://127.0.0.1:9000=TON", "binance-spot", "TON")]
    [InlineData("gateio-spot:TON_USDT@http://127.0.0.1:9000", "gateio-spot", null)]
    public void Market_NeedsNoKey(string text, string venue, string? asset)
    {
        List<string> faults = [];
        var choice = RateChoice.Read([text], faults, TimeProvider.System).ShouldHaveSingleItem();
        faults.ShouldBeEmpty();
        (choice.Venue.Name, choice.Asset).ShouldBe((venue, asset));
        if (text.Contains('@', StringComparison.Ordinal)) choice.Venue.Address.ShouldStartWith("127.0.0.1:9000");
    }

    [Fact]
    public void WhatIsNone_IsSaidAllAtOnce()
    {
        List<string> faults = [];
        RateChoice.Read(
            ["TON", "okx:TON-USDT,BTC-USDT", "http://127.0.0.1:8090", "kraken:TONUSD", "okx:GRAM-USDT=", "okx-swap:TON-USDT", "okx:A-B", "okx:A-B"],
            faults, TimeProvider.System).Length.ShouldBe(1);
        faults.ShouldBe(
        [
            "--rate okx:A-B is given twice",
            $"--rate 'TON' names no market: expected {RateChoice.Expected}",
            $"--rate 'okx:TON-USDT,BTC-USDT' names no market: expected {RateChoice.Expected}",
            $"--rate 'http://127.0.0.1:8090' names no market: expected {RateChoice.Expected}",
            $"--rate: 'kraken' is not known: expected one of {string.Join(", ", MarketConnections.Collected)}",
            "--rate 'okx:GRAM-USDT=': '' is no name of an asset: expected letters and digits, such as TON",
            "--rate okx-swap: 'TON-USDT' is no perpetual: expected a symbol such as DCT-USDT-SWAP",
        ]);
    }

    [Fact]
    public void DeskWithARateForEachQuoteAsset_IsSound() => RateMarket.Require(
        [Rate("okx:TON-USDT", Market("okx", "TON-USDT", "TON", "USDT")), Rate("okx:BTC-USDC", Market("okx", "BTC-USDC", "BTC", "USDC"))], Desk,
        Numeraires);

    [Fact]
    public void DeskWithoutMarketsThatNeedOne_TakesNone()
    {
        InstrumentCatalog one = new([Market("okx", "DCT-USDT", "DCT", "USDT")]);
        RateMarket.Require([], one, Numeraires);
        Refused([Rate("okx:TON-USDT", Market("okx", "TON-USDT", "TON", "USDT"))], one).ShouldBe(
            ["--rate okx:TON-USDT tells what TON is worth, which no market is quoted in: expected none"]);
    }

    [Fact]
    public void AssetsWithoutARate_AreAllNamed_WithTheirMarkets() => Refused([], Desk).ShouldBe(
    [
        $"nothing tells what BTC is worth, which bybit-spot:DCTBTC is quoted in: expected --rate with a market of it, {RateChoice.Expected}",
        "nothing tells what TON is worth, which stonfi:DCT-TON, dedust:DCT-TON is quoted in: expected --rate with a market of it, "
            + RateChoice.Expected,
    ]);

    [Fact]
    public void RatesThatAreOfNoUse_AreNamed()
    {
        var faults = Refused(
        [
            Rate("okx:GRAM-USDT", Market("okx", "GRAM-USDT", "GRAM", "USDT")), Rate("okx:TON-EUR", Market("okx", "TON-EUR", "TON", "EUR")),
            Rate("bybit-spot:TONUSDT", Market("bybit-spot", "TONUSDT", "TON", "USDT")),
            Rate("okx:BTC-USDT", Market("okx", "BTC-USDT", "BTC", "USDT")),
        ], Desk);
        faults.ShouldBe(
        [
            "--rate okx:GRAM-USDT tells what GRAM is worth, which no market is quoted in: expected BTC or TON",
            "--rate okx:TON-EUR is quoted in EUR: expected a market quoted in USD or USDT or USDC",
            "--rate okx:TON-EUR and bybit-spot:TONUSDT tell both what TON is worth: expected one",
        ]);
    }

    private static IReadOnlyList<string> Refused(ImmutableArray<RateMarket> rates, InstrumentCatalog desk) =>
        Should.Throw<BadInputException>(() => RateMarket.Require(rates, desk, Numeraires)).Faults;

    private static RateMarket Rate(string text, Instrument instrument) =>
        new(text, RateChoice.Read([text], [], TimeProvider.System)[0].Venue, instrument);

    private static Instrument Market(string venue, string symbol, string baseAsset, string quoteAsset, int id = 0) => new()
    {
        Id = new(id), Venue = venue, Symbol = symbol, BaseAsset = baseAsset, QuoteAsset = quoteAsset, Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.001m), Sizes = new(1m), IsPool = quoteAsset == "TON",
    };
}
