using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>The venue without its network, under whatever may be asked of it.</summary>
public sealed class VenueMarketProperties
{
    private static readonly VenueSettings Settings = new()
    {
        Seed = 7, Scenario = MarketScenarios.Volatile, Credentials = VenueDesk.Credentials, Port = 0,
    };

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Enum<Act>(), Gen.Int[0, 9], Gen.Bool, Gen.Long[-60, 60], Gen.Long[1, 20_000], Gen.Bool,
        (act, order, isBuy, distance, lots, isPostOnly) => new Step(act, order, isBuy ? Side.Buy : Side.Sell, distance, lots, isPostOnly));

    private enum Act { Place, PlaceAnother, Amend, Cancel, Wait, CancelAll }

    private readonly record struct Step(Act Act, int Order, Side Side, long DistanceTicks, long Lots, bool IsPostOnly);

    [Fact]
    public void WhateverIsAsked_AccountAndBookAgree_AndARefusalChangesNothing() => Steps.Array[1, 80].Sample(
        steps =>
        {
            var market = new VenueMarket(Settings with { Seed = steps.Length }, Timestamp.Parse("2026-01-05T12:00:00Z"));
            for (var i = 0; i < steps.Length; i++)
            {
                var before = (market.OpenOrders("").Cursor, market.FillsAfter(0, 500).Sequence);
                var fault = Take(market, steps[i], i);
                if (fault is not null) (market.OpenOrders("").Cursor, market.FillsAfter(0, 500).Sequence).ShouldBe(before, fault.Words);
                CheckOrders(market);
                CheckBalances(market);
            }
        },
        iter: 150);

    private static VenueFault? Take(VenueMarket market, Step step, int index)
    {
        var open = market.OpenOrders("").Orders;
        var id = step.Act is Act.Place or Act.PlaceAnother ? $"{(char)('a' + step.Order % 2)}{index}"
            : open.IsEmpty ? "none"
            : open[step.Order % open.Length].ClientOrderId;
        var (bid, ask) = market.Exchange.Best;
        var order = new OrderIntent
        {
            Kind = step.Act == Act.Amend ? OrderIntentKind.Amend : OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id,
            Side = step.Side, PriceTicks = (step.Side == Side.Buy ? bid.PriceTicks : ask.PriceTicks) + step.DistanceTicks, SizeLots = step.Lots,
            IsPostOnly = step.IsPostOnly,
        };
        switch (step.Act)
        {
            case Act.Place or Act.PlaceAnother:
                return market.Place(order).Fault;
            case Act.Amend:
                return market.Amend(order).Fault;
            case Act.Cancel:
                return market.Cancel(id).Fault;
            case Act.Wait:
                market.AdvanceTo(market.Now + TimeSpan.FromMilliseconds(step.Lots));
                return null;
            default:
                var ours = market.OpenOrders("a").Orders.Length;
                market.CancelAll("a").ShouldBe(ours);
                market.OpenOrders("a").Orders.ShouldBeEmpty();
                return null;
        }
    }

    private static void CheckOrders(VenueMarket market)
    {
        var open = market.OpenOrders("").Orders;
        open.Select(o => (o.ClientOrderId, o.PriceTicks, o.RemainingLots))
            .ShouldBe(market.Exchange.OpenOrders.Select(o => (o.ClientOrderId, o.PriceTicks, o.RemainingLots)));
        open.ShouldAllBe(o => o.Status == OrderStatus.Live || o.Status == OrderStatus.PartiallyFilled);
        var book = market.Book();
        foreach (var level in open.GroupBy(o => (o.Side, o.PriceTicks)))
        {
            var levels = level.Key.Side == Side.Buy ? book.Bids : book.Asks;
            levels.ToArray().Single(l => l.PriceTicks == level.Key.PriceTicks).SizeLots.ShouldBeGreaterThanOrEqualTo(level.Sum(o => o.RemainingLots));
        }

        book.Bids[0].PriceTicks.ShouldBeLessThan(book.Asks[0].PriceTicks);
    }

    private static void CheckBalances(VenueMarket market)
    {
        var fills = market.FillsAfter(0, int.MaxValue).Fills;
        var held = market.Balances().Totals.ToDictionary(b => b.Asset, b => b.Total);
        held["DCT"].ShouldBe(5_000m + fills.Sum(f => f.Side.Sign() * f.Quantity));
        held["USDT"].ShouldBe(100_000m - fills.Sum(f => f.Side.Sign() * f.Quantity * f.Price + f.Fee));
        fills.Select(f => long.Parse(f.TradeId)).ShouldBeInOrder();
    }
}
