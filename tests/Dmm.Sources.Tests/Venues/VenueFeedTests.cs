using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>The feed of a venue with two sockets, neither of which numbers what it says of our account.</summary>
public sealed class VenueFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(4);

    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly ScriptedVenue _rest = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeHmacVenue _venue = null!;
    private Task _running = Task.CompletedTask;
    private FakeSocket _public = null!;
    private FakeSocket _private = null!;

    public async ValueTask InitializeAsync() => _venue = await FakeHmacVenue.StartAsync(_time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await _venue.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Connected_OnlyWhenBothSocketsAreUp_AndOurOrdersAndFillsAreKnown()
    {
        Begin();
        await ConnectBothAsync();
        await SubscribedAsync(_private, isPrivate: true);
        await _rest.AnswerAsync("open orders", new OrderPage([Order("a", OrderStatus.Live)], 5));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("1")], 1));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("1");
        await _rest.AnswerAsync("fills after '1'", new FillPage([], 1));
        await _rest.AnswerAsync("balances", ImmutableArray.Create(new BalanceReport("hmac", "DCT", 5m, _time.Now)));
        await _heard.NextAsync<BalanceReport>();

        await _public.CommandAsync();
        await _public.SendAsync((w, into) => w.Subscribed(into));
        await _public.SendAsync((w, into) => w.Book(Snapshot(9), into));
        await _heard.NextAsync<ClockOffset>();
        (await BookAsync()).LastUpdateId.ShouldBe(9, "one of two subscriptions is answered: not connected yet");
        await _public.SendAsync((w, into) => w.Subscribed(into));
        (await _heard.NextAsync<FeedStatus>()).ShouldBe(new("hmac", FeedState.Connected, "public, private"));
    }

    [Fact]
    public async Task FillsOfTheStreamDuringAResync_HeldBack_ThenOnceEach_AfterThoseBeforeThem()
    {
        Begin();
        await ConnectBothAsync();
        await SubscribedAsync(_private, isPrivate: true);
        await _private.SendAsync((w, into) => w.Fill(Fill("3"), 3, into));
        await _private.SendAsync((w, into) => w.Fill(Fill("4"), 4, into));
        await _private.SendAsync((w, into) => w.Order(Order("a", OrderStatus.Live), 6, into));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
        await _rest.AnswerAsync("open orders", new OrderPage([], 5));

        // The venue's list is behind its stream.
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("1"), Fill("2"), Fill("3")], 3));
        foreach (var id in new[] { "1", "2", "3" }) (await _heard.NextAsync<Fill>()).TradeId.ShouldBe(id);
        await _rest.AnswerAsync("fills after '3'", new FillPage([], 3));
        _heard.IsQuiet.ShouldBeTrue();
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("4");
        await _private.SendAsync((w, into) => w.Fill(Fill("4"), 4, into));
        await _private.SendAsync((w, into) => w.Fill(Fill("5"), 5, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("5");
    }

    [Fact]
    public async Task OrderListedOpenThatTheStreamEndedMeanwhile_NotToldAsOpen()
    {
        Begin();
        await ConnectBothAsync();
        await SubscribedAsync(_private, isPrivate: true);
        await _private.SendAsync((w, into) => w.Order(Order("a", OrderStatus.Filled), 6, into));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
        await _rest.AnswerAsync("open orders", new OrderPage([Order("a", OrderStatus.Live), Order("b", OrderStatus.Live)], 5));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("b");
    }

    [Fact]
    public async Task FillLostByTheStream_FoundByTheSweep_OnceOnly_AndOneListedLateByTheNext()
    {
        await OpenAsync();
        await _private.SendAsync((w, into) => w.Fill(Fill("2"), 2, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("2");
        await _time.PassAsync(Sweep);
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("1"), Fill("2")], 2));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("1");
        await _rest.AnswerAsync("fills after '2'", new FillPage([], 2));
        await _rest.AnswerAsync("balances", ImmutableArray.Create(new BalanceReport("hmac", "DCT", 7m, _time.Now)));
        (await _heard.NextAsync<BalanceReport>()).Total.ShouldBe(7m);
        _time.Advance(Sweep);
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("1"), Fill("late"), Fill("2")], 3));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("late");
        await _rest.AnswerAsync("fills after '2'", new FillPage([], 3));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        await _private.SendAsync((w, into) => w.Fill(Fill("9"), 9, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("9");
    }

    [Fact]
    public async Task PublicSocketLost_ToldAsDisconnected_OurFillsGoOn_ConnectedWithoutAResync()
    {
        await OpenAsync();
        _public.Drop();
        var lost = await _heard.NextAsync<FeedStatus>();
        (lost.State, lost.Detail[..8]).ShouldBe((FeedState.Disconnected, "public: "));
        await _private.SendAsync((w, into) => w.Fill(Fill("7"), 1, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        _public = await _venue.ConnectedAsync();
        await SubscribedAsync(_public, isPrivate: false);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    [Fact]
    public async Task PrivateSocketLost_WhatWasMissedIsFetchedBeforeConnectedIsTold()
    {
        await OpenAsync();
        _private.Drop();
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Disconnected);
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        _private = await _venue.ConnectedAsync();
        await SubscribedAsync(_private, isPrivate: true);
        await _rest.AnswerAsync("orders after 5", new OrderPage([Order("a", OrderStatus.Filled)], 6));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
        await _rest.AnswerAsync("orders after 6", new OrderPage([], 6));
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("8")], 1));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("8");
        await _rest.AnswerAsync("fills after '8'", new FillPage([], 1));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    [Fact]
    public async Task AccountMessageThatCannotBeRead_Rejected_Resynced_BecauseWhatItSaidIsNotKnown()
    {
        await OpenAsync();
        await _private.SendTextAsync("""{"channel":"fills","seq":4,"fill":{"tradeId":"7","symbol":"DCT-USDT","size":"many"}}""");
        await _heard.NextAsync<Rejected>();
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Resyncing);
        await _rest.AnswerAsync("orders after 5", new OrderPage([], 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([], 0));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    [Fact]
    public async Task GapWhereTheStreamBringsSnapshots_NewSession_NewBook()
    {
        await OpenAsync();
        await _public.SendAsync((w, into) => w.Book(Snapshot(10), into));
        await _heard.NextAsync<ClockOffset>();
        await BookAsync();
        await _public.SendAsync((w, into) => w.Book(Delta(12, 13), into));
        await BookAsync();
        (await _heard.NextAsync<FeedStatus>()).ShouldBe(
            new("hmac", FeedState.Disconnected, "public: the book of DCT-USDT lacks an update: a new session brings a new book"));
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        _public = await _venue.ConnectedAsync();
        await SubscribedAsync(_public, isPrivate: false);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    [Fact]
    public async Task GapWhereSnapshotsAreAskedFor_UntilOneJoins_TheSessionLives()
    {
        await OpenAsync(_rest.FetchOrderBookAsync);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(10));
        (await BookAsync()).LastUpdateId.ShouldBe(10);
        await _public.SendAsync((w, into) => w.Book(Delta(15, 16), into));
        await _heard.NextAsync<ClockOffset>();
        (await BookAsync()).LastUpdateId.ShouldBe(16);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(12));
        (await BookAsync()).LastUpdateId.ShouldBe(12);
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(15));
        (await BookAsync()).LastUpdateId.ShouldBe(15);
        await _public.SendAsync((w, into) => w.Book(Delta(17, 17), into));
        (await BookAsync()).LastUpdateId.ShouldBe(17);
        await _public.SendAsync((w, into) => w.Book(Delta(19, 19), into));
        (await BookAsync()).LastUpdateId.ShouldBe(19);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(19));
        (await BookAsync()).LastUpdateId.ShouldBe(19);
    }

    [Fact]
    public async Task SubscriptionNotAnswered_GivenUp()
    {
        Begin(connectTimeout: TimeSpan.FromSeconds(5));
        await ConnectBothAsync();
        // What it has sent shows that it knows of its connection.
        await _private.CommandAsync();
        await _public.CommandAsync();
        await _public.SendAsync((w, into) => w.Subscribed(into));
        await _time.PassAsync(_venue.Options.PingInterval);
        (await _heard.NextAsync<FeedStatus>()).Detail.ShouldEndWith("login and subscriptions not answered within 5 s");
    }

    [Fact]
    public async Task VenueAsksForASignOfLife_Answered()
    {
        await OpenAsync();
        await _public.SendTextAsync(PlainSocket.VenuesPing);
        var pong = await _public.CommandAsync();
        (pong.Kind, pong.Number).ShouldBe((HmacCommandKind.Ping, PlainSocket.PongNumber));
    }

    [Fact]
    public async Task WriterThrows_FeedEndsWithIt()
    {
        var feed = Feed(null, TimeSpan.FromSeconds(10), (_, _) => throw new InvalidOperationException("the engine is gone"));
        var running = feed.RunAsync(_stop.Token);
        await ConnectBothAsync();
        await _public.SendTextAsync("nonsense");
        (await Should.ThrowAsync<InvalidOperationException>(() => running.Guarded("the end"))).Message.ShouldBe("the engine is gone");
    }

    private void Begin(BookSnapshots? snapshots = null, TimeSpan? connectTimeout = null) =>
        _running = Feed(snapshots, connectTimeout ?? TimeSpan.FromSeconds(10), _heard.WriteAsync).RunAsync(_stop.Token);

    private VenueFeed Feed(BookSnapshots? snapshots, TimeSpan connectTimeout, Func<Input, CancellationToken, ValueTask> write) => new(
        new() { Venue = "hmac", ConnectTimeout = connectTimeout, ReconcileEvery = Sweep, Snapshots = snapshots }, _venue.Wire.Instruments,
        [new PlainSocket(_venue.Options, _venue.Wire, isPrivate: false), new PlainSocket(_venue.Options, _venue.Wire, isPrivate: true)], _rest, "", _time,
        () => 1, write);

    private async Task OpenAsync(BookSnapshots? snapshots = null)
    {
        Begin(snapshots);
        await ConnectBothAsync();
        await SubscribedAsync(_private, isPrivate: true);
        await _rest.AnswerAsync("open orders", new OrderPage([], 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([], 0));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        await SubscribedAsync(_public, isPrivate: false);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    /// <summary>Both sockets are dialled at once: which is which shows by its path.</summary>
    private async Task ConnectBothAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var socket = await _venue.ConnectedAsync();
            if (socket.Path == "/private") _private = socket;
            else _public = socket;
        }
    }

    private static async Task SubscribedAsync(FakeSocket socket, bool isPrivate)
    {
        if (isPrivate)
        {
            (await socket.CommandAsync()).Kind.ShouldBe(HmacCommandKind.Login);
            await socket.SendAsync((w, into) => w.LoggedIn(into));
        }

        (await socket.CommandAsync()).Channels.ShouldBe(isPrivate ? ["orders", "fills"] : ["book", "trades"]);
        for (var i = 0; i < 2; i++) await socket.SendAsync((w, into) => w.Subscribed(into));
    }

    private async Task<BookUpdate> BookAsync() => (await _heard.NextAsync()).Book;

    private BookUpdate Delta(long first, long last) => Snapshot(last) with { IsSnapshot = false, FirstUpdateId = first };

    private BookUpdate Snapshot(long id) => new()
    {
        Instrument = new(0), IsSnapshot = true, VenueTime = _time.Now, ReceiveTime = _time.Now, FirstUpdateId = id, LastUpdateId = id, PreviousUpdateId = -1,
        BidCount = 1, Levels = new BookLevel[] { new(10_499, 30), new(10_501, 40) },
    };

    private static OrderUpdate Order(string id, OrderStatus status) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 10_499, RemainingLots = 50, Reason = "",
    };

    private Fill Fill(string tradeId) => new()
    {
        Instrument = new(0), TradeId = tradeId, ClientOrderId = "a", Side = Side.Buy, Price = 1.0499m, Quantity = 5m, Fee = 0m, FeeAsset = "USDT", IsMaker = true,
        QuotedAt = Timestamp.None, VenueTime = _time.Now,
    };
}
