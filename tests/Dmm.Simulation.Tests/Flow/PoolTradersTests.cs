using Dmm.Core;
using Dmm.Simulation.Tests.Venues;
using static Dmm.Simulation.Tests.Venues.PoolDesk;

namespace Dmm.Simulation.Tests.Flow;

public sealed class PoolTradersTests
{
    // Fees of 30 bps on a mid of 0.01, and a threshold of 30: nothing pays between 0.00994 and 0.01006.
    [Theory]
    [InlineData(0.01005, null)]
    [InlineData(0.00995, null)]
    [InlineData(0.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(0.0102, Side.Buy)]
    [InlineData(0.0098, Side.Sell)]
    public void Arbitrageur_ActsBeyondFeesAndThresholdOnly(double reference, Side? side)
    {
        var desk = new PoolDesk().Started();
        new PoolArbitrageur(desk.Pool, () => reference, new(), desk.Queue, new(1)).Start();
        desk.RunTo(60);

        desk.Trades().Select(t => (Side?)t.Trade.Aggressor).ShouldBe(side is null ? [] : [side], "once is enough: what is left does not pay");
        if (side is null) return;
        var mid = (double)desk.Pool.Pool.Quote / (double)desk.Pool.Pool.Base;
        mid.ShouldBe(reference * (side == Side.Buy ? 1 - 0.003 : 1 + 0.003), reference * 1e-4, "up to the fees");
    }

    [Fact]
    public void Arbitrageur_FollowsTheReference()
    {
        var desk = new PoolDesk().Started();
        new PoolArbitrageur(desk.Pool, () => desk.Queue.Now < Start + TimeSpan.FromSeconds(60) ? 0.011 : 0.009, new(), desk.Queue, new(1)).Start();
        desk.RunTo(120);
        desk.Trades().Select(t => t.Trade.Aggressor).ShouldBe([Side.Buy, Side.Sell]);
    }

    [Fact]
    public void NoiseTraders_SwapAtTheirRateAndMeanSize()
    {
        var desk = new PoolDesk(reserves: Reserves with { Base = Reserves.Base * 1_000, Quote = Reserves.Quote * 1_000 }).Started();
        new PoolNoiseTraders(desk.Pool, new() { SwapsPerSecond = 0.5, MeanQuote = 30, BuyShare = 0.25 }, desk.Queue, new(5)).Start();
        desk.RunTo(20_000);

        var trades = desk.Trades().Select(t => t.Trade).ToArray();
        // Five standard errors of each.
        ((double)trades.Length).ShouldBe(10_000, 5 * Math.Sqrt(10_000));
        ((double)trades.Count(t => t.Aggressor == Side.Buy)).ShouldBe(trades.Length * 0.25, 5 * Math.Sqrt(trades.Length * 0.1875));
        trades.Average(t => t.SizeLots * 0.1 * t.PriceTicks * 0.00001).ShouldBe(30, 5 * 30 / Math.Sqrt(trades.Length));
    }

    [Fact]
    public void FaultyRules_NameThemselves()
    {
        var faults = new ParameterFaults();
        new PoolArbitrageRules { ThresholdBps = -1 }.CollectFaults(faults);
        new PoolNoiseRules { SwapsPerSecond = 0, BuyShare = 2 }.CollectFaults(faults);
        faults.Faults.Count.ShouldBe(3);
    }
}
