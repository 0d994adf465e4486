using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sinks.Tests;

/// <summary>The order path over a venue that the test plays: what is under way at once, receipts, batches, what is compared, the dead-man's
/// switch.</summary>
public sealed class VenueOrdersTests : IAsyncDisposable
{
    private static readonly TimeSpan Reconcile = TimeSpan.FromSeconds(15);

    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly CancellationTokenSource _stop = new();
    private HeldVenue _venue = new();
    private VenueOrders _orders = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the order path");
        _stop.Dispose();
    }

    [Fact]
    public async Task Placements_UnderWayAtOnce_AnsweredInAnyOrder()
    {
        Begin();
        for (var i = 1; i <= 3; i++) _orders.TrySend(Place($"d1x{i}"));
        foreach (var id in new[] { "d1x3", "d1x1", "d1x2" })
        {
            await _venue.AcceptAsync($"Place {id}", Update(id, OrderStatus.Live));
            (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe(id);
        }
    }

    [Fact]
    public async Task Batch_SomeTakenOthersRefused_EachToldForItself_OneWithoutAnAnswerIsUnknown()
    {
        _venue = new() { Batch = 20 };
        Begin(o => o with { InFlightMax = 1 });
        _orders.TrySend(Place("d1x0"));
        var first = await _venue.TakeAsync("Place d1x0");
        for (var i = 1; i <= 3; i++) _orders.TrySend(Place($"d1x{i}"));
        first.SetResult(new VenueReply<OrderUpdate>.Accepted(Update("d1x0", OrderStatus.Live)));
        await _venue.AnswerBatchAsync(
            "Place d1x1,d1x2,d1x3", new VenueReply<OrderUpdate>.Accepted(Update("d1x1", OrderStatus.Live)),
            new VenueReply<OrderUpdate>.Refused(new(RefusalKind.Order, "would cross")));
        List<OrderUpdate> told = [];
        for (var i = 0; i < 4; i++) told.Add(await _heard.NextAsync<OrderUpdate>());
        told.Select(u => (u.ClientOrderId, u.Status)).ShouldBe(
        [
            ("d1x0", OrderStatus.Live), ("d1x1", OrderStatus.Live), ("d1x2", OrderStatus.Rejected), ("d1x3", OrderStatus.PendingUnknown),
        ]);
        await _venue.AcceptAsync("order d1x3", Update("d1x3", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x3", OrderStatus.Live));
    }

    [Fact]
    public async Task BatchOfCancels_ThoseThrottledAreSentAgain_TheOthersAreNot()
    {
        _venue = new() { Batch = 20 };
        Begin(o => o with { InFlightMax = 1 });
        _orders.TrySend(Place("d1x0"));
        var first = await _venue.TakeAsync("Place d1x0");
        foreach (var id in new[] { "d1x1", "d1x2" }) _orders.TrySend(Place(id));
        first.SetResult(new VenueReply<OrderUpdate>.Refused(new(RefusalKind.Order, "would cross")));
        var placements = await _venue.TakeAsync("Place d1x1,d1x2");
        foreach (var id in new[] { "d1x1", "d1x2" }) _orders.TrySend(Cancel(id));
        placements.SetResult(ImmutableArray.Create<VenueReply<OrderUpdate>>(
            new VenueReply<OrderUpdate>.Accepted(Update("d1x1", OrderStatus.Live)), new VenueReply<OrderUpdate>.Accepted(Update("d1x2", OrderStatus.Live))));
        await _venue.AnswerBatchAsync(
            "Cancel d1x1,d1x2", new VenueReply<OrderUpdate>.Accepted(Update("d1x1", OrderStatus.Cancelled)),
            new VenueReply<OrderUpdate>.Refused(new(RefusalKind.RateLimited, "slow down", TimeSpan.FromSeconds(3))));
        await _time.SetAsync(TimeSpan.FromSeconds(3));
        await _time.PassAsync(TimeSpan.FromSeconds(3));
        await _venue.AcceptAsync("Cancel d1x2", Update("d1x2", OrderStatus.Cancelled));
    }

    [Fact]
    public async Task Receipt_ConfirmedByTheStream_NotAskedFor()
    {
        Begin();
        await PlaceWithReceiptAsync("d1x1");
        _orders.Heard(Update("d1x1", OrderStatus.Live));
        await PlaceWithReceiptAsync("d1x2");
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        await _venue.AcceptAsync("order d1x2", Update("d1x2", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x2", OrderStatus.Live));
        _venue.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task ReceiptOfAnAmendment_StillTheOldPrice_OrderIsCancelled()
    {
        Begin();
        await PlaceAsync("d1x1");
        _orders.TrySend(Place("d1x1") with { Kind = OrderIntentKind.Amend, PriceTicks = 10_400 });
        await _venue.AcceptAsync("Amend d1x1", Update("d1x1", OrderStatus.PendingNew));
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        await _venue.AcceptAsync("order d1x1", Update("d1x1", OrderStatus.Live));
        await _venue.AcceptAsync("order d1x1", Update("d1x1", OrderStatus.Live));
        await _venue.AcceptAsync("Cancel d1x1", Update("d1x1", OrderStatus.Cancelled));
        List<OrderStatus> told = [];
        while (told.LastOrDefault() != OrderStatus.Cancelled) told.Add((await _heard.NextAsync<OrderUpdate>()).Status);
        told.ShouldAllBe(s => s == OrderStatus.Live || s == OrderStatus.Cancelled);
    }

    [Fact]
    public async Task ReceiptOfACancel_NoEndIsMadeUp_AskedForWhenTheStreamIsSilent()
    {
        Begin();
        await PlaceAsync("d1x1");
        _orders.TrySend(Cancel("d1x1"));
        await _venue.AcceptAsync("Cancel d1x1", Update("d1x1", OrderStatus.PendingCancel));
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        _heard.IsQuiet.ShouldBeTrue();
        await _venue.AcceptAsync("order d1x1", Update("d1x1", OrderStatus.Filled));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task AckAfterTheFill_NotTold()
    {
        Begin();
        _orders.TrySend(Place("d1x1"));
        var placement = await _venue.TakeAsync("Place d1x1");
        _orders.Heard(Update("d1x1", OrderStatus.Filled));
        placement.SetResult(new VenueReply<OrderUpdate>.Accepted(Update("d1x1", OrderStatus.Live)));
        await PlaceAsync("d1x2");
    }

    [Fact]
    public async Task ListLacksAnOrder_AskedFor_ItsEndTold()
    {
        Begin();
        await PlaceAsync("d1x1");
        await _time.PassAsync(Reconcile);
        await _venue.AcceptAsync("open d1x", new OrderPage([], 0));
        await _venue.AcceptAsync("order d1x1", Update("d1x1", OrderStatus.Filled));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task ListHasMoreFilledThanWasHeard_Told_AnOlderViewIsNot()
    {
        Begin();
        await PlaceAsync("d1x1");
        await PlaceAsync("d1x2");
        _orders.Heard(Update("d1x2", OrderStatus.PartiallyFilled) with { RemainingLots = 10 });
        await _time.PassAsync(Reconcile);
        await _venue.AcceptAsync("open d1x", new OrderPage(
            [Update("d1x2", OrderStatus.Live), Update("d1x1", OrderStatus.PartiallyFilled) with { RemainingLots = 20 }], 0));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x1", OrderStatus.PartiallyFilled) with { RemainingLots = 20 });
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task ListHasAnOrderOfOursThatWasNeverSent_Cancelled_OneOfOthersIsLeftAlone()
    {
        Begin();
        await _time.PassAsync(Reconcile);
        await _venue.AcceptAsync("open d1x", new OrderPage([Update("byhand", OrderStatus.Live), Update("d1x9", OrderStatus.Live)], 0));
        await _venue.AcceptAsync("order d1x9", Update("d1x9", OrderStatus.Live));
        await _venue.AcceptAsync("Cancel d1x9", Update("d1x9", OrderStatus.Cancelled));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x9", OrderStatus.Cancelled));
        _venue.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task ListOlderThanTheEndThatWasHeard_NothingIsDone()
    {
        Begin();
        await PlaceAsync("d1x1");
        await _time.PassAsync(Reconcile);
        var list = await _venue.TakeAsync("open d1x");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _orders.Heard(Update("d1x1", OrderStatus.Cancelled));
        list.SetResult(new VenueReply<OrderPage>.Accepted(new([Update("d1x1", OrderStatus.Live)], 0)));
        await PlaceAsync("d1x2");
        _venue.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task CancelAll_ReceiptNotConfirmed_NotDoneUntilItIs()
    {
        Begin();
        await PlaceWithReceiptAsync("d1x1");
        var cancelling = _orders.CancelAllOursAsync("d1x", CancellationToken.None);
        await _venue.AcceptAsync("cancel all d1x", 0);
        await _venue.AcceptAsync("open d1x", new OrderPage([], 0));
        _orders.Heard(Update("d1x1", OrderStatus.Live));
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _venue.AcceptAsync("cancel all d1x", 1);
        await _venue.AcceptAsync("open d1x", new OrderPage([], 0));
        (await cancelling.Guarded("none open")).ShouldBe(1);
    }

    [Fact]
    public async Task WriterThrows_PathEndsWithIt()
    {
        _orders = new(_venue, new(), _time, () => 1, (_, _) => throw new InvalidOperationException("the engine is gone"));
        var running = _orders.RunAsync("d1x", _stop.Token);
        _orders.TrySend(Place("d1x1"));
        await _venue.AcceptAsync("Place d1x1", Update("d1x1", OrderStatus.Live));
        (await Should.ThrowAsync<InvalidOperationException>(() => running.Guarded("the end"))).Message.ShouldBe("the engine is gone");
        _orders.TrySend(Place("d1x2")).ShouldBeFalse();
    }

    /// <summary>The kill must not need what may have failed: the engine takes no words any more, and the path itself has ended.</summary>
    [Fact]
    public async Task CancelAllOurs_EngineAndPathGone_UntilTheVenueReportsNoneOpen()
    {
        var orders = new VenueOrders(
            _venue, new() { ReconcileEvery = Reconcile }, _time, () => 1, (_, _) => throw new InvalidOperationException("profit cannot be computed"));
        var running = orders.RunAsync("d1x", _stop.Token);
        orders.TrySend(Place("d1x1"));
        await _venue.AcceptAsync("Place d1x1", Update("d1x1", OrderStatus.Live));
        (await Should.ThrowAsync<InvalidOperationException>(() => running.Guarded("the end of the path"))).Message.ShouldBe("profit cannot be computed");
        orders.TrySend(Place("d1x2")).ShouldBeFalse();

        orders.Fence("killed");
        var killing = orders.CancelAllOursAsync("d1x", default);
        await _venue.AcceptAsync("cancel all d1x", 0);
        await _venue.AcceptAsync("open d1x", new OrderPage([Update("d1x1", OrderStatus.Live)], 1));
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _venue.AcceptAsync("cancel all d1x", 1);
        await _venue.AcceptAsync("open d1x", new OrderPage([], 1));
        (await killing.Guarded("the kill")).ShouldBe(1);
    }

    private void Begin(Func<OrderPathOptions, OrderPathOptions>? change = null)
    {
        _orders = new(_venue, (change ?? (o => o))(new() { ReconcileEvery = Reconcile }), _time, () => 1, _heard.WriteAsync);
        _running = _orders.RunAsync("d1x", _stop.Token);
    }

    private async Task PlaceAsync(string id)
    {
        _orders.TrySend(Place(id));
        await _venue.AcceptAsync($"Place {id}", Update(id, OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update(id, OrderStatus.Live));
        _orders.Heard(Update(id, OrderStatus.Live));
    }

    private async Task PlaceWithReceiptAsync(string id)
    {
        _orders.TrySend(Place(id));
        await _venue.AcceptAsync($"Place {id}", Update(id, OrderStatus.PendingNew));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.PendingNew);
    }

    private static OrderUpdate Update(string id, OrderStatus status) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 10_499, RemainingLots = 50, Reason = "",
    };

    private static OrderIntent Place(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 10_499, SizeLots = 50, IsPostOnly = true,
    };

    private static OrderIntent Cancel(string id) => Place(id) with { Kind = OrderIntentKind.Cancel };
}
