using System.Text.Json;
using Dmm.Core.QuickQuote;

namespace Dmm.Core.Tests.QuickQuote;

public sealed class MarketMakerServiceTests
{
    private static readonly MarketInputs Alarming =
        Telemetry.Example with { Inventory = 9_000, Volatility = 0.51, TreasurySupport = 0.8 };

    [Fact]
    public void TelemetryOfAnyForm_GivesTheQuoteOfTheModel()
    {
        var expected = MarketMakerModel.Quote(Telemetry.Example);

        MarketMakerService.Quote(Telemetry.Example).ShouldBe(expected);
        MarketMakerService.Quote(Telemetry.ExampleDictionary()).ShouldBe(expected);
        MarketMakerService.Quote(JsonSerializer.SerializeToElement(Telemetry.ExampleDictionary())).ShouldBe(expected);
    }

    [Fact]
    public void FaultyTelemetry_IsRefused() =>
        Should.Throw<MarketInputException>(() => MarketMakerService.Quote(Telemetry.ExampleWith("mid_price", "")))
            .Faults.Single().Name.ShouldBe("mid_price");

    [Fact]
    public void NothingToNote_IsOneBullet() =>
        MarketMakerService.NoteSummary(MarketMakerService.Quote(Telemetry.Example)).ShouldBe("- all conditions normal");

    [Fact]
    public void EveryNote_IsABulletInOrder() =>
        MarketMakerService.NoteSummary(MarketMakerService.Quote(Alarming)).ShouldBe(
            "- outside comfort band, schedule a rebalance\n- elevated volatility\n- treasury support active");

    [Fact]
    public void NotesAtTheirThresholds_FollowTheirComparisons()
    {
        MarketMakerService.Quote(Telemetry.Example with { Volatility = 0.5 }).Notes.ShouldBeEmpty();
        MarketMakerService.Quote(Telemetry.Example with { Volatility = 0.501 }).Notes.ShouldBe(["elevated volatility"]);
        MarketMakerService.Quote(Telemetry.Example with { TreasurySupport = 0.799 }).Notes.ShouldBeEmpty();
        MarketMakerService.Quote(Telemetry.Example with { TreasurySupport = 0.8 }).Notes.ShouldBe(["treasury support active"]);
        MarketMakerService.Quote(Telemetry.Example with { Inventory = 8_500 }).Notes.ShouldBe(["outside comfort band, schedule a rebalance"]);
        MarketMakerService.Quote(Telemetry.Example with { Inventory = 8_499 }).Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Json_HasTheFieldsInOrder()
    {
        var quote = new MarketMakerQuote
        {
            BidPrice = 1.25,
            AskPrice = 1.5,
            BidSize = 120,
            AskSize = 5000,
            SpreadBps = 62.2,
            FairValue = 1.375,
            InventoryRatio = -0.5,
            RebalanceRequired = true,
            VolatilityElevated = true,
            TreasurySupportActive = false,
        };

        quote.ToJson().ShouldBe(
            """
            {"bid_price":1.25,"ask_price":1.5,"bid_size":120,"ask_size":5000,"spread_bps":62.2,"fair_value":1.375,"inventory_ratio":-0.5,
            "rebalance_required":true,"notes":["outside comfort band, schedule a rebalance","elevated volatility"],
            "summary":"- outside comfort band, schedule a rebalance\n- elevated volatility"}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void Json_NumbersReadBackAsTheSameDoubles()
    {
        var quote = MarketMakerService.Quote(Telemetry.Example);
        var json = JsonElement.Parse(quote.ToJson());

        json.GetProperty("bid_price").GetDouble().ShouldBe(quote.BidPrice);
        json.GetProperty("ask_price").GetDouble().ShouldBe(quote.AskPrice);
        json.GetProperty("notes").GetArrayLength().ShouldBe(0);
        json.GetProperty("summary").GetString().ShouldBe("- all conditions normal");
    }

    [Fact]
    public void JsonOfAQuoteThatIsNotFinite_IsRefused() =>
        Should.Throw<ArgumentException>(() => (MarketMakerService.Quote(Telemetry.Example) with { BidPrice = double.NaN }).ToJson());
}
