using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Topology.Tests;

public sealed class OwnOrdersTests
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(130.1);

    /// <summary>Ours is the best bid of a market 20 bps wide, and the book shows it: where the book is a venue's, the fair value must not follow.</summary>
    [Theory]
    [InlineData(TradingMode.Live, true)]
    [InlineData(TradingMode.Paper, false)]
    public void FairValue_DoesNotFollowOurOwnQuote(TradingMode mode, bool staysPut)
    {
        var market = ScenarioMarket.OneVenue();
        using var desk = new Desk(market.Instruments, market.Parameters, mode);
        for (var at = TimeSpan.Zero; at < Shown; at += TimeSpan.FromSeconds(0.5)) desk.Snapshot(at, 0, midTicks: 10_000, spreadTicks: 20);
        var best = desk.Resting().Values.Where(order => order.Side == Side.Buy).MaxBy(order => order.PriceTicks)!;
        best.PriceTicks.ShouldBeGreaterThan(9_990);

        desk.Take(Shown, new OrderUpdate
        {
            Instrument = best.Instrument, ClientOrderId = best.ClientOrderId, Status = OrderStatus.Live, Side = Side.Buy, PriceTicks = best.PriceTicks,
            RemainingLots = best.SizeLots, Reason = "",
        });
        desk.Delta(Shown + TimeSpan.FromMilliseconds(1), 0, Side.Buy, best.PriceTicks, best.SizeLots);
        desk.AdvanceTo(TimeSpan.FromSeconds(130.5));

        (desk.LastQuote().FairValue == 1.0).ShouldBe(staysPut);
    }
}
