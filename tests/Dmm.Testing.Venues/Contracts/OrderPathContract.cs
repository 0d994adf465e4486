using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;
using Dmm.Sinks;

namespace Dmm.Testing.Venues;

/// <summary>What the order path keeps at every venue: no order lost, doubled or left behind. Real connections and real time; every wait is for
/// something told.</summary>
public abstract class OrderPathContract : VenueContract
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    protected override TimeProvider Clock => TimeProvider.System;

    private PathView View { get; set; } = null!;

    private VenueOrders Path { get; set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Venue.LateAfter = OrderRace.ReceiveWindow;
        View = new(Market, Rig);
        Path = OrderRace.NewPath(Rig.NewVenue(Client, Venue, Clock, RigCredentials.Genuine, OrderRace.RequestTimeout), View);
        _running = Path.RunAsync(Prefix, _stop.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the path");
        await base.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Acknowledged_AmendedAndCancelled_AsTheVenueHasIt()
    {
        var order = await SentAsync("1");
        Path.TrySend(Amend(order, Mid - 1, Unit)).ShouldBeTrue();
        await View.Updates.One(u => u.PriceTicks == Mid - 1 && u.Status == OrderStatus.Live);
        Path.TrySend(Cancel(order)).ShouldBeTrue();
        (await View.EndAsync(order.ClientOrderId)).Status.ShouldBe(OrderStatus.Cancelled);
        ShouldBeClean();
    }

    /// <summary>What is refused has not happened: the order is not lost for it, and nothing else is believed of it.</summary>
    [Fact]
    public async Task AmendmentRefused_OrderStaysAsItWas_AndIsToldSo()
    {
        var order = await SentAsync("1");
        Venue.Faults.Add(IsAmendment, times: 1, new RequestFault.Refused(new(RefusalCode.BadRequest, "not like that")));
        Path.TrySend(Amend(order, Mid - 1, Unit)).ShouldBeTrue();
        await View.Updates.One(u => u.Reason.Length > 0);
        var told = View.Updates.All.Single(u => u.Reason.Length > 0);
        (told.Status, told.PriceTicks, told.RemainingLots).ShouldBe((OrderStatus.Live, Mid, 4 * Unit));
        var there = AtVenue(order.ClientOrderId)!;
        (there.Status, there.PriceTicks, there.RemainingLots).ShouldBe((OrderStatus.Live, Mid, 4 * Unit));
        Path.TrySend(Amend(order, Mid - 1, Unit)).ShouldBeTrue();
        await View.Updates.One(u => u.PriceTicks == Mid - 1 && u.Status == OrderStatus.Live);
        Venue.Requests.All.ShouldNotContain(r => IsCancel(r));
        View.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task AmendmentOfAnOrderThatEndedMeanwhile_ItsEndIsTold()
    {
        var order = await SentAsync("1");
        Fill(order.ClientOrderId, 4 * Unit);
        Path.TrySend(Amend(order, Mid - 1, Unit)).ShouldBeTrue();
        (await View.EndAsync(order.ClientOrderId)).Status.ShouldBe(OrderStatus.Filled);
        ShouldBeClean();
    }

    /// <summary>The stream told of the fill before the answer to the placement came: an older word must not raise the order from the dead.</summary>
    [Fact]
    public async Task AnswerComesAfterTheFillWasHeard_NotToldAnyMore()
    {
        var held = new HeldTraffic();
        Venue.Faults.Add(IsPlacement, times: 1, new RequestFault.AnswerHeld(held));
        var order = Place($"{Prefix}x1");
        Path.TrySend(order).ShouldBeTrue();
        await held.Arrived.Guarded("the placement");
        Fill(order.ClientOrderId, 4 * Unit);
        Path.Heard(State(order, OrderStatus.Filled, 0));
        held.Pass();
        await SentAsync("2");
        View.Updates.All.ShouldNotContain(u => u.ClientOrderId == order.ClientOrderId && u.Status < OrderStatus.Filled);
        View.Violations.ShouldBeEmpty();
    }

    /// <summary>Words of the stream come twice and in any order: they change nothing of what is sent.</summary>
    [Fact]
    public async Task WordsOfTheStreamRepeatedAndReordered_NothingMoreIsSent()
    {
        var order = await SentAsync("1");
        Fill(order.ClientOrderId, 4 * Unit);
        foreach (var status in new[] { OrderStatus.Filled, OrderStatus.Live, OrderStatus.PartiallyFilled, OrderStatus.Filled, OrderStatus.Live })
            Path.Heard(State(order, status, status == OrderStatus.Filled ? 0 : Unit));
        await SentAsync("2");
        Market.Orders.Count.ShouldBe(2);
        Venue.Requests.All.Count(r => IsPlacement(r)).ShouldBe(2);
    }

    [Fact]
    public async Task PlacementsRateLimited_Refused_AndCancelsGetThrough()
    {
        var order = await SentAsync("1");
        Venue.Faults.Add(IsPlacement, times: 1, TooMany(0.3));
        Path.TrySend(Place($"{Prefix}x2")).ShouldBeTrue();
        (await View.EndAsync($"{Prefix}x2")).Status.ShouldBe(OrderStatus.Rejected);
        await View.Statuses.One(s => !s.AcceptsOrders);
        Path.TrySend(Cancel(order)).ShouldBeTrue();
        (await View.EndAsync(order.ClientOrderId)).Status.ShouldBe(OrderStatus.Cancelled);
        await View.Statuses.Until(all => all is [.., { AcceptsOrders: true }], "the path open again");
        await SentAsync("3");
        View.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task CancelsRateLimited_SentAgainUntilTheOrderIsGone()
    {
        var order = await SentAsync("1");
        Venue.Faults.Add(IsCancel, times: 5, TooMany(0.05));
        Path.TrySend(Cancel(order)).ShouldBeTrue();
        (await View.EndAsync(order.ClientOrderId)).Status.ShouldBe(OrderStatus.Cancelled);
        ShouldBeClean();
    }

    [Fact]
    public async Task VenueAway_ClosedAndOpenAgain()
    {
        await SentAsync("1");
        await Venue.GoAwayAsync();
        Path.TrySend(Place($"{Prefix}x2")).ShouldBeTrue();
        await View.Statuses.One(s => !s.AcceptsOrders);
        Venue.ComeBack();
        await View.Statuses.Until(all => all is [.., { AcceptsOrders: true }], "the path open again");
        await SentAsync("3");
        await View.EndAsync($"{Prefix}x2");
        View.Violations.ShouldBeEmpty();
    }

    /// <summary>The kill: what was on its way when it began arrives later, and must not be left behind.</summary>
    [Fact]
    public async Task CancelAllWhileAPlacementIsOnItsWay_EndsOnlyWhenTheVenueReportsNoneOpen()
    {
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        for (var i = 1; i <= 3; i++) await SentAsync($"{i}");
        var held = new HeldTraffic();
        Venue.Faults.Add(IsPlacement, times: 1, new RequestFault.Held(held));
        Path.TrySend(Place($"{Prefix}x4")).ShouldBeTrue();
        await held.Arrived.Guarded("the placement");
        Path.Fence("killed");
        var killing = Path.CancelAllOursAsync(Prefix, default);
        await View.FirstWordAsync($"{Prefix}x4");
        held.Pass();
        await killing.Guarded("the kill");
        ShouldBeClean("byhand7");
        // A busy machine may have held it until it was too late; which of both is true is judged as it is told.
        (await View.EndAsync($"{Prefix}x4")).Status.ShouldBeOneOf(OrderStatus.Cancelled, OrderStatus.Rejected);
    }

    [Fact]
    public async Task CancelAllThroughAStorm_UntilTheVenueReportsNoneOpen()
    {
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        for (var i = 1; i <= 3; i++) await SentAsync($"{i}");
        Path.Fence("killed");
        Venue.Faults.Add(IsCancel, times: 1, TooMany(0.1));
        Venue.Faults.Add(IsCancel, times: 1, new RequestFault.Failed(new(503, "")));
        Venue.Faults.Add(IsCancel, times: 1, new RequestFault.AnswerLost());
        Venue.Faults.Add(r => r.Operation == VenueOperation.OpenOrders, times: 1, new RequestFault.AnswerReplaced(new(200, "{}")));
        await Path.CancelAllOursAsync(Prefix, default).Guarded("the kill");
        ShouldBeClean("byhand7");
    }

    /// <summary>A zombie of an earlier life: it bears our prefix, and nobody here has sent it.</summary>
    [Fact]
    public async Task OrderOfOursThatThisPathNeverSent_Cancelled_OthersStay()
    {
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        PlaceByHand(Rig.OnTheWire("d2x0x1"));
        PlaceByHand(Rig.OnTheWire($"{Prefix}x99"));
        (await View.EndAsync($"{Prefix}x99")).Status.ShouldBe(OrderStatus.Cancelled);
        Market.OpenOrders.Select(o => o.ClientOrderId).ShouldBe(["byhand7", Rig.OnTheWire("d2x0x1")], ignoreOrder: true);
    }

    /// <summary>Every way to place, every way to cancel, every moment to fill: each cell with a venue of its own.</summary>
    [Fact]
    public async Task EveryRaceOfPlacementCancelAndFill_TheEndIsTheVenuesOwn()
    {
        var cells =
            from place in Enum.GetValues<OrderRace.PlaceMishap>()
            from cancel in Enum.GetValues<OrderRace.CancelMishap>()
            from fill in Enum.GetValues<OrderRace.FillMoment>()
            select new OrderRace(Rig, Instrument, Unit, place, cancel, fill);
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(cells, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (race, _) =>
        {
            if (await race.RunAsync() is { } failure) failures.Add(failure);
        });
        failures.ShouldBeEmpty();
    }

    /// <summary>Sixty orders through a network on which one request in three goes wrong; in the end each has the end that the venue knows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EverythingAtOnce_AsTheSeedHasIt_EveryOrderEndsAsTheVenueHasIt(long seed)
    {
        const int Count = 60;
        var random = SeededRandom.For(seed, "orders");
        PlaceByHand("byhand7", Side.Sell, Mid + 2);
        Venue.Faults.Chance(
            seed,
            [
                (Trades, 0.06, new RequestFault.AnswerLost()), (Trades, 0.06, new RequestFault.Lost()), (Trades, 0.04, new RequestFault.NoAnswer()),
                (Trades, 0.06, new RequestFault.Failed(new(503, ""))), (Trades, 0.06, new RequestFault.Repeated()),
                (Trades, 0.03, TooMany(0.02)), (_ => true, 0.03, new RequestFault.AnswerTruncated()),
            ],
            frames: []);
        var orders = Enumerable.Range(1, Count).Select(i => Place($"{Prefix}x{i}", price: Mid - i % 5)).ToArray();
        foreach (var order in orders)
        {
            Path.TrySend(order).ShouldBeTrue();
            await View.FirstWordAsync(order.ClientOrderId);
            if (random.NextBool(0.3)) FillIfOpen(orders[random.NextInt(Count)], random.NextBool(0.5) ? Unit : 4 * Unit);
            if (random.NextBool(0.5)) Path.TrySend(Cancel(order)).ShouldBeTrue();
        }

        Venue.Faults.Clear();
        foreach (var order in orders) Path.TrySend(Cancel(order)).ShouldBeTrue();
        foreach (var order in orders) await View.EndAsync(order.ClientOrderId);
        ShouldBeClean("byhand7");
        Market.Orders.Select(o => o.ClientOrderId).ShouldBeUnique();
    }

    private static bool Trades(FakeRequest request) => IsPlacement(request) || IsCancel(request);

    private void FillIfOpen(OrderIntent order, long lots)
    {
        lock (Market.Gate)
        {
            if (AtVenue(order.ClientOrderId) is { IsOpen: true } open) Fill(order.ClientOrderId, Math.Min(lots, open.RemainingLots));
        }
    }

    private static bool IsPlacement(FakeRequest request) => request.Operation is VenueOperation.Place or VenueOperation.PlaceBatch;

    private static bool IsAmendment(FakeRequest request) => request.Operation is VenueOperation.Amend or VenueOperation.AmendBatch;

    private static bool IsCancel(FakeRequest request) =>
        request.Operation is VenueOperation.Cancel or VenueOperation.CancelBatch or VenueOperation.CancelAll;

    private static RequestFault.Refused TooMany(double seconds) =>
        new(new(RefusalCode.RateLimited, "too many requests", TimeSpan.FromSeconds(seconds)));

    private async Task<OrderIntent> SentAsync(string number)
    {
        var order = Place($"{Prefix}x{number}");
        Path.TrySend(order).ShouldBeTrue();
        await View.Updates.One(u => u.ClientOrderId == order.ClientOrderId && u.Status == OrderStatus.Live);
        return order;
    }

    private void ShouldBeClean(params string[] others)
    {
        View.Violations.ShouldBeEmpty();
        Market.OpenOrders.Select(o => o.ClientOrderId).ShouldBe(others, ignoreOrder: true);
    }
}
