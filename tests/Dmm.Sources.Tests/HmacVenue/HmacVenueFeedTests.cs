using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>The feed against a venue on loopback that the test plays.</summary>
public sealed class HmacVenueFeedTests : IAsyncLifetime
{
    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly ScriptedVenue _rest = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeHmacVenue _venue = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _venue = await FakeHmacVenue.StartAsync(_time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await _venue.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Login_SignedWithTheTemplate_ThenSubscribed_ThenConnectedOnceFillsAreKnown()
    {
        Begin();
        var socket = await _venue.ConnectedAsync();
        var login = await socket.CommandAsync();
        login.ApiKey.ShouldBe("key-of-ann");
        new HmacSignature(new(), FakeHmacVenue.Credentials, TimeSpan.FromSeconds(5))
            .Verify(login.Timestamp, login.Signature, "GET", HmacSignature.LoginPath, "", [], _time.Now).ShouldBe(HmacVerdict.Genuine);
        await socket.SendAsync((w, into) => w.LoggedIn(into));
        var subscribe = await socket.CommandAsync();
        subscribe.Channels.ShouldBe(["book", "trades", "orders", "fills"]);
        subscribe.Symbols.ShouldBe(["DCT-USDT"]);
        await socket.SendAsync((w, into) => w.Subscribed(into));
        await JoinAsync(snapshotId: 10);
    }

    [Fact]
    public async Task MarketData_HandedOnInOrder_WithTheClocksOffset()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendAsync((w, into) => w.Book(Delta(11, 12), into));
        (await _heard.NextAsync<ClockOffset>()).Offset.ShouldBe(TimeSpan.Zero);
        (await BookAsync()).LastUpdateId.ShouldBe(12);
        await socket.SendAsync((w, into) => w.Book(Delta(13, 13), into));
        (await BookAsync()).LastUpdateId.ShouldBe(13);
    }

