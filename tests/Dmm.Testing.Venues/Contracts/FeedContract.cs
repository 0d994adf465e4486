using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>
/// What every feed brings to the engine, whatever happens to its connections: the venue's own book, every fill once, every order's end. Real
/// connections and real time; every wait is for something told.
/// </summary>
public abstract class FeedContract : VenueContract
{
    /// <summary>What can happen to a frame.</summary>
    public enum Mishap
    {
        Dropped,
        Repeated,
        Swapped,
        Truncated,
        Garbage,
        Oversized,
        BrokenOff,
        Silenced,
    }

    private const int OversizedLength = 5 << 20;
    private const FrameKind Told = FrameKind.Public | FrameKind.Private;

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _stirred;

    public static TheoryData<Mishap> Mishaps => [.. Enum.GetValues<Mishap>()];

    protected override TimeProvider Clock => TimeProvider.System;

    protected FeedView View { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        View = new(Rig.Instruments);
        foreach (var other in Rig.Instruments.Skip(1))
        {
            Market.Rest(other, Side.Buy, Mid - Edge, 100);
            Market.Rest(other, Side.Sell, Mid + Edge, 100);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await base.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Connected_BooksOfAllInstruments_Trades()
    {
        await StartedAsync();
        Market.Take(Instrument, Side.Buy, Mid + Edge, 3 * Unit);
        await View.UntilAsync(v => v.Trades.Count == 1, "the trade");
        var trade = View.Trades[0];
        (trade.Aggressor, trade.PriceTicks, trade.SizeLots).ShouldBe((Side.Buy, Mid + Edge, 3 * Unit));
        await BookAsync();
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToABookFrame_TheBookIsTheVenuesAgain(Mishap mishap)
    {
        if (mishap == Mishap.Dropped) SkipWhereLossHides();
        await StartedAsync();
        Venue.Faults.Next(FrameKind.Book, Fault(mishap));
        Stir(3);
        await NextChangeAsync();
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToAnOrderFrame_TheOrdersEndIsFound(Mishap mishap)
    {
        if (mishap == Mishap.Dropped && !Rig.NumbersOrderMessages) Assert.Skip("nothing shows that it was lost: the order path finds it");
        await StartedAsync();
        Venue.Faults.Next(FrameKind.Order, Fault(mishap), after: 1);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Market.Cancel(AtVenue($"{Prefix}x1")!);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x2"));
        await View.UntilAsync(v => v.Order($"{Prefix}x1")?.Status == OrderStatus.Cancelled, "the order's end");
        await View.UntilAsync(v => v.Order($"{Prefix}x2") is not null, "the order after it");
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToAFillFrame_EveryFillOnce(Mishap mishap)
    {
        await StartedAsync();
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Venue.Faults.Next(FrameKind.Fill, Fault(mishap), after: 1);
        for (var i = 0; i < 4; i++) Fill($"{Prefix}x1", Unit);
        await FillsAsync();
    }

    /// <summary>The REST book that answers a gap is older than what the stream has said: it must be asked for again, not believed.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 12)]
    [InlineData(3, 12)]
    public async Task GapAndThenAStaleSnapshot_TheBookIsTheVenuesAgain(int staleAnswers, int updatesAgo)
    {
        SkipWhereLossHides();
        await StartedAsync();
        Stir(8);
        await BookAsync();
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Dropped());
        Market.ServeStaleBooks(staleAnswers, updatesAgo);
        Stir(4);
        await NextChangeAsync();
    }

    /// <summary>What was there before and is gone must not linger as a ghost.</summary>
    [Fact]
    public async Task LevelsGoneWhileAway_AreGoneAfterwards()
    {
        await StartedAsync();
        var number = Market.Rest(Instrument, Side.Buy, Mid - 1, Unit);
        await BookAsync();
        await Venue.GoAwayAsync();
        await View.UntilAsync(v => !v.IsConnected, "word of the lost link");
        Market.Withdraw(Instrument, number);
        Market.Rest(Instrument, Side.Sell, Mid - 1, Unit);
        Venue.ComeBack();
        await View.UntilAsync(v => v.IsConnected, "the link");
        await BookAsync();
    }

    [Fact]
    public async Task FillsAndEndsWhileAway_AreFound_OnceEach()
    {
        await StartedAsync();
        for (var i = 1; i <= 3; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), price: Mid - i);
        Fill($"{Prefix}x1", Unit);
        await FillsAsync();
        await Venue.GoAwayAsync();
        await View.UntilAsync(v => !v.IsConnected, "word of the lost link");
        Fill($"{Prefix}x1", 3 * Unit);
        Fill($"{Prefix}x2", Unit);
        Market.Cancel(AtVenue($"{Prefix}x3")!);
        Venue.ComeBack();
        await FillsAsync();
        await View.UntilAsync(v => v.Order($"{Prefix}x3")?.Status == OrderStatus.Cancelled, "the order cancelled meanwhile");
        await View.UntilAsync(v => v.Order($"{Prefix}x1")?.Status == OrderStatus.Filled, "the order filled meanwhile");
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    [Fact]
    public async Task FillsBeforeTheStart_FoundFromTheCursorOn()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", Unit);
        var known = (await Adapter.FetchFillsSinceAsync("", default)).Value().Fills.Single();
        Fill($"{Prefix}x1", 2 * Unit);
        Start(known.TradeId);
        await View.UntilAsync(v => v.IsConnected, "the link");
        View.Fills.ShouldHaveSingleItem().Quantity.ShouldBe(Instrument.Sizes.ToDecimal(2 * Unit));
        View.Order($"{Prefix}x1")!.Status.ShouldBe(OrderStatus.PartiallyFilled);
    }

    [Fact]
    public async Task Balances_KnownOnceConnected()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", Unit);
        await StartedAsync();
        foreach (var balance in Market.Balances.Where(b => Rig.Holds(b.Asset))) View.Balance(balance.Asset).ShouldBe(balance.Total, balance.Asset);
    }

    [Fact]
    public async Task VenueSilent_ToldAsDisconnected_ThenConnectedAgain()
    {
        await StartedAsync();
        foreach (var socket in Venue.Sockets.All) socket.FallSilent();
        await View.UntilAsync(v => v.Statuses.Any(s => s.State == FeedState.Disconnected), "word of the silence");
        await View.UntilAsync(v => v.IsConnected && v.Connections > 1, "the link");
        Stir(1);
        await BookAsync();
    }

    [Fact]
    public async Task VenueRefusesConnections_TriedAgainUntilItTakesOne()
    {
        Venue.Faults.Add(r => r.Operation == VenueOperation.Connect, times: 3, new RequestFault.Failed(new(503, "busy")));
        await StartedAsync();
        View.Statuses.Count(s => s.State == FeedState.Disconnected).ShouldBeGreaterThanOrEqualTo(1);
    }

    /// <summary>The venue's clock is so far from ours that it takes no login: nothing private can be believed, and the feed says so.</summary>
    [Fact]
    public async Task LoginRefused_NeverConnected_UntilItIsTaken()
    {
        Market.Skew = TimeSpan.FromSeconds(90);
        Start("");
        await View.UntilAsync(v => v.Statuses.Count(s => s.State == FeedState.Disconnected) >= 2, "two refusals");
        View.Connections.ShouldBe(0);
        Market.Skew = TimeSpan.Zero;
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EverythingAtOnce_AsTheSeedHasIt_TheTruthInTheEnd(long seed)
    {
        await StartedAsync();
        Venue.Faults.Chance(
            seed,
            [
                (r => r.Operation != VenueOperation.Connect, 0.05, new RequestFault.AnswerLost()),
                (r => r.Operation != VenueOperation.Connect, 0.05, new RequestFault.Failed(new(503, ""))),
                (r => r.Operation == VenueOperation.Connect, 0.1, new RequestFault.Failed(new(503, ""))),
            ],
            [
                (Rig.ShowsLostUpdates ? Told : FrameKind.Private, 0.02, new FrameFault.Dropped()), (Told, 0.02, new FrameFault.Repeated()),
                (Told, 0.02, new FrameFault.Swapped()), (Told, 0.01, new FrameFault.Truncated()),
                (FrameKind.Any, 0.003, new FrameFault.BrokenOff()),
            ]);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x0"), lots: 200 * Unit);
        for (var i = 1; i <= 100; i++)
        {
            Stir(1);
            Fill($"{Prefix}x0", Unit);
            var order = PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), price: Mid - 2 - i % 3, lots: Unit);
            if (i % 2 == 0) Market.Cancel(order);
            // As fast as the feed can follow, no faster: otherwise all of it lies within one outage.
            await View.UntilAsync(v => v.Fills.Count >= Market.Fills.Count - 5, "the fills");
        }

        Venue.Faults.Clear();
        Fill($"{Prefix}x0", Unit);
        await FillsAsync();
        await NextChangeAsync();
        // Elsewhere an end whose message was lost is the order path's to find.
        if (!Rig.NumbersOrderMessages) return;
        foreach (var order in Market.Orders.Where(o => !o.IsOpen))
            await View.UntilAsync(v => v.Order(Ours(order))?.Status == order.Status, $"the end of {order.ClientOrderId}");
    }

    protected async Task StartedAsync()
    {
        Start("");
        await View.UntilAsync(v => v.IsConnected, "the link");
        await BookAsync();
    }

    private void Start(string lastTradeId) => _running = Rig.RunFeedAsync(Client, Venue, Clock, lastTradeId, View.WriteAsync, _stop.Token);

    private void SkipWhereLossHides()
    {
        if (!Rig.ShowsLostUpdates) Assert.Skip($"{Instrument.Venue} does not number its updates so that a lost one shows");
    }

    private Task BookAsync() => View.UntilAsync(v => Rig.Instruments.All(i => v.IsTrueTo(Market, i)), "the venue's own book");

    /// <summary>What was lost at the end of a stream shows by what follows: the book must be right after the next change at the latest.</summary>
    private async Task NextChangeAsync()
    {
        Stir(1);
        await BookAsync();
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    private async Task FillsAsync()
    {
        await View.UntilAsync(v => v.Fills.Count >= Market.Fills.Count, "every fill");
        View.Fills.Select(f => (f.ClientOrderId, f.Price, f.Quantity, f.Fee))
            .ShouldBe(Market.Fills.Select(f => (Ours(f.Order), f.Price, f.Quantity, f.Fee)), ignoreOrder: true);
    }

    private string Ours(FakeOrder order) => Rig.FromTheWire(order.ClientOrderId);

    /// <summary>Other traders come and go: each change is a frame of its own.</summary>
    private void Stir(int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            var step = _stirred++ % 5;
            Market.Rest(Instrument, Side.Sell, Mid + Edge + step, Unit + _stirred);
            if (step % 2 == 0) Market.Take(Instrument, Side.Buy, Mid + Edge, Unit);
        }
    }

    private static FrameFault Fault(Mishap mishap) => mishap switch
    {
        Mishap.Dropped => new FrameFault.Dropped(),
        Mishap.Repeated => new FrameFault.Repeated(),
        Mishap.Swapped => new FrameFault.Swapped(),
        Mishap.Truncated => new FrameFault.Truncated(),
        Mishap.Garbage => new FrameFault.Replaced(Encoding.UTF8.GetBytes("{\"channel\":\u0001")),
        Mishap.Oversized => new FrameFault.Oversized(OversizedLength),
        Mishap.BrokenOff => new FrameFault.BrokenOff(),
        _ => new FrameFault.Silenced(),
    };
}
