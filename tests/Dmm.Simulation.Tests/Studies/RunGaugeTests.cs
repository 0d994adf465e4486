using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Simulation.Tests.Studies;

/// <summary>What a gauge makes of inputs and decisions given by hand, at seconds from where it begins to measure.</summary>
public sealed class RunGaugeTests
{
    private static readonly Timestamp From = RiskSamples.Start;

    private readonly RunGauge _gauge = GaugeOf(starting: 5_000, target: 5_000);

    [Fact]
    public void Inventory_WeighsAsLongAsItLasts()
    {
        // 0 for 10 s, 0.5 for 20 s, −1 for 10 s.
        Decide(10, Inventory(0.5));
        Decide(30, Inventory(-1));
        var figures = _gauge.Until(At(40));
        figures.InventoryVariance.ShouldBe((20 * 0.25 + 10 * 1) / 40.0, 1e-12);
        figures.InventoryRatioMax.ShouldBe(1);
    }

    [Fact]
    public void Profit_CountsFromTheBeginning_AndFallsFromItsPeak()
    {
        foreach (var (second, profit) in new[] { (-1.0, 4m), (10, 6), (20, 3), (30, 9), (40, 5.5m), (50, 7) }) Decide(second, Profit(profit));
        var figures = _gauge.Until(At(60));
        (figures.Pnl, figures.Drawdown).ShouldBe((3, 3.5));
    }

    [Fact]
    public void ProfitOfInventoryBeyondTheTarget_IsInIt()
    {
        // A fifth of the starting 5,000 is beyond the target, and so is a fifth of its gain.
        var gauge = GaugeOf(starting: 5_000, target: 4_000);
        gauge.OnDecision(new(1, new(1, null, At(5)), Profit(2, startingGain: 50)));
        gauge.Until(At(60)).Pnl.ShouldBe(12, 1e-12);
    }

    [Fact]
    public void Minutes_AddUpToTheProfitOfFullMinutes()
    {
        foreach (var (second, profit) in new[] { (30.0, 1m), (60, 2), (61, 5), (170, 4), (200, 100) }) Decide(second, Profit(profit));
        _gauge.Until(At(230)).MinutePnls.ShouldBe([2, 3, -1]);
    }

    [Fact]
    public void RealisedSpread_IsTwiceTheMarkoutAfterFiveSeconds_ByVolume()
    {
        Hear(1, RiskSamples.Fill(RiskSamples.Spot, Side.Buy, 3, 100, tradeId: "a"));
        Hear(2, RiskSamples.Fill(RiskSamples.Spot, Side.Sell, 1, 100, tradeId: "b"));
        Hear(3, RiskSamples.Fill(RiskSamples.Spot, Side.Sell, 9, 100, tradeId: "not yet known"));
        Decide(6, new Markout(RiskSamples.Spot, "a", Side.Buy, TimeSpan.FromSeconds(5), 2));
        Decide(7, new Markout(RiskSamples.Spot, "a", Side.Buy, TimeSpan.FromSeconds(1), 50));
        Decide(7, new Markout(RiskSamples.Spot, "b", Side.Sell, TimeSpan.FromSeconds(5), -4));
        var figures = _gauge.Until(At(10));
        figures.RealisedSpreadBps!.Value.ShouldBe(2 * (3 * 2 + 1 * -4) / 4.0, 1e-12);
        (figures.Fills, figures.Volume).ShouldBe((3, 13));
    }

    [Fact]
    public void FillRatio_CountsOrders_AndNotThoseRefused()
    {
        foreach (var id in (string[])["A1", "A2", "A3"]) Decide(1, Placed(id));
        Hear(2, new OrderUpdate
        {
            Instrument = RiskSamples.Spot, ClientOrderId = "A3", Status = OrderStatus.Rejected, Side = Side.Buy, PriceTicks = 1, RemainingLots = 1,
            Reason = "no",
        });
        Hear(3, RiskSamples.Fill(RiskSamples.Spot, Side.Buy, 1, 100, tradeId: "a"));
        Hear(4, RiskSamples.Fill(RiskSamples.Spot, Side.Buy, 1, 100, tradeId: "b"));
        _gauge.Until(At(10)).FillRatio.ShouldBe(0.5);
    }

    [Fact]
    public void States_CountByTheirTime()
    {
        Decide(-5, State(TradingState.Active));
        Decide(10, State(TradingState.Halted));
        Decide(40, State(TradingState.Widened));
        Decide(60, State(TradingState.Active));
        var figures = _gauge.Until(At(100));
        (figures.HaltedShare, figures.RestrainedShare).ShouldBe((0.3, 0.2));
    }

    [Fact]
    public void NothingAtAll_IsARunHaltedAtItsTarget()
    {
        var figures = _gauge.Until(At(60));
        (figures.HaltedShare, figures.Pnl, figures.Fills, figures.RealisedSpreadBps, figures.FillRatio).ShouldBe((1, 0, 0, null, null));
    }

    private static Timestamp At(double seconds) => From + TimeSpan.FromSeconds(seconds);

    private static RunGauge GaugeOf(decimal starting, decimal target)
    {
        var inventory = RiskSamples.Parameters.Inventory with { Starting = starting, Target = target };
        return new(RiskSamples.Catalog, RiskSamples.Parameters with { Inventory = inventory }, From);
    }

    private static InventorySnapshot Inventory(double ratio) => new()
    {
        Total = 0, Starting = 0, InventoryRatio = ratio, Positions = [], AppliedFills = 0, DuplicateFills = 0, RefusedFills = 0,
    };

    private static PnlSnapshot Profit(decimal orderFlow, decimal startingGain = 0) => new()
    {
        Realised = orderFlow, Unrealised = 0, OrderFlow = orderFlow, StartingMarkToMarket = startingGain, InventoryNotional = 0, Drawdown = 0,
        DeepestDrawdown = 0, SessionStart = From, Instruments = [], Unvalued = "",
    };

    private static OrderIntent Placed(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = RiskSamples.Spot, ClientOrderId = id, Side = Side.Buy, PriceTicks = 1, SizeLots = 1,
        IsPostOnly = true,
    };

    private static TradingStateChange State(TradingState to) => new() { From = TradingState.Active, To = to, Multiplier = 1, Reason = "" };

    private void Decide(double second, object body) => _gauge.OnDecision(new(1, new(1, null, At(second)), body));

    private void Hear(double second, ControlMessage message) => _gauge.OnInput(new(1, At(second)), new Input(message));
}