    [Fact]
    public async Task FrameThatCannotBeRead_Rejected_ResyncedForItMayHaveBeenOfOurs_SessionLives()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendTextAsync("""{"channel":"candles"}""");
        (await _heard.NextAsync<Rejected>()).Reason.ShouldStartWith("channel 'candles' is not known");
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Resyncing);
        await socket.SendAsync((w, into) => w.Order(Order("a", OrderStatus.Live), 6, into));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
    }

    [Fact]
    public async Task GapInTheBook_SnapshotAskedFor_UntilItJoins()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendAsync((w, into) => w.Book(Delta(15, 16), into));
        await _heard.NextAsync<ClockOffset>();
        (await BookAsync()).LastUpdateId.ShouldBe(16);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(12));
        (await BookAsync()).LastUpdateId.ShouldBe(12);
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(16));
        (await BookAsync()).LastUpdateId.ShouldBe(16);
        await socket.SendAsync((w, into) => w.Book(Delta(17, 17), into));
        (await BookAsync()).LastUpdateId.ShouldBe(17);
        await socket.SendAsync((w, into) => w.Fill(Fill("7"), 4, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
    }

    [Fact]
    public async Task LinkLost_ToldAsDisconnected_ReconnectedAfterTheWait_SubscribedAndResyncedByCursor()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendAsync((w, into) => w.Order(Order("a", OrderStatus.Live), 6, into));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
        await socket.SendAsync((w, into) => w.Fill(Fill("7"), 4, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
        socket.Drop();
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Disconnected);

        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await SubscribedAsync(await _venue.ConnectedAsync());
        await _rest.AnswerAsync("orders after 5", new OrderPage([Order("a", OrderStatus.Filled)], 9));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
        await _rest.AnswerAsync("orders after 9", new OrderPage([], 9));
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("7"), Fill("8"), Fill("9")], 6));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("8");
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("9");
        await _rest.AnswerAsync("fills after '9'", new FillPage([], 6));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(99));
        (await BookAsync()).LastUpdateId.ShouldBe(99);
    }

    [Fact]
    public async Task FillsDuringTheResync_AfterThoseBeforeThem_OnceEach()
    {
        Begin();
        var socket = await _venue.ConnectedAsync();
        await SubscribedAsync(socket);
        await socket.SendAsync((w, into) => w.Fill(Fill("3"), 3, into));
        await socket.SendAsync((w, into) => w.Order(Order("a", OrderStatus.Live), 6, into));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
        await ResyncedAsync("open orders", reach: 6, [], fillsReach: 0);

        // The venue's list lags behind its stream by more than the stream has said: asked again until it does not.
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await ResyncedAsync("orders after 6", reach: 6, ["1", "2"], fillsReach: 2);
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("3");
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await socket.SendAsync((w, into) => w.Fill(Fill("3"), 3, into));
        await socket.SendAsync((w, into) => w.Fill(Fill("4"), 4, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("4");
    }

    [Fact]
    public async Task FillMissingOnTheStream_FetchedByCursor_NoneLostNoneEarly()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendAsync((w, into) => w.Fill(Fill("9"), 6, into));
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Resyncing);
        await _rest.AnswerAsync("orders after 5", new OrderPage([], 5));
        await _rest.AnswerAsync<FillPage>("fills after ''", null);
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await ResyncedAsync("orders after 5", reach: 5, ["7", "8", "9"], fillsReach: 6);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await socket.SendAsync((w, into) => w.Fill(Fill("10"), 7, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("10");
    }

    [Fact]
    public async Task OrderMissingOnTheStream_TheNextIsToldAtOnce_AndTheMissingOneFetched()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendAsync((w, into) => w.Order(Order("b", OrderStatus.Live), 7, into));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("b");
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Resyncing);
        await _rest.AnswerAsync("orders after 5", new OrderPage([Order("a", OrderStatus.Cancelled)], 7));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("a");
        await ResyncedAsync("orders after 7", reach: 7, [], fillsReach: 3);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await socket.SendAsync((w, into) => w.Order(Order("b", OrderStatus.Filled), 8, into));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task Balances_FetchedAgainEverySoOften_ForTheDriftAlarm()
    {
        // More often than pings, so that no silence is among what the time brings.
        var every = _venue.Options.PingInterval / 2;
        Begin(_venue.Options with { Orders = _venue.Options.Orders with { ReconcileEvery = every } });
        await OpenAsync(snapshotId: 10);
        _time.Advance(every);
        await _rest.AnswerAsync("fills after ''", new FillPage([], 3));
        await _rest.AnswerAsync("balances", ImmutableArray.Create(new BalanceReport("hmac", "DCT", 7m, _time.Now)));
        (await _heard.NextAsync<BalanceReport>()).Total.ShouldBe(7m);
    }

    [Fact]
    public async Task LoginRefused_ToldWithTheReason_TriedAgainAfterLongerAndLongerWaits()
    {
        Begin();
        foreach (var wait in new[] { 0.25, 0.5, 1 })
        {
            var socket = await _venue.ConnectedAsync();
            (await socket.CommandAsync()).Kind.ShouldBe(HmacCommandKind.Login);
            await socket.SendAsync((w, into) => w.Error(HmacVenueErrors.BadSignature, "the signature is wrong", into));
            (await _heard.NextAsync<Rejected>()).Reason.ShouldBe("the venue answers with error bad_signature: the signature is wrong");
            (await _heard.NextAsync<FeedStatus>()).ShouldBe(
                new("hmac", FeedState.Disconnected, "the venue answers with error bad_signature: the signature is wrong"));
            await _time.PassAsync(TimeSpan.FromSeconds(wait));
        }
    }

    [Fact]
    public async Task FillThatCannotBeRead_Resynced_BecauseThePositionIsNotKnown()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await socket.SendTextAsync("""{"channel":"fills","seq":4,"fill":{"tradeId":"7","symbol":"DCT-USDT","size":"many"}}""");
        await _heard.NextAsync<Rejected>();
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Resyncing);
        await ResyncedAsync("orders after 5", reach: 5, ["7"], fillsReach: 4);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    [Fact]
    public async Task Silence_PingedThenGivenUpAfterTwoIntervals()
    {
        Begin();
        var socket = await OpenAsync(snapshotId: 10);
        await _time.PassAsync(_venue.Options.PingInterval);
        var ping = await socket.CommandAsync();
        (ping.Kind, ping.Number).ShouldBe((HmacCommandKind.Ping, 1));
        _time.Advance(_venue.Options.PingInterval);
        (await _heard.NextAsync<FeedStatus>()).ShouldBe(new("hmac", FeedState.Disconnected, "silent for 10 s"));
    }

    [Fact]
    public async Task WriterThrows_FeedEndsWithIt()
    {
        var feed = new HmacVenueFeed(
            _venue.Options, _venue.Wire, _rest, "", _time, () => 1, (_, _) => throw new InvalidOperationException("the engine is gone"));
        var running = feed.RunAsync(_stop.Token);
        var socket = await _venue.ConnectedAsync();
        await socket.SendTextAsync("nonsense");
        (await Should.ThrowAsync<InvalidOperationException>(() => running.Guarded("the end"))).Message.ShouldBe("the engine is gone");
    }

    [Fact]
    public async Task WithoutCredentials_PublicChannelsOnly()
    {
        Begin(_venue.Options with { Credentials = null });
        var socket = await _venue.ConnectedAsync();
        (await socket.CommandAsync()).Channels.ShouldBe(["book", "trades"]);
        await socket.SendAsync((w, into) => w.Subscribed(into));
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(10));
        (await BookAsync()).LastUpdateId.ShouldBe(10);
    }

    private void Begin(HmacVenueOptions? options = null) =>
        _running = new HmacVenueFeed(options ?? _venue.Options, _venue.Wire, _rest, "", _time, () => 1, _heard.WriteAsync).RunAsync(_stop.Token);

    private static async Task SubscribedAsync(FakeSocket socket)
    {
        (await socket.CommandAsync()).Kind.ShouldBe(HmacCommandKind.Login);
        await socket.SendAsync((w, into) => w.LoggedIn(into));
        (await socket.CommandAsync()).Kind.ShouldBe(HmacCommandKind.Subscribe);
        await socket.SendAsync((w, into) => w.Subscribed(into));
    }

    /// <summary>
    /// A session that is told as connected, with a book; the last order message was number 5, the last fill number 3, without a trade id.
    /// </summary>
    private async Task<FakeSocket> OpenAsync(long snapshotId)
    {
        var socket = await _venue.ConnectedAsync();
        await SubscribedAsync(socket);
        await JoinAsync(snapshotId);
        return socket;
    }

    private async Task JoinAsync(long snapshotId)
    {
        await _rest.AnswerAsync("open orders", new OrderPage([], 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([], 3));
        await _rest.AnswerAsync("balances", ImmutableArray.Create(new BalanceReport("hmac", "DCT", 5m, _time.Now)));
        (await _heard.NextAsync<BalanceReport>()).Total.ShouldBe(5m);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await _rest.AnswerAsync("book DCT-USDT", Snapshot(snapshotId));
        (await BookAsync()).LastUpdateId.ShouldBe(snapshotId);
    }

    /// <summary>Answers a whole resync; its fills are heard.</summary>
    private async Task ResyncedAsync(string orders, long reach, string[] fills, long fillsReach)
    {
        await _rest.AnswerAsync(orders, new OrderPage([], reach));
        if (fills.Length > 0)
        {
            await _rest.AnswerAsync("fills after ''", new FillPage([.. fills.Select(Fill)], fillsReach));
            foreach (var id in fills) (await _heard.NextAsync<Fill>()).TradeId.ShouldBe(id);
        }

        await _rest.AnswerAsync($"fills after '{fills.LastOrDefault() ?? ""}'", new FillPage([], fillsReach));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
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
