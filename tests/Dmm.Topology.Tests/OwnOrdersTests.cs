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

        desk.Take(Shown, Update(best, OrderStatus.Live));
        desk.Delta(Shown + TimeSpan.FromMilliseconds(1), 0, Side.Buy, best.PriceTicks, best.SizeLots);
        desk.AdvanceTo(TimeSpan.FromSeconds(130.5));

        (desk.LastQuote().FairValue == 1.0).ShouldBe(staysPut);
    }

    /// <summary>
    /// The answer to a cancel overtakes the feed. What the book shows for some milliseconds more is still not another's, or we would follow what was
    /// ours.
    /// </summary>
    [Fact]
    public void OrderCancelledBeforeTheBookTellsOfIt_DoesNotMoveTheQuote()
    {
        var market = ScenarioMarket.OneVenue();
        using var desk = new Desk(market.Instruments, market.Parameters, TradingMode.Live);
        for (var at = TimeSpan.Zero; at < Shown; at += TimeSpan.FromSeconds(0.5)) desk.Snapshot(at, 0, midTicks: 10_000, spreadTicks: 20);
        var best = desk.Resting().Values.Where(order => order.Side == Side.Buy).MaxBy(order => order.PriceTicks)!;
        desk.Take(Shown, Update(best, OrderStatus.Live));
        desk.Delta(Shown + TimeSpan.FromMilliseconds(1), 0, Side.Buy, best.PriceTicks, best.SizeLots);

        desk.Take(Shown + TimeSpan.FromMilliseconds(100), Update(best, OrderStatus.Cancelled));
        desk.Delta(Shown + TimeSpan.FromMilliseconds(101), 0, Side.Sell, 10_030, 10);
        desk.AdvanceTo(TimeSpan.FromSeconds(130.5));
        desk.Delta(TimeSpan.FromSeconds(130.51), 0, Side.Buy, best.PriceTicks, 0);
        desk.AdvanceTo(TimeSpan.FromSeconds(131));

        var quotes = desk.Of<QuoteTarget>().Where(quote => quote.At > Desk.Start + Shown).Select(quote => quote.Body).ToArray();
        quotes.Length.ShouldBe(2);
        quotes.Select(quote => quote.FairValue).ShouldAllBe(value => value == 1.0);
    }

    private static OrderUpdate Update(OrderIntent order, OrderStatus status) => new()
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = status == OrderStatus.Cancelled ? 0 : order.SizeLots, Reason = "",
    };
}
