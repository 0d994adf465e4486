using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Topology.Tests;

/// <summary>The determinism contract on the quoting topology: random markets, fills, gaps, commands and outages on three markets.</summary>
public sealed class QuotingDeterminismTests
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(125);

    private static readonly Gen<(int Kind, int Instrument, int Size, double GapMs)[]> Scripts =
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 2], Gen.Int[-40, 40], Gen.Double[0.1, 900]).Array[10, 80];

    [Fact]
    public void SameScriptTwice_SameDecisions() => Scripts.Sample(script => Lines(Play(script)).ShouldBe(Lines(Play(script))), iter: 20);

    [Fact]
    public void RestartFromSnapshotsAnywhere_SameDecisions() =>
        Gen.Select(Scripts, Gen.Int[1, 30]).Sample((script, every) => Lines(Play(script, restartEvery: every)).ShouldBe(Lines(Play(script))), iter: 20);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void TicksBetweenInputs_SameDecisions(int tickMs) =>
        Scripts.Sample(script => Lines(Play(script, tick: TimeSpan.FromMilliseconds(tickMs))).ShouldBe(Lines(Play(script))), iter: 5);

    [Fact]
    public void WhateverHappens_NoOrderRestsWhileTradingIsStopped() => Scripts.Sample(script =>
    {
        using var desk = Play(script);
        foreach (var target in desk.Of<QuoteTarget>().Select(q => q.Body))
        {
            if (target.State >= TradingState.Halted) (target.Bids.Length + target.Asks.Length).ShouldBe(0);
            if (!target.Bids.IsEmpty && !target.Asks.IsEmpty) target.Bids[0].PriceTicks.ShouldBeLessThan(target.Asks[0].PriceTicks);
            target.Terms.BidBps.ShouldBeLessThanOrEqualTo(0);
            target.Terms.AskBps.ShouldBeGreaterThanOrEqualTo(0);
            (target.Terms.AskBps - target.Terms.BidBps).ShouldBeGreaterThanOrEqualTo(target.Terms.FloorBps - 1e-6);
        }

        var stopped = desk.Instruments.All.Where(i => desk.LastQuote(i.Id.Index).State >= TradingState.Halted).Select(i => i.Id).ToArray();
        desk.Resting().Values.Where(order => stopped.Contains(order.Instrument)).ShouldBeEmpty();
    }, iter: 30);

    private static string[] Lines(Desk desk)
    {
        using (desk) return [.. desk.Decisions.Select(Line)];
    }

    private static string Line(Decision decision) => decision.Body is QuoteTarget quote
        ? $"{decision.Number} {decision.Cause} {quote with { Bids = [], Asks = [] }} {string.Join(' ', quote.Bids)} | {string.Join(' ', quote.Asks)}"
        : $"{decision.Number} {decision.Cause} {decision.Body}";

    private static Desk Play((int Kind, int Instrument, int Size, double GapMs)[] script, int restartEvery = 0, TimeSpan? tick = null)
    {
        var desk = Desk.ThreeMarkets();
        desk.Quiet(TimeSpan.FromSeconds(0.1), Warm);
        var at = Warm;
        var nextTick = Warm;
        long mid = 10_000;
        for (var i = 0; i < script.Length; i++)
        {
            var (kind, instrument, size, gapMs) = script[i];
            at += TimeSpan.FromTicks((long)(gapMs * TimeSpan.TicksPerMillisecond));
            for (; tick is { } step && nextTick < at; nextTick += step) desk.AdvanceTo(nextTick);
            if (restartEvery > 0 && i % restartEvery == 0) desk.Restart();
            mid += kind < 6 ? size / 4 : 0;
            Happen(desk, at, kind, instrument, size, mid, i);
        }

        desk.AdvanceTo(at + TimeSpan.FromSeconds(40));
        return desk;
    }

    private static void Happen(Desk desk, TimeSpan at, int kind, int instrument, int size, long mid, int i)
    {
        var midTicks = instrument == 2 ? mid * 10 / 3 : mid;
        switch (kind)
        {
            case <= 3:
                desk.Snapshot(at, instrument, midTicks, spreadTicks: 2 + Math.Abs(size) / 10 * 2);
                break;
            case 4:
                desk.Delta(at, instrument, size > 0 ? Side.Buy : Side.Sell, midTicks - Math.Sign(size) * (1 + Math.Abs(size)), Math.Abs(size) * 100);
                break;
            case 5:
                desk.Delta(at, instrument, Side.Buy, midTicks - 5, 10, skippedIds: size > 30 ? 1 : 0);
                break;
            case 6 or 7:
                desk.Fill(at, instrument, size > 0 ? Side.Buy : Side.Sell, instrument == 2 ? mid / 30_000m : mid / 10_000m, Math.Abs(size) * 40 + 1, $"f{i}");
                break;
            case 8:
                desk.Take(at, new ReferenceRate("TON", "USDT", 3m + size / 1_000m, Desk.Start + at));
                break;
            case 9:
                desk.Take(at, new OperatorCommand((OperatorAction)(Math.Abs(size) % 5), "ann", "script"));
                break;
            case 10:
                desk.Take(at, new FeedStatus("beta", size > 0 ? FeedState.Connected : FeedState.Disconnected, "script"));
                break;
            case 11:
                desk.Take(at, new GasPrice(0.06m + Math.Max(size, 0) / 100m, Desk.Start + at));
                break;
            case 12:
                desk.Take(at, new ClockOffset("alpha", TimeSpan.FromMilliseconds(size)));
                break;
            case 13:
                desk.Take(at, new PendingSwap
                {
                    Instrument = new(2), Trace = $"{Math.Abs(size) % 4}", Side = size > 0 ? Side.Buy : Side.Sell, ImpactBps = 4 * Math.Abs(size),
                    ValidUntil = size % 3 == 0 ? Desk.Start + at + TimeSpan.FromSeconds(1.7) : Timestamp.None,
                });
                break;
            case 14:
                desk.Take(at, new PendingSwapGone($"{Math.Abs(size) % 4}", "script"));
                break;
            default:
                desk.Take(Desk.Start + at, new Input(new Trade
                {
                    Instrument = new(instrument), VenueTime = Desk.Start + at, ReceiveTime = Desk.Start + at, TradeId = i, PriceTicks = midTicks,
                    SizeLots = 1 + Math.Abs(size) * 1_000, Aggressor = size > 0 ? Side.Buy : Side.Sell,
                }));
                break;
        }
    }
}
