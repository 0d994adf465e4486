using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

public sealed class MarketScenarioTests
{
    [Fact]
    public void Presets_AreTheSixNamedOnes() =>
        MarketScenarios.All.Select(s => s.Name).ShouldBe(["calm", "trending", "toxic", "volatile", "thin", "gas-spike", "lively", "parting", "two-pools"]);

    [Fact]
    public void Presets_AreValidAndFoundByName()
    {
        foreach (var scenario in MarketScenarios.All) MarketScenarios.Named(scenario.Name).Validated().ShouldBeSameAs(scenario);
    }

    [Theory]
    [InlineData("stormy")]
    [InlineData("Calm")]
    [InlineData("")]
    public void UnknownName_IsRefusedWithThoseThatThereAre(string name) =>
        Should.Throw<ParameterException>(() => MarketScenarios.Named(name)).Faults
            .ShouldBe([$"'{name}' is not known: expected calm, trending, toxic, volatile, thin, gas-spike, lively, parting, two-pools"]);

    [Fact]
    public void FaultsOfEveryPart_AreAllToldAtOnce()
    {
        var wrong = MarketScenarios.Calm with
        {
            Flow = new()
            {
                Price = new() { InitialPrice = 0, VolatilityBps = double.NaN, DriftTurnsAfter = TimeSpan.Zero },
                Providers = new() { Count = 0, LevelGapBps = 5_000 },
                Takers = new() { BranchingRatio = 1, ArrivalSensitivity = 0, InformedShare = 1.5 },
                DailyAmplitude = 1,
            },
            PoolNoise = new() { MeanQuote = 0 },
            Reference = new() { InitialPrice = 3, JumpSizeBps = -1 },
            Gas = new() { SpikeMultiple = 0.5, SpikeEvery = TimeSpan.FromMinutes(1) },
        };
        var error = Should.Throw<ParameterException>(() => wrong.Validated());
        error.Message.ShouldStartWith("market 'calm': 14 fault(s)");
        error.Faults.ShouldBe([
            "price.initialPrice = 0: expected 1E-06 to 1000000",
            "price.volatilityBps = NaN: expected 0 to 100 bps/√s",
            "price.driftTurnsAfter = 0 s: expected 1 to 2592000 s",
            "providers.count = 0: expected 1 to 100",
            "providers.levelGapBps = 5000: expected 0.1 to 1000 bps",
            "providers.levelGapBps = 5000: expected a ladder that ends within 9000 bps",
            "takers.branchingRatio = 1: expected 0 to 0.95",
            "takers.arrivalSensitivity = 0: expected 0.001 to 100 1/bps",
            "takers.informedShare = 1.5: expected 0 to 1",
            "dailyAmplitude = 1: expected 0 to 0.9",
            "poolNoise.meanQuote = 0: expected 1E-06 to 1000000000 quote token",
            "reference.jumpSizeBps = -1: expected 0 to 2000 bps",
            "gas.spikeMultiple = 0.5: expected 1 to 1000",
            "gas.spikeEvery = 60 s: expected longer than gas.spikeLasts = 240 s",
        ]);
    }

    [Fact]
    public void FaultyScenario_DoesNotBecomeAMarket()
    {
        var queue = new SimulationQueue(FlowSamples.Start);
        var wrong = MarketScenarios.Calm with { Flow = new() { DailyAmplitude = -1 } };
        Should.Throw<ParameterException>(() => new GeneratedMarket(1, wrong, queue, new ScriptedBook(FlowSamples.Dct, queue), FlowSamples.Ignore))
            .Faults.ShouldBe(["dailyAmplitude = -1: expected 0 to 0.9"]);
    }

    [Fact]
    public void ReferenceRate_IsSaidEveryHalfSecondFromTheStartOn()
    {
        var rates = Said<ReferenceRate>(MarketScenarios.Calm, seconds: 3_600);
        rates.Select(r => r.VenueTime).ShouldBe(Enumerable.Range(0, 7_201).Select(i => FlowSamples.At(0.5 * i)));
        rates[0].ShouldBe(new ReferenceRate("TON", "USDT", 3m, FlowSamples.Start));
        rates.ShouldAllBe(r => r.BaseAsset == "TON" && r.QuoteAsset == "USDT" && r.Rate > 2.8m && r.Rate < 3.2m);
    }

    [Fact]
    public void GasPrice_IsSaidEveryTenSecondsAboutItsUsualCost()
    {
        var prices = Said<GasPrice>(MarketScenarios.Calm, seconds: 36_000);
        prices.Select(p => p.VenueTime).ShouldBe(Enumerable.Range(0, 3_601).Select(i => FlowSamples.At(10 * i)));
        // Mean of a lognormal: 0.06·e^(0.05²/2).
        prices.Average(p => (double)p.TonPerSwap).ShouldBe(0.06 * Math.Exp(0.00125), 5 * 0.06 * 0.05 / Math.Sqrt(3_601));
    }

    [Fact]
    public void GasSpike_MultipliesTheCostBySixForFourMinutesOfEveryThirty()
    {
        var prices = Said<GasPrice>(MarketScenarios.GasSpike, seconds: 2 * 1_800 - 1);
        var usual = Said<GasPrice>(MarketScenarios.Calm, seconds: 2 * 1_800 - 1);
        for (var i = 0; i < prices.Count; i++)
        {
            var inSpike = i * 10 % 1_800 is >= 120 and < 360;
            prices[i].TonPerSwap.ShouldBe(usual[i].TonPerSwap * (inSpike ? 6 : 1), 0.00001m, $"after {i * 10} s");
        }
    }

    private static List<T> Said<T>(MarketScenario scenario, double seconds) where T : ControlMessage
    {
        var said = new List<T>();
        var queue = new SimulationQueue(FlowSamples.Start);
        new GeneratedMarket(41, scenario, queue, new ScriptedBook(FlowSamples.Dct, queue), Keep).Start();
        queue.RunTo(FlowSamples.At(seconds));
        return said;

        void Keep(in Input input)
        {
            if (input.Control is T message) said.Add(message);
        }
    }
}
