using System.Collections.Immutable;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Tests.Kernels;

namespace Dmm.Core.Tests.Orders;

public sealed class OrderDifferenceTests
{
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");
    private static readonly InstrumentId Market = new(0);
    private static readonly OrderIdState Ids = OrderIdState.Fresh("t", 1);
    private static readonly SideRoom Ample = new(1_000_000, 1_000_000);
    private static readonly OrderLimits Free = new()
    {
        Instrument = QuoteSetting.Cex, QuoteAssetRate = 1, Buys = Ample, Sells = Ample, Now = At, AgeMax = null,
    };

    [Theory]
    // One tick is always tolerated.
    [InlineData(100, 101, 1, true)]
    [InlineData(100, 102, 1, false)]
    // 3 bps of 10 000 ticks are 3 ticks, to the tick.
    [InlineData(10_000, 10_003, 3, true)]
    [InlineData(10_000, 10_004, 3, false)]
    [InlineData(10_000, 9_997, 3, true)]
    [InlineData(10_000, 9_996, 3, false)]
    // 0.7 bps of 2 700 000 ticks are 189 ticks, 0.29 bps of 3 000 000 are 87; in double arithmetic each falls short of it.
    [InlineData(2_700_000, 2_700_189, 0.7, true)]
    [InlineData(2_700_000, 2_700_190, 0.7, false)]
    [InlineData(3_000_000, 3_000_087, 0.29, true)]
    [InlineData(3_000_000, 3_000_088, 0.29, false)]
    public void PriceTolerance_IsExactToTheTick(long wanted, long resting, double toleranceBps, bool left) =>
        Between(Target(asks: [new(wanted, 10)]), [Order("a", Side.Sell, resting, 10)], new() { PriceToleranceBps = toleranceBps }).IsEmpty.ShouldBe(left);

    [Theory]
    [InlineData(10, 9, 0.1, true)]
    [InlineData(10, 11, 0.1, true)]
    [InlineData(10, 8, 0.1, false)]
    [InlineData(100, 71, 0.29, true)]
    [InlineData(100, 70, 0.29, false)]
    [InlineData(100, 129, 0.29, true)]
    [InlineData(10, 10, 0, true)]
    [InlineData(10, 11, 0, false)]
    public void SizeTolerance_IsExactToTheLot(long wanted, long resting, double tolerance, bool left) =>
        Between(Target(bids: [new(100, wanted)]), [Order("a", Side.Buy, 100, resting)], new() { SizeTolerance = tolerance }).IsEmpty.ShouldBe(left);

    [Fact]
    public void PriceMoved_OrderThatIsLargeEnoughIsAmended() =>
        Lines(Between(Target(bids: [new(90, 6)]), [Order("a", Side.Buy, 100, 10)])).ShouldBe(["Amend a Buy 90 6"]);

    [Fact]
    public void WantedSizeAboveTheRemaining_IsCancelledAndPlacedNeverAmendedUp() =>
        Lines(Between(Target(bids: [new(90, 11)]), [Order("a", Side.Buy, 100, 10)])).ShouldBe(["Cancel a Buy 100 10", "Place dtx1x1 Buy 90 11"]);

    [Theory]
    [InlineData(OrderStatus.PendingNew)]
    [InlineData(OrderStatus.PendingUnknown)]
    public void OrderWhoseFateIsUnknown_IsCancelledNotAmended(OrderStatus status) =>
        Lines(Between(Target(bids: [new(90, 6)]), [Order("a", Side.Buy, 100, 10, status)])).ShouldBe(["Cancel a Buy 100 10", "Place dtx1x1 Buy 90 6"]);

    [Fact]
    public void PendingCancel_IsNeitherMatchedNorCancelledAgain() =>
        Lines(Between(Target(bids: [new(100, 10)]), [Order("a", Side.Buy, 100, 10, OrderStatus.PendingCancel)])).ShouldBe(["Place dtx1x1 Buy 100 10"]);

    [Fact]
    public void OtherInstruments_AreLeftAlone() =>
        Between(Target(), [Order("a", Side.Buy, 100, 10) with { Instrument = new InstrumentId(1) }]).ShouldBeEmpty();

