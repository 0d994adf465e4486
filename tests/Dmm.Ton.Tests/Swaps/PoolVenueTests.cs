using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Swaps.SwapRig;

namespace Dmm.Ton.Tests.Swaps;

/// <summary>Quotes at a pool, and the swaps that carry them out, over a chain of the test.</summary>
public sealed class PoolVenueTests
{
    public static TheoryData<PoolExchange, Side> Swaps => new()
    {
        { PoolExchange.StonFi, Side.Buy }, { PoolExchange.StonFi, Side.Sell }, { PoolExchange.Dedust, Side.Buy }, { PoolExchange.Dedust, Side.Sell },
    };

    [Theory]
    [MemberData(nameof(Swaps))]
    public void QuoteThatThePoolReaches_IsOneSwap_FilledWithWhatTheChainMoved(PoolExchange exchange, Side side)
    {
        using var rig = new SwapRig(exchange);
        var before = (rig.Chain.Ton, rig.Chain.Jettons);
        rig.Look();
        var id = rig.Place(side, side == Side.Buy ? 10_200_000 : 9_800_000, 5_000);
        rig.Step();
        rig.Chain.Received.ShouldHaveSingleItem();
        rig.Open().Select(o => (o.ClientOrderId, o.Status)).ShouldBe([(id, OrderStatus.Live)]);
        rig.Pass(3);

        var fill = rig.Told[0].ShouldBeOfType<Fill>();
        (fill.ClientOrderId, fill.Side, fill.IsMaker, fill.FeeAsset).ShouldBe((id, side, true, "TON"));
        rig.Told[1].ShouldBeOfType<OrderUpdate>().Status.ShouldBe(OrderStatus.Filled);
        rig.Told.Count.ShouldBe(2);
        var gas = ModelPoolChain.SwapGas + ModelPoolChain.WalletFee;
        fill.Fee.ShouldBe((decimal)gas.Nano / Nano);
        // The account moved by the fill and its gas, to the last unit.
        (Moved(rig.Chain.Ton.Nano, before.Ton.Nano), Moved(rig.Chain.Jettons, before.Jettons)).ShouldBe((
            -side.Sign() * decimal.Round(fill.Price * fill.Quantity, 9) - fill.Fee, side.Sign() * fill.Quantity));
        if (side == Side.Sell) fill.Quantity.ShouldBe(5_000);
        else fill.Quantity.ShouldBeInRange(5_000, 5_000.001m);
        (rig.Open().Count, rig.Chain.Executed).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData(Side.Buy, 10_080_000)]
    [InlineData(Side.Sell, 9_930_000)]
    public void QuoteThatThePoolHasNotReached_AfterFeeAndGas_StandsAndSendsNothing(Side side, long priceNano)
    {
        using var rig = new SwapRig();
        var id = rig.Place(side, priceNano, 5_000);
        rig.Pass(5);
        rig.Chain.Received.ShouldBeEmpty();
        var cancelled = rig.Cancel(id).ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>().Value;
        (cancelled.Status, rig.Open().Count).ShouldBe((OrderStatus.Cancelled, 0));
        rig.Cancel(id).ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal.Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Fact]
    public void TwoQuotesReached_SecondIsSentOnlyByALookAfterTheFirstsEnd()
    {
        using var rig = new SwapRig();
        rig.Place(Side.Buy, 10_300_000, 2_000);
        rig.Place(Side.Buy, 10_400_000, 1_000);
        rig.Look();
        rig.Look();
        rig.Chain.Received.Count.ShouldBe(1);
        rig.Pass(1);
        rig.Time.Advance(rig.Options.TurnEvery);
        rig.Step();
        // The dearer bid went first; what is known of the pool is from before it.
        rig.Told.OfType<Fill>().Single().Quantity.ShouldBeInRange(1_000, 1_000.001m);
        rig.Step();
        rig.Chain.Received.Count.ShouldBe(1);
        rig.Look();
        rig.Chain.Received.Count.ShouldBe(2);
    }

