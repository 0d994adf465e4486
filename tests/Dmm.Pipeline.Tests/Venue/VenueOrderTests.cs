using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Testing;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>Orders at the served venue, by the real order path.</summary>
public sealed class VenueOrderTests : IAsyncLifetime
{
    private VenueDesk _desk = null!;

    private HmacVenueOrders Rest => _desk.Rest;

    public async ValueTask InitializeAsync() => _desk = await VenueDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Order_PlacedThenCancelled_LiveThenCancelled_AsTheOrderPathTells()
    {
        var heard = new Heard();
        using var stop = new CancellationTokenSource();
        var orders = new VenueOrders(Rest, _desk.Options.OrderPath, _desk.Time, () => 1, heard.WriteAsync);
        var running = orders.RunAsync("d1x", stop.Token);
        var place = await _desk.AwayAsync("d1x1");

        orders.TrySend(place).ShouldBeTrue();
        (await heard.NextAsync<OrderUpdate>()).ShouldBe(Update(place, OrderStatus.Live, 100));
        orders.TrySend(place with { Kind = OrderIntentKind.Cancel }).ShouldBeTrue();
        (await heard.NextAsync<OrderUpdate>()).ShouldBe(Update(place, OrderStatus.Cancelled, 0));

        await stop.CancelAsync();
        await running.Guarded("the end of the order path");
    }

    [Fact]
    public async Task PostOnlyThatWouldTrade_Refused_NothingDone()
    {
        var (_, ask) = await _desk.BestAsync();
        var refusal = VenueDesk.Refusal(await Rest.SubmitOrderAsync(_desk.Order("d1x1", Side.Buy, ask, 100), default));
        refusal.Kind.ShouldBe(RefusalKind.Order);
        refusal.Reason.ShouldStartWith("would_cross: the best price against it is ");
        VenueDesk.Refusal(await Rest.FetchOrderAsync("d1x1", default)).Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Fact]
    public async Task OrderThatCrosses_TakesWhatStands_TheRestRests()
    {
        var book = VenueDesk.Value(await Rest.FetchOrderBookAsync(_desk.Instrument, default));
        var best = book.Asks[0];
        var order = VenueDesk.Value(await Rest.SubmitOrderAsync(
            _desk.Order("d1x1", Side.Buy, best.PriceTicks, best.SizeLots + 30) with { IsPostOnly = false }, default));
        (order.Status, order.RemainingLots).ShouldBe((OrderStatus.PartiallyFilled, 30));
        var after = VenueDesk.Value(await Rest.FetchOrderBookAsync(_desk.Instrument, default));
        after.Bids[0].ShouldBe(new BookLevel(best.PriceTicks, 30));
    }