    [Fact]
    public void OtherSide_IsNotMatched() =>
        Lines(Between(Target(bids: [new(100, 10)]), [Order("a", Side.Sell, 101, 10)])).ShouldBe(["Cancel a Sell 101 10", "Place dtx1x1 Buy 100 10"]);

    [Fact]
    public void EmptyTarget_CancelsEverythingBidsFirstNearToFar() =>
        Lines(Between(Target(), [Order("a", Side.Sell, 120, 1), Order("b", Side.Buy, 80, 1), Order("c", Side.Sell, 110, 1), Order("d", Side.Buy, 90, 1)]))
            .ShouldBe(["Cancel d Buy 90 1", "Cancel b Buy 80 1", "Cancel c Sell 110 1", "Cancel a Sell 120 1"]);

    [Fact]
    public void CancelsBeforeAmendmentsBeforePlacements_BidsBeforeAsksNearBeforeFar() =>
        Lines(Between(
            Target(bids: [new(95, 5), new(70, 50)], asks: [new(105, 5), new(130, 50)]),
            [Order("a", Side.Sell, 110, 9), Order("b", Side.Sell, 120, 9), Order("c", Side.Buy, 90, 9), Order("d", Side.Buy, 80, 9)])).ShouldBe(
        [
            "Cancel d Buy 80 9", "Cancel b Sell 120 9", "Amend c Buy 95 5", "Amend a Sell 105 5", "Place dtx1x1 Buy 70 50", "Place dtx1x2 Sell 130 50",
        ]);

    [Fact]
    public void OrdersAtOnePrice_KeepTheOrderOfTheirPlacing() =>
        Lines(Between(Target(), [Order("b", Side.Buy, 90, 1), Order("a", Side.Buy, 90, 1)])).ShouldBe(["Cancel b Buy 90 1", "Cancel a Buy 90 1"]);

    [Fact]
    public void NewOrderThatFitsTwoLevels_DoesNotTakeTheOneThatAnOlderOrderKeeps()
    {
        // a fits the near level only; what is placed at the far one fits both.
        var target = Target(asks: [new(1000, 10), new(1001, 11)]);
        LiveOrdersState live = new([Order("a", Side.Sell, 1002, 9)]);
        var tolerance = new OrderParameters { PriceToleranceBps = 20 };
        var first = OrderDifference.Between(target, live, Ids, tolerance, Free).Intents;
        Lines(first).ShouldBe(["Place dtx1x1 Sell 1001 11"]);
        OrderDifference.Between(target, Applied(live, first), Ids, tolerance, Free).Intents.ShouldBeEmpty();
    }

    // Bids below asks, as the ladder makes them and as they come to rest.
    private static Gen<QuoteLevel[]> Levels(long from, long to) =>
        Gen.Select(Gen.Long[from, to], Gen.Long[1, 12], (price, size) => new QuoteLevel(price, size)).Array[0, 5];

    private static readonly Gen<LiveOrdersState> Live =
        Gen.Select(Gen.Enum<Side>(), Gen.Long[1, 20], Gen.Long[1, 12], Gen.Int[0, 4], Gen.Int[0, 1]).Array[0, 10].Select(orders => new LiveOrdersState(
            [.. orders.Select((o, i) => Order($"a{i}", o.Item1, 100 - o.Item1.Sign() * o.Item2, o.Item3, (OrderStatus)o.Item4) with { Instrument = new InstrumentId(o.Item5) })]));

    private static readonly Gen<(QuoteTarget Target, LiveOrdersState Live, OrderParameters Tolerance)> Cases =
        Gen.Select(Levels(80, 99), Levels(101, 120), Live, Gen.Double[0, 100], Gen.Double[0, 0.5], (bids, asks, live, bps, size) => (
            Target([.. bids.OrderByDescending(l => l.PriceTicks)], [.. asks.OrderBy(l => l.PriceTicks)]), live,
            new OrderParameters { PriceToleranceBps = bps, SizeTolerance = size }));