    [Fact]
    public void PoolMovedAwayMeanwhile_CostsGas_AndTheQuoteStandsForTheNextLook()
    {
        using var rig = new SwapRig();
        var id = rig.Place(Side.Buy, 10_150_000, 1_000);
        rig.Look();
        rig.Chain.Received.ShouldHaveSingleItem();
        var far = rig.Chain.Reserves;
        rig.Chain.Reserves = new Dmm.Core.Kernels.TokenPool(900_000L * Nano, 11_000L * Nano, new(20, 10));
        rig.Pass(3);
        var failed = rig.Told.ShouldHaveSingleItem().ShouldBeOfType<FailedSwap>();
        (failed.ClientOrderId, failed.Side, failed.Gas, failed.Reason).ShouldBe((id, Side.Buy, 0.074m, "slippage: less than the least output"));
        rig.Open().Single().Status.ShouldBe(OrderStatus.Live);
        rig.Notices.ShouldHaveSingleItem().ShouldContain("slippage");
        rig.Chain.Reserves = far;
        rig.Pass(3);
        rig.Told.OfType<Fill>().Single().TradeId.ShouldNotBe(failed.SwapId);
    }

    [Theory]
    [InlineData(true, "it did not come to the pool", 0.074)]
    [InlineData(false, "the wallet sent nothing", 0.004)]
    public void SwapThatComesNowhere_CostsItsGas(bool isRefusedByTheRouter, string reason, double gas)
    {
        using var rig = new SwapRig();
        (rig.Chain.RefusesGas, rig.Chain.SendsNothing) = (isRefusedByTheRouter, !isRefusedByTheRouter);
        var before = (rig.Chain.Ton, rig.Chain.Jettons);
        rig.Place(Side.Sell, 9_800_000, 1_000);
        rig.Look();
        rig.Pass(3);
        var failed = rig.Told.ShouldHaveSingleItem().ShouldBeOfType<FailedSwap>();
        failed.Reason.ShouldContain(reason);
        failed.Gas.ShouldBe((decimal)gas);
        (Moved(rig.Chain.Ton.Nano, before.Ton.Nano), Moved(rig.Chain.Jettons, before.Jettons)).ShouldBe((-failed.Gas, 0));
    }

    [Fact]
    public void SwapThatTheChainDoesNotTake_CostsNothing_AndIsTriedAgainAfterARest()
    {
        using var rig = new SwapRig();
        rig.Chain.TakesBatches = false;
        rig.Place(Side.Sell, 9_800_000, 1_000);
        rig.Look();
        rig.Pass(60);
        rig.Open().Single().Status.ShouldBe(OrderStatus.Live);
        rig.Chain.Received.Select(a => a.Hash).Distinct().Count().ShouldBe(1, "the same bytes again and again");
        rig.Pass(15);
        rig.Told.ShouldBeEmpty();
        rig.Notices.ShouldHaveSingleItem().ShouldContain("the chain did not take it in its time");
        rig.Chain.Received.Select(a => a.Hash).Distinct().Count().ShouldBe(1);
        rig.Chain.TakesBatches = true;
        rig.Pass(30);
        rig.Told.OfType<Fill>().Count().ShouldBe(1);
        rig.Chain.Executed.ShouldBe(1);
    }

