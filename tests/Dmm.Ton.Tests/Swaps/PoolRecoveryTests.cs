using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using static Dmm.Ton.Tests.Swaps.SwapRig;

namespace Dmm.Ton.Tests.Swaps;

/// <summary>What a process finds of the one before it.</summary>
public sealed class PoolRecoveryTests
{
    [Fact]
    public void QuotesThatStood_AreGoneWithTheProcess()
    {
        using var rig = new SwapRig();
        var id = rig.Place(Side.Buy, 9_000_000, 1_000);
        rig.Restart();
        rig.Open().ShouldBeEmpty();
        Done(rig.Venue.FetchOrderAsync(id, default)).ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal.Kind
            .ShouldBe(RefusalKind.UnknownOrder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SwapInFlight_IsFollowed_ToldOnce_AndNothingElseIsSentBefore(bool isRefused)
    {
        using var rig = new SwapRig();
        rig.Chain.RefusesGas = isRefused;
        var id = rig.Place(Side.Buy, 10_200_000, 5_000);
        rig.Look();
        rig.Restart();
        var open = rig.Open().ShouldHaveSingleItem();
        (open.ClientOrderId, open.Side, open.Status).ShouldBe((id, Side.Buy, OrderStatus.PendingCancel));
        // What its swap would have come to at the worst, in place of the price that nobody remembers.
        open.PriceTicks.ShouldBeInRange(10_080_000, 10_200_000);
        rig.Instrument.Sizes.ToDecimal(open.RemainingLots).ShouldBeInRange(4_900, 5_001);
        rig.Placed(Side.Sell, 9_800_000, 1_000, "next").ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>();
        rig.Look();
        rig.Chain.Received.Select(a => a.Hash).Distinct().Count().ShouldBe(1);
        rig.Pass(1);
        rig.Time.Advance(rig.Options.TurnEvery);
        rig.Step();
        rig.Told.OfType<OrderUpdate>().Single(o => o.ClientOrderId == id).Status
            .ShouldBe(isRefused ? OrderStatus.Cancelled : OrderStatus.Filled);
        (rig.Told.OfType<Fill>().Count(), rig.Told.OfType<FailedSwap>().Count()).ShouldBe(isRefused ? (0, 1) : (1, 0));
        rig.Chain.Executed.ShouldBe(1);
        rig.Chain.RefusesGas = false;
        rig.Pass(4);
        rig.Told.OfType<Fill>().Last().ClientOrderId.ShouldBe("next");
    }

    [Fact]
    public async Task WhatEndedAndWasNotTold_IsToldFirst_AfterTheTradeThatWas()
    {
        using var rig = new SwapRig();
        for (var i = 0; i < 3; i++)
        {
            rig.Chain.RefusesGas = i == 1;
            var id = rig.Place(Side.Buy, 10_200_000, 1_000);
            rig.Look();
            rig.Cancel(id);
            rig.Pass(4);
        }

        var told = rig.Told.Where(t => t is Fill or FailedSwap).ToArray();
        told.Select(t => t is Fill).ShouldBe([true, false, true]);
        rig.Restart();
        rig.FillsSince("").ShouldBe(told.OfType<Fill>());
        rig.FillsSince(((Fill)told[0]).TradeId).ShouldBe([(Fill)told[2]]);
        rig.FillsSince(((Fill)told[2]).TradeId).ShouldBeEmpty();

        List<ControlMessage> heard = [];
        await rig.Venue.TellEndedAsync(((Fill)told[0]).TradeId, Take, default);
        heard.ShouldBe(told[1..]);

        ValueTask Take(Input input, CancellationToken cancellation)
        {
            heard.Add(input.Control);
            return ValueTask.CompletedTask;
        }
    }
}
