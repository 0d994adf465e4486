using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Topology.Tests;

/// <summary>The determinism contract with the router on: books that part at random, and venues that say anything of its legs.</summary>
public sealed class RouterDeterminismTests
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(125);

    private static readonly Gen<(int Kind, int Size, double GapMs)[]> Scripts =
        Gen.Select(Gen.Int[0, 11], Gen.Int[-80, 80], Gen.Double[0.1, 700]).Array[10, 80];

    [Fact]
    public void SameScriptTwice_SameDecisions() => Scripts.Sample(script => Lines(Play(script)).ShouldBe(Lines(Play(script))), iter: 15);

    [Fact]
    public void RestartFromSnapshotsAnywhere_SameDecisions() =>
        Gen.Select(Scripts, Gen.Int[1, 20]).Sample((script, every) => Lines(Play(script, every)).ShouldBe(Lines(Play(script))), iter: 25);

    [Fact]
    public void WhateverVenuesSay_LegsNeverDouble()
    {
        var legs = 0;
        Scripts.Sample(script =>
        {
            using var desk = Play(script);
            var open = new HashSet<string>();
            foreach (var (at, kind, id) in Legs(desk))
            {
                if (kind == "placed") Interlocked.Increment(ref legs);
                if (kind == "placed") open.Add(id);
                else open.Remove(id);
                open.Count.ShouldBeLessThanOrEqualTo(1, $"at {at}");
            }
        }, iter: 40);
        legs.ShouldBeGreaterThan(40);
    }

    // Placements and ends of legs, as they came.
    private static IEnumerable<(Timestamp At, string Kind, string Id)> Legs(Desk desk)
    {
        var placed = desk.Decisions.Where(d => d.Body is OrderIntent { Kind: OrderIntentKind.Place, TimeInForce: TimeInForce.ImmediateOrCancel })
            .Select(d => (d.Cause.At, Order: d.Cause.Sequence * 2 + 1, Kind: "placed", ((OrderIntent)d.Body).ClientOrderId));
        var ended = desk.Inputs.Where(i => i.Input.Kind == InputKind.Control && i.Input.Control is OrderUpdate { Status: >= OrderStatus.Filled })
            .Select(i => (i.Stamp.At, Order: i.Stamp.Sequence * 2, Kind: "ended", ((OrderUpdate)i.Input.Control).ClientOrderId));
        return placed.Concat(ended).OrderBy(e => e.Order).Select(e => (e.At, e.Kind, e.ClientOrderId));
    }

    private static string[] Lines(Desk desk)
    {
        using (desk) return [.. desk.Decisions.Select(Line)];
    }

    private static string Line(Decision decision) => decision.Body is QuoteTarget quote
        ? $"{decision.Number} {decision.Cause} {quote with { Bids = [], Asks = [] }} {string.Join(' ', quote.Bids)} | {string.Join(' ', quote.Asks)}"
        : $"{decision.Number} {decision.Cause} {decision.Body}";

    private static Desk Play((int Kind, int Size, double GapMs)[] script, int restartEvery = 0)
    {
        var market = ScenarioMarket.TwoVenues().With(p => p with
        {
            Router = new() { ThresholdBps = 2, TradeNotionalMax = 100, UnhedgedNotionalMax = 120, CoolDown = TimeSpan.FromSeconds(1) },
            Breakers = p.Breakers with { DiscrepancyBps = 1_000 }, Volatility = p.Volatility with { MaxBps = 5_000 },
            Venues = [.. p.Venues.Select(v => v with { OutstandingNotionalPerSide = 580m })],
        });
        var desk = new Desk(market.Instruments, market.Parameters, TradingMode.Live);
        desk.Quiet(TimeSpan.FromSeconds(0.1), Warm);
        var at = Warm;
        for (var i = 0; i < script.Length; i++)
        {
            at += TimeSpan.FromTicks((long)(script[i].GapMs * TimeSpan.TicksPerMillisecond));
            if (restartEvery > 0 && i % restartEvery == 0) desk.Restart();
            Happen(desk, at, script[i].Kind, script[i].Size, i);
        }

        desk.AdvanceTo(at + TimeSpan.FromSeconds(40));
        return desk;
    }

    private static void Happen(Desk desk, TimeSpan at, int kind, int size, int i)
    {
        var leg = desk.Of<OrderIntent>().LastOrDefault(o => o.Body is { Kind: OrderIntentKind.Place, IsPostOnly: false }).Body;
        var quote = desk.Of<OrderIntent>().LastOrDefault(o => o.Body.Kind == OrderIntentKind.Cancel).Body;
        switch (kind)
        {
            case <= 3:
                desk.Snapshot(at, kind % 2, 10_000 + size);
                break;
            case 4 when leg is not null:
                Fill(desk, at, leg, leg.SizeLots / 10m, i);
                break;
            case 5 when leg is not null:
                Fill(desk, at, leg, Math.Min(leg.SizeLots, 1 + Math.Abs(size)) / 10m, i);
                break;
            case 6 when leg is not null:
                Told(desk, at, leg, OrderStatus.Filled);
                break;
            case 7 when leg is not null:
                Told(desk, at, leg, OrderStatus.Cancelled);
                break;
            case 8 when leg is not null:
                Told(desk, at, leg, size > 0 ? OrderStatus.PendingUnknown : OrderStatus.Rejected);
                break;
            case 9 when quote is not null:
                Told(desk, at, quote, OrderStatus.Cancelled);
                break;
            case 10 when size > 60:
                desk.Take(at, new OperatorCommand(size > 70 ? OperatorAction.Kill : OperatorAction.Reenable, "ann", "script"));
                break;
            default:
                desk.AdvanceTo(at);
                break;
        }
    }

    private static void Fill(Desk desk, TimeSpan at, OrderIntent leg, decimal quantity, int i) => desk.Take(at, new Fill
    {
        Instrument = leg.Instrument, TradeId = $"leg{i}", ClientOrderId = leg.ClientOrderId, Side = leg.Side, Fee = 0, FeeAsset = "USDT",
        Price = desk.Instruments[leg.Instrument].Prices.ToDecimal(leg.PriceTicks), Quantity = quantity, IsMaker = false, VenueTime = Desk.Start + at,
    });

    private static void Told(Desk desk, TimeSpan at, OrderIntent order, OrderStatus status) => desk.Take(at, new OrderUpdate
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = status >= OrderStatus.Filled ? 0 : order.SizeLots, Reason = "",
    });
}