    [Theory]
    [InlineData(false, OrderStatus.Filled)]
    [InlineData(true, OrderStatus.Cancelled)]
    public void CancelWhileTheSwapIsInFlight_IsPending_AndEndsWithIt(bool isRefused, OrderStatus end)
    {
        using var rig = new SwapRig();
        rig.Chain.RefusesGas = isRefused;
        var id = rig.Place(Side.Buy, 10_200_000, 1_000);
        rig.Look();
        rig.Cancel(id).ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>().Value.Status.ShouldBe(OrderStatus.PendingCancel);
        Done(rig.Venue.CancelAllAsync("live", default)).ShouldBe(new VenueReply<int>.Accepted(0));
        rig.Open().Single().Status.ShouldBe(OrderStatus.PendingCancel);
        rig.Pass(3);
        rig.Told.OfType<OrderUpdate>().Single().Status.ShouldBe(end);
        rig.Open().ShouldBeEmpty();
        rig.Pass(5);
        rig.Chain.Received.Select(a => a.Hash).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void OpenOrders_AskTheChain_WhileASwapIsInFlight()
    {
        using var rig = new SwapRig();
        rig.Place(Side.Buy, 10_200_000, 1_000);
        rig.Place(Side.Buy, 9_000_000, 1_000);
        rig.Look();
        Done(rig.Venue.CancelAllAsync("live", default)).ShouldBe(new VenueReply<int>.Accepted(1));
        rig.Open().Count.ShouldBe(1);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Chain.Next();
        rig.Open().ShouldBeEmpty("the trace has told, though nobody stepped");
    }

    [Theory]
    [InlineData(PoolExchange.StonFi)]
    [InlineData(PoolExchange.Dedust)]
    public void TaxThatIsKeptOnTheWay_IsLearnt_AndCountsFromTheNextSwapOn(PoolExchange exchange)
    {
        using var rig = new SwapRig(exchange, trueTaxBps: 100);
        rig.Place(Side.Buy, 10_200_000, 1_000);
        rig.Look();
        rig.Pass(3);
        var fill = rig.Told.OfType<Fill>().Single();
        fill.Quantity.ShouldBeInRange(990, 990.001m, "a hundredth was kept of what the pool paid");
        rig.Notices.ShouldHaveSingleItem().ShouldBe("of DCT 100 bps are kept on the way, 0 were reckoned with: 100 are from now on");
        // At what it would bring without the tax the pool is not there any more.
        rig.Place(Side.Sell, 9_900_000, 1_000);
        rig.Pass(3);
        rig.Chain.Executed.ShouldBe(1);
        rig.Place(Side.Sell, 9_750_000, 1_000);
        rig.Pass(3);
        rig.Told.OfType<Fill>().Last().Quantity.ShouldBe(1_000);
    }

    [Fact]
    public void PoolOfDedustThatEstimatesLess_IsNotAskedToSwap()
    {
        using var rig = new SwapRig(PoolExchange.Dedust);
        rig.Venue.Saw(rig.Chain.Sight, rig.Chain.Head);
        rig.Chain.Reserves = new Dmm.Core.Kernels.DedustTokenPool(900_000L * Nano, 11_000L * Nano, new(25, 10_000));
        var id = rig.Place(Side.Buy, 10_200_000, 1_000);
        rig.Step();
        rig.Chain.Received.ShouldBeEmpty();
        rig.Open().Single().ClientOrderId.ShouldBe(id);
        rig.Records.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AtOnceOrNotAtAll_IsOneSwap_OrNone(bool isReached)
    {
        using var rig = new SwapRig();
        rig.Look();
        rig.Step();
        var reply = rig.Placed(Side.Buy, isReached ? 10_200_000 : 10_000_000, 1_000, "ioc", TimeInForce.ImmediateOrCancel);
        reply.ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>().Value.Status.ShouldBe(isReached ? OrderStatus.Live : OrderStatus.Cancelled);
        rig.Pass(3);
        rig.Told.OfType<Fill>().Count().ShouldBe(isReached ? 1 : 0);
        rig.Open().ShouldBeEmpty();
    }

    [Fact]
    public void QuotesBeyondWhatTheWalletHas_AreRefused()
    {
        using var rig = new SwapRig();
        (rig.Chain.Ton, rig.Chain.Jettons) = (Coins.Parse("20"), 1_500 * (UInt128)Nano);
        rig.Look();
        rig.Place(Side.Sell, 11_000_000, 1_000);
        Refusal(rig.Placed(Side.Sell, 11_000_000, 501, "b")).ShouldBe("the wallet has 1500 of the base token: expected 1501 for all quotes of that side");
        rig.Place(Side.Buy, 9_000_000, 1_000);
        Refusal(rig.Placed(Side.Buy, 9_000_000, 1_200, "c")).ShouldBe("the wallet has 19.49 TON beside gas: expected 19.8 for all quotes of that side");
        rig.Chain.Ton = Coins.Parse("0.3");
        Done(rig.Venue.FetchAccountFaultAsync(default)).ShouldBeOfType<VenueReply<string>.Accepted>().Value
            .ShouldContain("has 0.3 TON: expected 0.41 at least");
    }

    [Fact]
    public void SameIdAgain_IsRefusedAsADuplicate()
    {
        using var rig = new SwapRig();
        var id = rig.Place(Side.Buy, 9_000_000, 1_000);
        rig.Placed(Side.Buy, 9_100_000, 1_000, id).ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal.Kind
            .ShouldBe(RefusalKind.DuplicateOrder);
        rig.Amend(id, 8_900_000, 2_000).ShouldBeOfType<VenueReply<OrderUpdate>.Accepted>();
        rig.Open().Select(o => (o.PriceTicks, o.RemainingLots)).ShouldBe([(8_900_000, rig.Instrument.Sizes.ToSteps(1_000))]);
    }

    private static string Refusal(VenueReply<OrderUpdate> reply)
    {
        var refusal = reply.ShouldBeOfType<VenueReply<OrderUpdate>.Refused>().Refusal;
        refusal.Kind.ShouldBe(RefusalKind.Order);
        return refusal.Reason;
    }

    private static decimal Moved(UInt128 after, UInt128 before) => (decimal)((Int128)after - (Int128)before) / Nano;
}