    [Fact]
    public void IntentsApplied_LeaveOneOrderWithinToleranceForEachLevelAndNothingElse() =>
        Cases.Sample(c =>
        {
            var after = Applied(c.Live, OrderDifference.Between(c.Target, c.Live, Ids, c.Tolerance, Free).Intents);
            foreach (var side in Enum.GetValues<Side>())
            {
                var resting = after.Orders.Where(o => o.Instrument == Market && o.Side == side && o.Status < OrderStatus.PendingCancel).ToArray();
                var wanted = (side == Side.Buy ? c.Target.Bids : c.Target.Asks).ToArray();
                resting.Length.ShouldBe(wanted.Length);
                CanBePaired(wanted, resting, c.Tolerance).ShouldBeTrue();
            }

            after.Orders.Where(o => o.Instrument != Market).ShouldBe(c.Live.Orders.Where(o => o.Instrument != Market));
        });

    [Fact]
    public void IntentsApplied_NothingIsLeftToDo() =>
        Cases.Sample(c =>
        {
            var (intents, ids, _) = OrderDifference.Between(c.Target, c.Live, Ids, c.Tolerance, Free);
            OrderDifference.Between(c.Target, Applied(c.Live, intents), ids, c.Tolerance, Free).Intents.ShouldBeEmpty();
        }, iter: 5_000);

    [Fact]
    public void AnyDifference_NeverAmendsUpAndNeverTouchesAnOrderTwice() =>
        Cases.Sample(c =>
        {
            var intents = OrderDifference.Between(c.Target, c.Live, Ids, c.Tolerance, Free).Intents;
            intents.Select(i => i.ClientOrderId).ShouldBeUnique();
            intents.ShouldAllBe(i => i.IsPostOnly);
            foreach (var amend in intents.Where(i => i.Kind == OrderIntentKind.Amend))
                amend.SizeLots.ShouldBeLessThanOrEqualTo(c.Live.Orders.Single(o => o.ClientOrderId == amend.ClientOrderId).RemainingLots);
            intents.Select(i => i.Kind).ShouldBe(intents.Select(i => i.Kind).OrderBy(k => k switch
            {
                OrderIntentKind.Cancel => 0, OrderIntentKind.Amend => 1, _ => 2,
            }));
        });

    private static bool CanBePaired(QuoteLevel[] wanted, LiveOrder[] resting, OrderParameters tolerance)
    {
        if (wanted.Length == 0) return true;
        for (var i = 0; i < resting.Length; i++)
        {
            var (level, order) = (wanted[0], resting[i]);
            var fits = Math.Abs(level.PriceTicks - order.PriceTicks) <= Math.Max(1, level.PriceTicks * (decimal)tolerance.PriceToleranceBps / 10_000)
                && Math.Abs(level.SizeLots - order.RemainingLots) <= level.SizeLots * (decimal)tolerance.SizeTolerance;
            if (fits && CanBePaired(wanted[1..], [.. resting[..i], .. resting[(i + 1)..]], tolerance)) return true;
        }

        return false;
    }

    private static LiveOrdersState Applied(LiveOrdersState live, ImmutableArray<OrderIntent> intents) =>
        intents.Aggregate(live, (state, intent) => LiveOrders.Step(state, intent, At, 5));

    private static ImmutableArray<OrderIntent> Between(QuoteTarget target, LiveOrder[] live, OrderParameters? tolerance = null) =>
        OrderDifference.Between(target, new LiveOrdersState([.. live]), Ids, tolerance ?? new(), Free).Intents;

    private static string[] Lines(ImmutableArray<OrderIntent> intents) =>
        [.. intents.Select(i => $"{i.Kind} {i.ClientOrderId} {i.Side} {i.PriceTicks} {i.SizeLots}")];

    private static LiveOrder Order(string id, Side side, long price, long lots, OrderStatus status = OrderStatus.Live) => new(id, Market, side, price, lots, status, At);

    private static QuoteTarget Target(QuoteLevel[]? bids = null, QuoteLevel[]? asks = null) => new()
    {
        Instrument = Market, FairValue = 100, State = TradingState.Active, Terms = default, Bids = [.. bids ?? []], Asks = [.. asks ?? []], Withheld = "",
    };
}