    [Fact]
    public async Task ImmediateOrCancel_TakesWhatStands_TheRestIsCancelled()
    {
        var best = VenueDesk.Value(await Rest.FetchOrderBookAsync(_desk.Instrument, default)).Asks[0];
        var order = VenueDesk.Value(await Rest.SubmitOrderAsync(
            _desk.Order("d1x1", Side.Buy, best.PriceTicks, best.SizeLots + 30) with
            {
                IsPostOnly = false, TimeInForce = TimeInForce.ImmediateOrCancel,
            },
            default));
        order.Status.ShouldBe(OrderStatus.Cancelled);
        VenueDesk.Value(await Rest.FetchFillsSinceAsync("", default)).Fills.Sum(f => f.Quantity)
            .ShouldBe(_desk.Instrument.Sizes.ToDecimal(best.SizeLots));
        VenueDesk.Value(await Rest.FetchOpenOrdersAsync("", default)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batches_PlacedAmendedAndCancelled_EachAnsweredByItself()
    {
        ImmutableArray<OrderIntent> orders = [await _desk.AwayAsync("d1x1"), await _desk.AwayAsync("d1x2", ticks: 51), await _desk.AwayAsync("d1x3")];
        var (_, ask) = await _desk.BestAsync();
        var placed = await Rest.SendBatchAsync(orders.SetItem(1, _desk.Order("d1x2", Side.Buy, ask, 100)), default);
        VenueDesk.Value(placed[0]).ShouldBe(Update(orders[0], OrderStatus.Live, 100));
        VenueDesk.Refusal(placed[1]).Kind.ShouldBe(RefusalKind.Order);
        VenueDesk.Value(placed[2]).ShouldBe(Update(orders[2], OrderStatus.Live, 100));

        ImmutableArray<OrderIntent> amendments =
        [
            orders[0] with { Kind = OrderIntentKind.Amend, PriceTicks = orders[0].PriceTicks - 3, SizeLots = 60 },
            orders[2] with { Kind = OrderIntentKind.Amend, PriceTicks = ask },
        ];
        var amended = await Rest.SendBatchAsync(amendments, default);
        VenueDesk.Value(amended[0]).ShouldBe(Update(amendments[0], OrderStatus.Live, 60));
        VenueDesk.Refusal(amended[1]).Kind.ShouldBe(RefusalKind.Order);
        VenueDesk.Value(await Rest.FetchOrderAsync("d1x3", default)).ShouldBe(Update(orders[2], OrderStatus.Live, 100), "refused: it stays as it was");

        var cancelled = await Rest.SendBatchAsync([.. orders.Select(o => o with { Kind = OrderIntentKind.Cancel })], default);
        VenueDesk.Value(cancelled[0]).Status.ShouldBe(OrderStatus.Cancelled);
        VenueDesk.Refusal(cancelled[1]).Kind.ShouldBe(RefusalKind.UnknownOrder);
        VenueDesk.Value(cancelled[2]).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task Fill_MovesBalancesByNotionalAndFee_AndIsThePublicTradeOfThatId()
    {
        var order = await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        await _desk.TakeAsync(Side.Buy, 400);

        var page = VenueDesk.Value(await Rest.FetchFillsSinceAsync("", default));
        page.Sequence.ShouldBe(1);
        var fill = page.Fills.ShouldHaveSingleItem();
        var price = _desk.Instrument.Prices.ToDecimal(order.PriceTicks);
        (fill.ClientOrderId, fill.Side, fill.Price, fill.Quantity, fill.IsMaker).ShouldBe(("d1x1", Side.Sell, price, 40m, true));
        (fill.Fee, fill.FeeAsset).ShouldBe((40m * price * 0.0002m, "USDT"));
        VenueDesk.Value(await Rest.FetchTradesAsync(_desk.Instrument, default))[^1].TradeId.ToString().ShouldBe(fill.TradeId);
        VenueDesk.Value(await Rest.FetchBalancesAsync(default)).Select(b => (b.Asset, b.Total))
            .ShouldBe([("DCT", 4_960m), ("USDT", 100_000m + 40m * price - fill.Fee)]);
        var now = VenueDesk.Value(await Rest.FetchOrderAsync("d1x1", default));
        (now.Status, now.RemainingLots).ShouldBe((OrderStatus.PartiallyFilled, 600));
    }

    [Fact]
    public async Task FillsAfterATrade_AreTheLaterOnes()
    {
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        foreach (var lots in (long[])[100, 200, 300]) await _desk.TakeAsync(Side.Buy, lots);
        var all = VenueDesk.Value(await Rest.FetchFillsSinceAsync("", default)).Fills;
        all.Select(f => f.Quantity).ShouldBe([10m, 20m, 30m]);
        VenueDesk.Value(await Rest.FetchFillsSinceAsync(all[0].TradeId, default)).Fills.ShouldBe(all.Skip(1));
        var none = VenueDesk.Value(await Rest.FetchFillsSinceAsync(all[2].TradeId, default));
        none.Fills.ShouldBeEmpty();
        none.Sequence.ShouldBe(3);
    }

    [Fact]
    public async Task Amendment_KeepsTheId_MovesThePrice_AndOneThatWouldTradeLeavesTheOrderAlone()
    {
        var place = await _desk.AwayAsync("d1x1");
        VenueDesk.Value(await Rest.SubmitOrderAsync(place, default));
        var amended = place with { Kind = OrderIntentKind.Amend, PriceTicks = place.PriceTicks + 3, SizeLots = 60 };
        VenueDesk.Value(await Rest.AmendOrderAsync(amended, default)).ShouldBe(Update(amended, OrderStatus.Live, 60));

        var (_, ask) = await _desk.BestAsync();
        VenueDesk.Refusal(await Rest.AmendOrderAsync(amended with { PriceTicks = ask }, default)).Reason.ShouldStartWith("would_cross: ");
        VenueDesk.Value(await Rest.FetchOrderAsync("d1x1", default)).ShouldBe(Update(amended, OrderStatus.Live, 60));
    }

    [Fact]
    public async Task CancelAllByPrefix_LeavesTheOthers()
    {
        foreach (var id in (string[])["ax1", "bx1", "ax2"]) VenueDesk.Value(await Rest.SubmitOrderAsync(await _desk.AwayAsync(id), default));
        VenueDesk.Value(await Rest.CancelAllAsync("a", default)).ShouldBe(2);
        VenueDesk.Value(await Rest.FetchOpenOrdersAsync("", default)).Orders.Select(o => o.ClientOrderId).ShouldBe(["bx1"]);
        VenueDesk.Value(await Rest.FetchOpenOrdersAsync("a", default)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task OrdersSinceACursor_EachOnce_AsTheyNowAre()
    {
        foreach (var id in (string[])["ax1", "ax2", "ax3"]) VenueDesk.Value(await Rest.SubmitOrderAsync(await _desk.AwayAsync(id), default));
        var cursor = VenueDesk.Value(await Rest.FetchOpenOrdersAsync("", default)).Cursor;
        cursor.ShouldBe(3);
        VenueDesk.Value(await Rest.CancelAllAsync("ax2", default));
        VenueDesk.Value(await Rest.SubmitOrderAsync(await _desk.AwayAsync("ax4"), default));

        var page = VenueDesk.Value(await Rest.FetchOrdersSinceAsync(cursor, default));
        page.Orders.Select(o => (o.ClientOrderId, o.Status)).ShouldBe([("ax2", OrderStatus.Cancelled), ("ax4", OrderStatus.Live)]);
        page.Cursor.ShouldBe(5);
        VenueDesk.Value(await Rest.FetchOrdersSinceAsync(5, default)).Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task IdUsedTwice_IsADuplicate_EvenWhenTheFirstHasEnded()
    {
        var place = await _desk.AwayAsync("d1x1");
        VenueDesk.Value(await Rest.SubmitOrderAsync(place, default));
        VenueDesk.Refusal(await Rest.SubmitOrderAsync(place, default)).Kind.ShouldBe(RefusalKind.DuplicateOrder);
        VenueDesk.Value(await Rest.CancelOrderAsync(place, default)).Status.ShouldBe(OrderStatus.Cancelled);
        VenueDesk.Refusal(await Rest.SubmitOrderAsync(place, default)).Kind.ShouldBe(RefusalKind.DuplicateOrder);
        VenueDesk.Refusal(await Rest.CancelOrderAsync(place, default)).Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Theory]
    [InlineData(Side.Buy, 1_000, 9, "below_minimum: size 0.9 is below the minimum of 1")]
    [InlineData(Side.Buy, 100, 10, "below_minimum: notional 0.01 is below the minimum of 1")]
    [InlineData(Side.Sell, 20_000, 50_001, "insufficient_funds: with the open orders it takes 5000.1 DCT: the account holds 5000")]
    [InlineData(Side.Buy, 5_000, 2_000_001, "insufficient_funds: with the open orders it takes 100000.05 USDT: the account holds 100000")]
    public async Task OrderAgainstTheRules_RefusedWithCodeAndWords(Side side, long ticks, long lots, string reason) =>
        VenueDesk.Refusal(await Rest.SubmitOrderAsync(_desk.Order("d1x1", side, ticks, lots), default)).ShouldBe(new(RefusalKind.Order, reason));

    [Fact]
    public async Task FundsOfOpenOrders_AreNotThereForOthers()
    {
        VenueDesk.Value(await Rest.SubmitOrderAsync(_desk.Order("d1x1", Side.Sell, 20_000, 30_000), default));
        VenueDesk.Refusal(await Rest.SubmitOrderAsync(_desk.Order("d1x2", Side.Sell, 20_000, 20_001), default)).Reason
            .ShouldBe("insufficient_funds: with the open orders it takes 5000.1 DCT: the account holds 5000");
        VenueDesk.Value(await Rest.SubmitOrderAsync(_desk.Order("d1x3", Side.Sell, 20_000, 20_000), default)).Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public async Task SecretThatIsWrong_Refused()
    {
        var rest = _desk.NewRest(_desk.Options with { Credentials = new("ann", "another secret") });
        VenueDesk.Refusal(await rest.FetchBalancesAsync(default)).ShouldBe(new(RefusalKind.Credentials, "bad_signature: the signature is wrong"));
    }

    [Fact]
    public async Task KeyThatIsNotKnown_Refused()
    {
        var rest = _desk.NewRest(_desk.Options with { Credentials = new("bob", "the secret of ann") });
        VenueDesk.Refusal(await rest.FetchBalancesAsync(default)).ShouldBe(new(RefusalKind.Credentials, "unknown_key: the key is not known"));
    }

    [Theory]
    [InlineData(5.0, true)]
    [InlineData(-5.0, true)]
    [InlineData(5.001, false)]
    [InlineData(-5.001, false)]
    public async Task TimeStamp_TakenWithinTheReceiveWindowOnly(double ahead, bool isTaken)
    {
        var clients = new HandTime();
        clients.Advance(TimeSpan.FromSeconds(10));
        _desk.Time.Advance(TimeSpan.FromSeconds(10 - ahead));
        var reply = await _desk.NewRest(_desk.Options, clients).FetchBalancesAsync(default);
        if (isTaken) VenueDesk.Value(reply).Length.ShouldBe(2);
        else VenueDesk.Refusal(reply).Reason.ShouldStartWith("stale_timestamp: ");
    }

    [Fact]
    public async Task TooManyRequests_RefusedWithTheTimeToWait_CancelsGoThrough()
    {
        await using var desk = await VenueDesk.OpenAsync(s => s with { RequestsPerSecond = 4, RequestBurst = 2 });
        var place = await desk.AwayAsync("d1x1");
        VenueDesk.Value(await desk.Rest.SubmitOrderAsync(place, default));
        VenueDesk.Value(await desk.Rest.FetchBalancesAsync(default));
        VenueDesk.Refusal(await desk.Rest.SubmitOrderAsync(place with { ClientOrderId = "d1x2" }, default))
            .ShouldBe(new(RefusalKind.RateLimited, "rate_limited: too many requests", TimeSpan.FromSeconds(0.25)));
        VenueDesk.Value(await desk.NewRest(desk.Options).CancelOrderAsync(place, default)).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task MarketMakerGone_ItsOrdersRest_AndTradeOn()
    {
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        // Its successor knows nothing but the account.
        var successor = _desk.NewRest(_desk.Options);
        await _desk.TakeAsync(Side.Buy, 400);
        var open = VenueDesk.Value(await successor.FetchOpenOrdersAsync("", default)).Orders.ShouldHaveSingleItem();
        (open.ClientOrderId, open.RemainingLots).ShouldBe(("d1x1", 600));
    }

    private static OrderUpdate Update(OrderIntent order, OrderStatus status, long remaining) => new()
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = remaining, FilledLots = 0, Reason = "",
    };
}
