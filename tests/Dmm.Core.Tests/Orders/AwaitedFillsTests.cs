using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Orders;

public sealed class AwaitedFillsTests
{
    private static readonly Timestamp At = Timestamp.Parse("2024-08-08T00:00:00Z");

    private static readonly Instrument Here = new()
    {
        Id = new(0), Venue = "v", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m),
    };

    [Theory]
    [InlineData(OrderStatus.PartiallyFilled)]
    [InlineData(OrderStatus.Filled)]
    [InlineData(OrderStatus.Cancelled)]
    public void StateBeforeItsFills_AwaitsWhatHasTraded(OrderStatus told)
    {
        var state = Step(AwaitedFillsState.None, Update(told, filled: 7));
        state.Orders.ShouldHaveSingleItem().Lots.ShouldBe(7);
        state = Step(state, Fill("1", 0.5m));
        state.Orders.ShouldHaveSingleItem().Lots.ShouldBe(2);
        OrderExposure.BaseQuantity(state.Orders[0], Here).ShouldBe(0.2m);
        state = Step(state, Fill("1", 0.5m));
        state.Orders.ShouldHaveSingleItem().Lots.ShouldBe(2, "a fill told again counts once");
        state = Step(state, Fill("2", 0.2m));
        state.Orders.ShouldHaveSingleItem().Lots.ShouldBe(0);
    }

    [Fact]
    public void FillsBeforeTheState_AwaitNothing()
    {
        var state = Step(Step(AwaitedFillsState.None, Fill("1", 0.5m)), Update(OrderStatus.Filled, filled: 5));
        state.Orders.ShouldHaveSingleItem().Lots.ShouldBe(0);
    }

    [Fact]
    public void UpdateThatDoesNotTell_ChangesNothing()
    {
        var nothing = AwaitedFillsState.None;
        Step(nothing, Update(OrderStatus.Cancelled, filled: null)).ShouldBeSameAs(nothing);
        Step(nothing, Update(OrderStatus.Live, filled: 0)).ShouldBeSameAs(nothing);
    }

    [Fact]
    public void VenueThatNeverTells_IsAwaitedNothingFrom() =>
        Step(Step(AwaitedFillsState.None, Fill("1", 0.5m)), Update(OrderStatus.Cancelled, filled: null)).Orders.ShouldHaveSingleItem().Lots.ShouldBe(0);

    [Fact]
    public void OlderStateToldLate_TakesNothingBack() =>
        Step(Step(AwaitedFillsState.None, Update(OrderStatus.PartiallyFilled, filled: 7)), Update(OrderStatus.PartiallyFilled, filled: 3))
            .Orders.ShouldHaveSingleItem().Lots.ShouldBe(7);

    [Fact]
    public void FillsThatNeverCome_AreGivenUpInTheEnd()
    {
        var state = Step(AwaitedFillsState.None, Update(OrderStatus.Cancelled, filled: 7));
        var another = Update(OrderStatus.PartiallyFilled, filled: 1) with { ClientOrderId = "b" };
        AwaitedFills.Step(state, another, At + AwaitedFills.KeptFor - Timestamp.Unit).Orders.Length.ShouldBe(2);
        AwaitedFills.Step(state, another, At + AwaitedFills.KeptFor).Orders.ShouldHaveSingleItem().ClientOrderId.ShouldBe("b");
    }

    [Fact]
    public void OrderThatRests_IsKeptForAsLongAsItDoes()
    {
        var state = Step(AwaitedFillsState.None, Update(OrderStatus.PartiallyFilled, filled: 7));
        AwaitedFills.Step(state, Update(OrderStatus.Live, filled: 1) with { ClientOrderId = "b" }, At + 2 * AwaitedFills.KeptFor).Orders.Length.ShouldBe(2);
    }

    [Fact]
    public void OrdersWithoutEnd_AreNotRememberedForEver()
    {
        var state = Step(AwaitedFillsState.None, Update(OrderStatus.Cancelled, filled: 7) with { ClientOrderId = "awaited" });
        for (var i = 0; i < 2 * AwaitedFills.RememberedMax; i++)
        {
            var id = $"a{i}";
            state = Step(Step(state, Fill("1", 0.5m) with { ClientOrderId = id }), Update(OrderStatus.Filled, filled: 5) with { ClientOrderId = id });
        }

        state.Orders.Length.ShouldBe(AwaitedFills.RememberedMax);
        state.Orders[0].ClientOrderId.ShouldBe("awaited");
    }

    /// <summary>However states and fills are mixed: what counts is never less than the venue has said, and nothing is left at the end.</summary>
    [Fact]
    public void EveryOrder_OfStatesAndFills()
    {
        Gen.Select(Gen.Int[1, 9].Array[1, 6], Gen.Int[0, 5].Array[12]).Sample((trades, picks) =>
        {
            var total = trades.Sum();
            List<(OrderUpdate? Update, Fill? Fill)> messages = [];
            var sum = 0;
            for (var i = 0; i < trades.Length; i++)
            {
                sum += trades[i];
                messages.Add((null, Fill($"{i}", trades[i] * 0.1m)));
                messages.Add((Update(sum == total ? OrderStatus.Filled : OrderStatus.PartiallyFilled, sum), null));
            }

            var (state, counted, told) = (AwaitedFillsState.None, 0m, 0L);
            HashSet<string> seen = [];
            for (var turn = 0; messages.Count > 0; turn++)
            {
                var at = picks[turn % picks.Length] % messages.Count;
                var (update, fill) = messages[at];
                messages.RemoveAt(at);
                state = update is null ? Step(state, fill!) : Step(state, update);
                if (fill is not null && seen.Add(fill.TradeId)) counted += fill.Quantity;
                told = Math.Max(told, update?.FilledLots ?? 0);
                (counted + state.Orders.Sum(o => o.Lots) * 0.1m).ShouldBeGreaterThanOrEqualTo(told * 0.1m);
            }

            state.Orders.Sum(o => o.Lots).ShouldBe(0);
        });
    }

    private static AwaitedFillsState Step(AwaitedFillsState state, OrderUpdate update) => AwaitedFills.Step(state, update, At);

    private static AwaitedFillsState Step(AwaitedFillsState state, Fill fill) => AwaitedFills.Step(state, fill, Here, At);

    private static OrderUpdate Update(OrderStatus status, long? filled) => new()
    {
        Instrument = Here.Id, ClientOrderId = "a", Status = status, Side = Side.Buy, PriceTicks = 10_000, RemainingLots = 3, FilledLots = filled, Reason = "",
    };

    private static Fill Fill(string tradeId, decimal quantity) => new()
    {
        Instrument = Here.Id, TradeId = tradeId, ClientOrderId = "a", Side = Side.Buy, Price = 1m, Quantity = quantity, Fee = 0, FeeAsset = "USDT",
        IsMaker = true, VenueTime = At,
    };
}
