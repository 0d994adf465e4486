using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels.Routing;

public sealed class RouteProperties
{
    private static readonly Gen<BookLevel[]> GenLevels = Gen.Select(Gen.Long[1, 40], Gen.Long[1, 3_000]).Array[1, 12]
        .Select(steps => steps.Select(s => new BookLevel(s.Item1, s.Item2)).ToArray());

    private static readonly Gen<RouteSetting> GenSetting = Gen.Select(
        Gen.Select(Gen.Long[9_800, 10_200], GenLevels, GenLevels, Gen.Double[0, 10]).Array[3],
        Gen.Select(Gen.Double[0.1, 40], Gen.Double[0, 5], Gen.Int[5, 300], Gen.Double[0, 0.3]),
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 400]).Array[3],
        Gen.Select(Gen.Int[-3_000, 3_000], Gen.Bool)).Select((markets, parameters, rooms, desk) =>
    {
        var setting = new RouteSetting { Held = desk.Item1, Gas = (decimal)parameters.Item4, Pool = new() { TransferTaxBps = 5 } };
        if (desk.Item2) setting.Instruments = setting.Instruments.SetItem(0, RouteSetting.Market(0, "pool", isPool: true));
        for (var i = 0; i < 3; i++)
        {
            Stack(setting.Books[i].Bids, markets[i].Item1, markets[i].Item2, -1);
            Stack(setting.Books[i].Asks, markets[i].Item1 + 2, markets[i].Item3, +1);
            setting.TakerFeeBps[i] = markets[i].Item4;
            setting.Rooms[i] = (new(rooms[i].Item1, rooms[i].Item2), new(rooms[i].Item2, rooms[i].Item1));
        }

        setting.Parameters = new()
        {
            ThresholdBps = parameters.Item1, SlippageBps = parameters.Item2, TradeNotionalMax = parameters.Item3, UnhedgedNotionalMax = 500,
        };
        return setting;
    });

    [Fact]
    public void Trade_IsNeverAtALossAfterDeclaredCosts_EvenAtItsLimits() => GenSetting.Sample(setting =>
    {
        if (setting.Find() is not { Kind: RouteKind.Arbitrage } found) return;
        var quantity = found.Quantity;
        var paid = Net(found.Buy, Side.Buy, found.BuyTicks, quantity, setting);
        var received = Net(found.Sell, Side.Sell, found.SellTicks, quantity, setting);
        (received - paid).ShouldBeGreaterThan(0);
        found.Terms.NetBps.ShouldBeGreaterThanOrEqualTo(found.Terms.ThresholdBps - 1e-6);
        found.Terms.MarginalBps.ShouldBeLessThanOrEqualTo(found.Terms.NetBps + 1e-3);
    }, iter: 20_000);

    [Fact]
    public void Trade_IsWithinEveryBound() => GenSetting.Sample(setting =>
    {
        if (setting.Find() is not { } found) return;
        var (quantity, p) = (found.Quantity, setting.Parameters);
        foreach (var (market, side, ticks) in new[] { (found.Buy, Side.Buy, found.BuyTicks), (found.Sell, Side.Sell, found.SellTicks) })
        {
            if (found.Kind == RouteKind.Hedge && side != found.FirstSide) continue;
            var lots = market.Lots(quantity);
            market.Quantity(lots).ShouldBe(quantity);
            market.Takes(lots, ticks).ShouldBeTrue();
            var most = Math.Min(market.Room(side).Notional, p.TradeNotionalMax);
            if (!market.Instrument.IsPool) market.Instrument.Notional(lots, ticks).ShouldBeLessThanOrEqualTo(most);
            if (side == found.FirstSide) quantity.ShouldBeLessThanOrEqualTo(market.Room(side).BaseQuantity);
        }

        found.Buy.Instrument.Id.ShouldNotBe(found.Sell.Instrument.Id);
        if (found.Kind == RouteKind.Hedge) quantity.ShouldBeLessThanOrEqualTo(Math.Abs(setting.Held));
    }, iter: 20_000);

    /// <summary>
    /// Whatever venues say, in whatever order: one leg at a time, none for more than is open for certain, and the sum of what the legs have traded
    /// is what their fills say.
    /// </summary>
    [Fact]
    public void Legs_NeverDoubleAndAddUp() => Gen.Select(Gen.Int[0, 9], Gen.Int[1, 1_000], Gen.Int[0, 20]).Array[1, 60].Sample(script =>
    {
        var table = new RouteTable();
        var (net, filled) = (0m, new Dictionary<string, decimal>());
        foreach (var (what, lots, pick) in script)
        {
            var placed = table.Placed.Count();
            var exposure = table.State.Trade?.Exposure ?? 0;
            var open = table.State.Trade?.OpenLeg;
            Play(table, what, lots, pick, filled, ref net);
            table.Placed.Count().ShouldBeLessThanOrEqualTo(placed + 1);
            if (table.State.Trade is { } trade) trade.Legs.Count(l => !l.EndedAt.IsKnown).ShouldBeLessThanOrEqualTo(1);
            if (table.Placed.Count() == placed || table.State.Trade is not { OpenLeg: { Purpose: not RoutePurpose.First } leg } now) continue;
            // It closes, and no more than what the legs before it have left open.
            var before = now.Legs.RemoveAt(now.Legs.Length - 1).Sum(l => l.Change);
            (leg.Side.Sign() * before).ShouldBeLessThan(0);
            leg.Size.ShouldBeLessThanOrEqualTo(Math.Abs(before));
        }

        var known = (table.State.Trade?.Legs ?? []).Where(l => !l.ClientOrderId.EndsWith('+'));
        foreach (var leg in known.Concat(table.State.Ended.Select(e => e.Leg)).Where(l => !l.ClientOrderId.EndsWith('+')))
            leg.Filled.ShouldBe(filled.GetValueOrDefault(leg.ClientOrderId));
        net.ShouldBe(table.Setting.Held);
    }, iter: 3_000);

    private static void Play(RouteTable table, int what, int lots, int pick, Dictionary<string, decimal> filled, ref decimal net)
    {
        var sent = table.Placed.ToArray();
        if (sent.Length == 0 || what == 0)
        {
            table.After(0.3);
            return;
        }

        // Mostly of the last leg, now and then of an earlier one, ended or not.
        var order = pick == 0 ? sent[lots % sent.Length] : sent[^1];
        var (id, left) = (order.ClientOrderId, order.SizeLots / 10m - filled.GetValueOrDefault(order.ClientOrderId));
        switch (what)
        {
            case <= 3 when left > 0:
                var quantity = Math.Min(left, lots / 10m);
                filled[id] = filled.GetValueOrDefault(id) + quantity;
                net += order.Side.Sign() * quantity;
                table.Fills(quantity, id);
                break;
            case 4:
                table.Told(OrderStatus.PendingUnknown, order.SizeLots, id);
                break;
            // What a venue says remains is what remains.
            case 5 or 6:
                table.Told(left > 0 ? OrderStatus.Cancelled : OrderStatus.Filled, (long)(left * 10), id);
                break;
            case 7 when left == 0:
                table.Told(OrderStatus.Filled, 0, id);
                break;
            case 8 when left == order.SizeLots / 10m:
                table.Told(OrderStatus.Rejected, order.SizeLots, id);
                break;
            default:
                table.After(0.1 * pick);
                break;
        }
    }

    private static decimal Net(RouteMarket market, Side side, long ticks, decimal quantity, RouteSetting setting)
    {
        var worth = market.Instrument.Prices.ToDecimal(ticks) * quantity;
        // What a pool keeps, and gas, are in the limit itself.
        return market.Instrument.IsPool ? worth
            : worth * (1 + side.Sign() * (decimal)market.Venue.TakerFeeBps * 1e-4m);
    }

    private static void Stack(List<BookLevel> levels, long from, BookLevel[] steps, int direction)
    {
        levels.Clear();
        foreach (var (step, lots) in steps) levels.Add(new(from += direction * step, lots));
    }
}
