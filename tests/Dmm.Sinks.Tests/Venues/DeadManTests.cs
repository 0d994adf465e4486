using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sinks.Tests;

/// <summary>The venue's own switch: what keeps it armed, and what its being doubtful means for the path.</summary>
public sealed class DeadManTests : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly OrderPathOptions Dedicated = new()
    {
        IsAccountDedicated = true, DeadManWindow = Window, ReconcileEvery = TimeSpan.FromMinutes(10),
        Reconnect = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)),
    };

    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly HeldVenue _venue = new();
    private readonly CancellationTokenSource _stop = new();
    private VenueOrders _orders = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the order path");
        _stop.Dispose();
    }

    [Fact]
    public async Task Armed_BeforeTheFirstOrder_ThenThreeTimesInEachWindow()
    {
        Begin(Dedicated);
        _orders.TrySend(Place("d1x1"));
        var arm = await _venue.TakeAsync("arm");
        _venue.Waiting().ShouldBeEmpty();
        arm.SetResult(new VenueReply<TimeSpan>.Accepted(Window));
        await _venue.AcceptAsync("Place d1x1", Update("d1x1"));
        for (var i = 0; i < 3; i++)
        {
            await _time.PassAsync(Window / 3);
            await _venue.AcceptAsync("arm", Window);
        }
    }

    [Fact]
    public async Task AccountNotDedicated_NeverTouched_BecauseItReachesTheOrdersOfOthers()
    {
        Begin(Dedicated with { IsAccountDedicated = false });
        _orders.TrySend(Place("d1x1"));
        await _venue.AcceptAsync("Place d1x1", Update("d1x1"));
        _venue.Waiting().ShouldBeEmpty();
    }

    /// <summary>Everything is lost: the venue cancels by itself a window after the last answer, and by then the path has said that it is
    /// closed.</summary>
    [Fact]
    public async Task VenueOutOfReach_PathClosedWhenTheSwitchFires_OpenOnceItIsArmedAndTheVenueAnswers()
    {
        Begin(Dedicated);
        await _venue.AcceptAsync("arm", Window);
        var firesAt = _time.Now + Window;
        foreach (var pause in new[] { 10, 1, 2, 4, 4, 4, 4, 1 })
        {
            await _time.PassAsync(TimeSpan.FromSeconds(pause));
            _heard.IsQuiet.ShouldBeTrue();
            await _venue.LoseAsync<TimeSpan>("arm");
        }

        (await _heard.NextAsync<AdapterStatus>()).ShouldBe(new("held", AcceptsOrders: false, "the dead-man's switch could not be armed: no answer"));
        _time.Now.ShouldBe(firesAt);
        _orders.TrySend(Place("d1x1"));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Rejected);

        // The venue answers again, but until the switch is armed that is not enough.
        foreach (var pause in new[] { 1, 1 })
        {
            await _time.PassAsync(TimeSpan.FromSeconds(pause));
            await _venue.AcceptAsync("balances", ImmutableArray<BalanceReport>.Empty);
        }

        await _time.PassAsync(TimeSpan.FromSeconds(2));
        _heard.IsQuiet.ShouldBeTrue();
        await _venue.AcceptAsync("arm", Window);
        await _time.SetAsync(Window / 3);
        await _venue.AcceptAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<AdapterStatus>()).AcceptsOrders.ShouldBeTrue();
    }

    [Fact]
    public async Task Refused_PathClosedWithTheReason_BecauseThePromiseIsNotKept()
    {
        Begin(Dedicated);
        await _venue.RefuseAsync<TimeSpan>("arm", RefusalKind.Order);
        (await _heard.NextAsync<AdapterStatus>()).ShouldBe(new("held", AcceptsOrders: false, "the dead-man's switch is refused: says Order"));
    }

    [Fact]
    public async Task FencedAndNoneOpen_Disarmed_NotArmedAgain()
    {
        Begin(Dedicated);
        await _venue.AcceptAsync("arm", Window);
        _orders.Fence("the run ends");
        await _time.SetAsync(Window / 3);
        var cancelling = _orders.CancelAllOursAsync("d1x", CancellationToken.None);
        await _venue.AcceptAsync("cancel all d1x", 0);
        await _venue.AcceptAsync("open d1x", new OrderPage([], 0));
        await _venue.AcceptAsync("disarm", TimeSpan.Zero);
        await cancelling.Guarded("none open");
        _time.Advance(Window);
        _orders.TrySend(Cancel("d1x1"));
        await _venue.TakeAsync("Cancel d1x1");
        _venue.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public void WindowThatTheVenueDoesNotTake_ToldWithTheBounds() =>
        Should.Throw<ArgumentException>(() => Begin(Dedicated with { DeadManWindow = TimeSpan.FromSeconds(5) })).Message
            .ShouldStartWith("held: orders.deadManWindow is 5 s: expected 10 to 120 s there");

    private void Begin(OrderPathOptions options)
    {
        _orders = new(_venue, options, _time, () => 1, _heard.WriteAsync, _venue);
        _running = _orders.RunAsync("d1x", _stop.Token);
    }

    private static OrderUpdate Update(string id) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = OrderStatus.Live, Side = Side.Buy, PriceTicks = 10_499, RemainingLots = 50, Reason = "",
    };

    private static OrderIntent Place(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 10_499, SizeLots = 50, IsPostOnly = true,
    };

    private static OrderIntent Cancel(string id) => Place(id) with { Kind = OrderIntentKind.Cancel };
}
