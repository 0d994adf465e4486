using System.Net.Sockets;
using System.Net;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sinks.Tests;

/// <summary>The order path against the wire: requests as the venue sees them, and what the engine is told.</summary>
public sealed class HmacVenueOrdersTests : IAsyncLifetime
{
    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly CancellationTokenSource _stop = new();
    private FakeHmacVenue _venue = null!;
    private VenueOrders _orders = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _venue = await FakeHmacVenue.StartAsync(_time);
        Begin(_venue.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the order path");
        await _venue.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Placement_SignedAndAcknowledged_VenuesReportEnters()
    {
        _orders.TrySend(Place("d1x0x1")).ShouldBeTrue();
        var request = await _venue.AnswerAsync("POST /v1/order", Order("d1x0x1", OrderStatus.Live));
        _venue.Commands.ReadOrder(OrderIntentKind.Place, request.Body, out _, out _).ShouldBe(Place("d1x0x1"));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Live));
    }

    [Fact]
    public async Task Placements_OneRequestAtATimeWhereThatIsTheLimit_WhatWaitedMeanwhileGoesTogether()
    {
        await RestartAsync(_venue.Options with { Orders = new() { InFlightMax = 1 } });
        _orders.TrySend(Place("d1x0x1"));
        var held = await _venue.HoldAsync("POST /v1/order");
        for (var i = 2; i <= 5; i++) _orders.TrySend(Place($"d1x0x{i}"));
        _heard.IsQuiet.ShouldBeTrue();
        held.SetResult(Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ClientOrderId.ShouldBe("d1x0x1");
        await _venue.AnswerAsync("POST /v1/batch", _venue.Ok((w, into) => w.BatchBody(
            [.. Enumerable.Range(2, 4).Select(i => new HmacBatchResult(Update($"d1x0x{i}", OrderStatus.Live)))], into)));
        for (var i = 2; i <= 5; i++) (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update($"d1x0x{i}", OrderStatus.Live));
    }

    [Fact]
    public async Task PlacementRefused_RejectedWithTheVenuesReason_PathStaysOpen()
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.AnswerAsync("POST /v1/order", _venue.Error(HmacVenueErrors.WouldCross, "best ask is 1.0500"));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Rejected, "would_cross: best ask is 1.0500"));
        await AcceptNextAsync("d1x0x2");
    }

    /// <summary>The engine may ask for a cancel before it hears that the order was refused: nothing is to be asked of the venue for that.</summary>
    [Fact]
    public async Task CancelOfARefusedPlacement_NothingIsSent()
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.AnswerAsync("POST /v1/order", _venue.Error(HmacVenueErrors.WouldCross, "best ask is 1.0500"));
        await _heard.NextAsync<OrderUpdate>();
        _orders.TrySend(Cancel("d1x0x1"));
        await AcceptNextAsync("d1x0x2");
    }

    [Fact]
    public async Task AckLost_PendingUnknown_ResolvedByAQuery()
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.HoldAsync("POST /v1/order");
        await _time.PassAsync(_venue.Options.RequestTimeout);
        var unknown = await _heard.NextAsync<OrderUpdate>();
        unknown.ShouldBe(Update("d1x0x1", OrderStatus.PendingUnknown, "no answer to POST /v1/order within 2.5 s"));
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.PartiallyFilled, remaining: 20));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.PartiallyFilled, remaining: 20));
    }

    [Fact]
    public async Task AckLostAndOrderNotThere_UnknownUntilItCannotArriveAnyMore_ThenRejected()
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.AnswerAsync("POST /v1/order", reply: null);
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.PendingUnknown);
        foreach (var wait in new[] { 0.25, 0.5, 1, 2, 4, 8 })
        {
            await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", _venue.Error(HmacVenueErrors.UnknownOrder));
            await _time.PassAsync(TimeSpan.FromSeconds(wait));
            _heard.IsQuiet.ShouldBeTrue();
        }

        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", _venue.Error(HmacVenueErrors.UnknownOrder));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(
            Update("d1x0x1", OrderStatus.Rejected, "the venue does not know the order, and takes no request as old as its placement"));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(503, """{"error":{"code":"halted","message":"a proxy that copies bodies"}}""")]
    [InlineData(200, """{"order":{"clientOrderId":"d1x0x1"}}""")]
    [InlineData(200, "")]
    [InlineData(404, "not found")]
    public async Task AnswerThatDoesNotSay_PendingUnknown_NeverATerminalState(int status, string body)
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.AnswerAsync("POST /v1/order", new(status, System.Text.Encoding.UTF8.GetBytes(body)));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.PendingUnknown);
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public async Task DuplicateId_AnEarlierRequestArrived_Queried()
    {
        _orders.TrySend(Place("d1x0x1"));
        await _venue.AnswerAsync("POST /v1/order", _venue.Error(HmacVenueErrors.DuplicateOrder));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.PendingUnknown);
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Live);
    }

    [Fact]
    public async Task CancelOfAFilledOrder_RefusedAsUnknown_ItsRealStateReported()
    {
        _orders.TrySend(Cancel("d1x0x1"));
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", _venue.Error(HmacVenueErrors.UnknownOrder));
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Filled, remaining: 0));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Filled, remaining: 0));
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task CancelLost_OrderStillOpen_CancelledAgain()
    {
        _orders.TrySend(Cancel("d1x0x1"));
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", reply: null);
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.PendingUnknown);
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Live));
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Cancelled));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Cancelled));
    }

    [Fact]
    public async Task AmendmentRefused_OrderIsAskedFor_AndToldAsItStands_WithTheReason()
    {
        _orders.TrySend(Place("d1x0x1") with { Kind = OrderIntentKind.Amend, PriceTicks = 10_400 });
        await _venue.AnswerAsync("PATCH /v1/order", _venue.Error(HmacVenueErrors.WouldCross, "too late"));
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Live, "would_cross: too late"));
        _orders.TrySend(Cancel("d1x0x1"));
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Cancelled));
    }

    [Fact]
    public async Task AmendmentRefused_OrderHasEnded_ItsEndIsTold()
    {
        _orders.TrySend(Place("d1x0x1") with { Kind = OrderIntentKind.Amend, PriceTicks = 10_400 });
        await _venue.AnswerAsync("PATCH /v1/order", _venue.Error(HmacVenueErrors.UnknownOrder, "not open"));
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Filled, remaining: 0));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Filled, remaining: 0));
    }

    [Fact]
    public async Task AmendmentRefused_ButTheOrderHasTheNewPrice_ToldWithoutAReason()
    {
        _orders.TrySend(Place("d1x0x1") with { Kind = OrderIntentKind.Amend });
        await _venue.AnswerAsync("PATCH /v1/order", _venue.Error(HmacVenueErrors.BadRequest, "twice"));
        await _venue.AnswerAsync("GET /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Live));
    }

    [Fact]
    public async Task AmendmentLost_OrderIsCancelled_WithTheReason()
    {
        _orders.TrySend(Place("d1x0x1") with { Kind = OrderIntentKind.Amend });
        await _venue.AnswerAsync("PATCH /v1/order", reply: null);
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Cancelled));
        (await _heard.NextAsync<OrderUpdate>()).Reason.ShouldStartWith("not amended: PATCH /v1/order broke off");
    }

    [Fact]
    public async Task TooManyRequests_PathClosedForTheTimeNamed_PlacementsRefused_CancelWaits_ThenOpen()
    {
        await RestartAsync(_venue.Options with { Orders = new() { InFlightMax = 1 } });
        _orders.TrySend(Place("d1x0x1"));
        var placement = await _venue.HoldAsync("POST /v1/order");
        _orders.TrySend(Place("d1x0x2"));
        placement.SetResult(_venue.Error(HmacVenueErrors.RateLimited, "slow down", TimeSpan.FromSeconds(3)));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Rejected, "rate_limited: slow down"));
        (await _heard.NextAsync<AdapterStatus>()).ShouldBe(new("hmac", AcceptsOrders: false, "rate_limited: slow down"));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x2", OrderStatus.Rejected, "rate_limited: slow down"));
        _orders.TrySend(Cancel("d1x0x0"));

        // The cancel waits for the same three seconds as the look whether the venue takes orders again; either may be first then.
        await _time.SetAsync(TimeSpan.FromSeconds(3));
        await _time.PassAsync(TimeSpan.FromSeconds(3));
        List<string> asked = [];
        for (var i = 0; i < 2; i++) asked.Add(await AnswerEitherAsync());
        asked.ShouldBe(["DELETE /v1/order?clientOrderId=d1x0x0", "GET /v1/balances"], ignoreOrder: true);
        List<ControlMessage> told = [(await _heard.NextAsync()).Control, (await _heard.NextAsync()).Control];
        told.ShouldBe([Update("d1x0x0", OrderStatus.Cancelled), new AdapterStatus("hmac", AcceptsOrders: true, "the venue answers")],
            ignoreOrder: true);
        await AcceptNextAsync("d1x0x3");
    }

    [Fact]
    public async Task OwnLimitUsedUp_PlacementRefusedWithoutARequest_CancelGoesOnFromTheReserve()
    {
        await RestartAsync(_venue.Options with { Requests = new() { PerSecond = 0.1, Burst = 4, CancelReserve = 3 } });
        await AcceptNextAsync("d1x0x1");
        _orders.TrySend(Place("d1x0x2"));
        _orders.TrySend(Cancel("d1x0x1"));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x2", OrderStatus.Rejected, "our own request limit is used up for 10 s"));
        (await _heard.NextAsync<AdapterStatus>()).AcceptsOrders.ShouldBeFalse();
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x1", Order("d1x0x1", OrderStatus.Cancelled));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task WrongSignature_VenueRefuses_PathClosedWithTheReason()
    {
        await RestartAsync(_venue.Options with { Credentials = new("key-of-ann", "not the secret") });
        _orders.TrySend(Place("d1x0x1"));
        (await _venue.HoldAsync("POST /v1/order")).SetResult(_venue.Error(HmacVenueErrors.BadSignature));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Rejected, "bad_signature: so says the venue"));
        (await _heard.NextAsync<AdapterStatus>()).ShouldBe(new("hmac", AcceptsOrders: false, "bad_signature: so says the venue"));
    }

    [Fact]
    public async Task VenueNotThere_PlacementRejectedAsNeverSent_PathClosed()
    {
        // A port that was free a moment ago, and where nobody listens.
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await RestartAsync(_venue.Options with { BaseUrl = new($"http://127.0.0.1:{port}") });
        _orders.TrySend(Place("d1x0x1"));
        var rejected = await _heard.NextAsync<OrderUpdate>();
        rejected.Status.ShouldBe(OrderStatus.Rejected);
        rejected.Reason.ShouldStartWith("hmac cannot be reached: ");
        (await _heard.NextAsync<AdapterStatus>()).AcceptsOrders.ShouldBeFalse();
    }

    [Fact]
    public async Task Fenced_PlacementsRefused_CancelsGoOn()
    {
        _orders.Fence("killed by ann");
        _orders.TrySend(Place("d1x0x1"));
        _orders.TrySend(Cancel("d1x0x0"));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update("d1x0x1", OrderStatus.Rejected, "killed by ann"));
        await _venue.AnswerAsync("DELETE /v1/order?clientOrderId=d1x0x0", Order("d1x0x0", OrderStatus.Cancelled));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Fact]
    public async Task CancelAllOurs_GoesOnUntilTheVenueReportsNoneOpen()
    {
        var cancelling = _orders.CancelAllOursAsync("d1x", CancellationToken.None);
        await _venue.AnswerAsync("DELETE /v1/orders?prefix=d1x", reply: null);
        await _venue.AnswerAsync("GET /v1/orders?prefix=d1x", Orders("d1x0x1", "d1x0x2"));
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _venue.AnswerAsync("DELETE /v1/orders?prefix=d1x", _venue.Ok((w, into) => w.CancelledBody(1, into)));
        await _venue.AnswerAsync("GET /v1/orders?prefix=d1x", Orders("d1x0x2"));
        await _time.PassAsync(TimeSpan.FromSeconds(0.5));
        await _venue.AnswerAsync("DELETE /v1/orders?prefix=d1x", _venue.Ok((w, into) => w.CancelledBody(1, into)));
        await _venue.AnswerAsync("GET /v1/orders?prefix=d1x", Orders());
        (await cancelling.Guarded("none open")).ShouldBe(2);
    }

    [Fact]
    public async Task CancelAllOurs_PlacementUnderWay_NotDoneBeforeItsAnswer()
    {
        _orders.TrySend(Place("d1x0x1"));
        var placement = await _venue.HoldAsync("POST /v1/order");
        var cancelling = _orders.CancelAllOursAsync("d1x", CancellationToken.None);
        await _venue.AnswerAsync("DELETE /v1/orders?prefix=d1x", _venue.Ok((w, into) => w.CancelledBody(0, into)));
        await _venue.AnswerAsync("GET /v1/orders?prefix=d1x", Orders());
        placement.SetResult(Order("d1x0x1", OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Live);
        await _time.PassAsync(TimeSpan.FromSeconds(0.25));
        await _venue.AnswerAsync("DELETE /v1/orders?prefix=d1x", _venue.Ok((w, into) => w.CancelledBody(1, into)));
        await _venue.AnswerAsync("GET /v1/orders?prefix=d1x", Orders());
        (await cancelling.Guarded("none open")).ShouldBe(1);
    }

    [Fact]
    public async Task QueriesOfTheRest_ReadWhatTheVenueWrites()
    {
        var rest = new HmacVenueOrders(_client, _venue.Options, _venue.Wire, _time);
        var book = new BookUpdate
        {
            Instrument = new(0), IsSnapshot = true, VenueTime = _time.Now, ReceiveTime = _time.Now, FirstUpdateId = 7, LastUpdateId = 7,
            PreviousUpdateId = -1,
            BidCount = 1, Levels = new BookLevel[] { new(10_499, 30), new(10_501, 40) },
        };
        var asking = rest.FetchOrderBookAsync(FakeHmacVenue.Dct, CancellationToken.None);
        await _venue.AnswerAsync("GET /v1/book?symbol=DCT-USDT", _venue.Ok((w, into) => w.BookBody(book, into)));
        var snapshot = (await asking).ShouldBeOfType<VenueReply<BookUpdate>.Accepted>().Value;
        snapshot.Levels.ToArray().ShouldBe(book.Levels.ToArray());
        (snapshot with { Levels = book.Levels }).ShouldBe(book);

        var balances = rest.FetchBalancesAsync(CancellationToken.None);
        await _venue.AnswerAsync("GET /v1/balances", _venue.Ok((w, into) => w.BalancesBody([("DCT", 5_000.5m), ("USDT", 0m)], _time.Now, into)));
        (await balances).ShouldBeOfType<VenueReply<System.Collections.Immutable.ImmutableArray<BalanceReport>>.Accepted>().Value
            .ShouldBe([new("hmac", "DCT", 5_000.5m, _time.Now), new("hmac", "USDT", 0m, _time.Now)]);
    }

    private void Begin(HmacVenueOptions options)
    {
        var rest = new HmacVenueOrders(_client, options, _venue.Wire, _time);
        // Nothing is compared on the way: these tests are of what is sent and answered.
        _orders = new(rest, options.OrderPath with { ReconcileEvery = TimeSpan.FromMinutes(10) }, _time, () => 1, _heard.WriteAsync);
        _running = _orders.RunAsync("d1x", _stop.Token);
    }

    /// <summary>The path with other options; the one before has nothing to do and is left to the test's end.</summary>
    private Task RestartAsync(HmacVenueOptions options)
    {
        var before = _running;
        Begin(options.Checked());
        _running = Task.WhenAll(before, _running);
        return Task.CompletedTask;
    }

    private async Task AcceptNextAsync(string id)
    {
        _orders.TrySend(Place(id));
        await _venue.AnswerAsync("POST /v1/order", Order(id, OrderStatus.Live));
        (await _heard.NextAsync<OrderUpdate>()).ShouldBe(Update(id, OrderStatus.Live));
    }

    private async Task<string> AnswerEitherAsync()
    {
        var (request, answer) = await _venue.NextAsync();
        answer.SetResult(request.Method == "DELETE"
            ? Order("d1x0x0", OrderStatus.Cancelled)
            : _venue.Ok((w, into) => w.BalancesBody([], _time.Now, into)));
        return request.ToString();
    }

    private FakeReply Order(string id, OrderStatus status, long remaining = 50) =>
        _venue.Ok((w, into) => w.OrderBody(Update(id, status, remaining: remaining), into));

    private FakeReply Orders(params string[] ids) =>
        _venue.Ok((w, into) => w.OrdersBody(ids.Select(id => Update(id, OrderStatus.Live)), 9, into));

    private static OrderUpdate Update(string id, OrderStatus status, string reason = "", long remaining = 50) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 10_499, RemainingLots = remaining, Reason = reason,
    };

    private static OrderIntent Place(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 10_499, SizeLots = 50, IsPostOnly = true,
    };

    private static OrderIntent Cancel(string id) => Place(id) with { Kind = OrderIntentKind.Cancel };
}
