using System.Net.WebSockets;
using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Testing;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>The served venue's streams, by the real feed and by bare web sockets.</summary>
public sealed class VenueStreamTests : IAsyncLifetime
{
    private readonly Heard _heard = new();
    private readonly CancellationTokenSource _stop = new();
    private VenueDesk _desk = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _desk = await VenueDesk.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await _desk.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task BookBuiltFromTheStream_EqualsTheSnapshot_AtEveryUpdateIdThatIsAskedFor()
    {
        Begin();
        var book = new OrderBook(_desk.Instrument, OrderBookState.Empty);
        for (var step = 0; step < 40; step++)
        {
            _desk.Time.Advance(TimeSpan.FromSeconds(0.25));
            var snapshot = VenueDesk.Value(await _desk.Rest.FetchOrderBookAsync(_desk.Instrument, default));
            await FollowAsync(book, snapshot.LastUpdateId);
            book.Status.ShouldBe(BookStatus.Valid);
            Levels(book, Side.Buy).ShouldBe(snapshot.Bids.ToArray());
            Levels(book, Side.Sell).ShouldBe(snapshot.Asks.ToArray());
        }

        book.Counters.Gaps.ShouldBe(0);
    }

    [Fact]
    public async Task OrderAndFill_ToldOnThePrivateStream_NumberedFromOne()
    {
        using var socket = await LoggedInAsync();
        await SendAsync(socket, HmacVenueRequests.Subscribe(_desk.Wire.Instruments, isPrivate: true));
        (await NextAsync(socket, VenueFrameKind.Subscribed)).ShouldBe(1);
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        (await FrameAsync<OrderUpdate>(socket)).Frame.Number.ShouldBe(1);
        await _desk.TakeAsync(Side.Buy, 1_000);
        var (fillFrame, fill) = await FrameAsync<Fill>(socket);
        (fillFrame.Number, fill.Quantity).ShouldBe((1, 100m));
        var (orderFrame, order) = await FrameAsync<OrderUpdate>(socket);
        (orderFrame.Number, order.Status).ShouldBe((2, OrderStatus.Filled));
    }

    [Fact]
    public async Task FeedThatComesBack_HearsWhatItMissed_ByCursor_OnceEach()
    {
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        foreach (var lots in (long[])[100, 200, 300]) await _desk.TakeAsync(Side.Buy, lots);
        var fills = VenueDesk.Value(await _desk.Rest.FetchFillsSinceAsync("", default)).Fills;

        Begin(lastTradeId: fills[0].TradeId);
        (await NextControlAsync<OrderUpdate>()).RemainingLots.ShouldBe(400);
        (await NextControlAsync<Fill>()).ShouldBe(fills[1]);
        (await NextControlAsync<Fill>()).ShouldBe(fills[2]);
        (await NextControlAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
        await _desk.TakeAsync(Side.Buy, 400);
        (await NextControlAsync<Fill>()).Quantity.ShouldBe(40m);
        (await NextControlAsync<OrderUpdate>()).Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task LoginWithAWrongSignature_AnsweredWithItsError_ThenClosed()
    {
        using var socket = await DialAsync();
        var wrong = new HmacSignature(new(), new("ann", "another secret"), TimeSpan.FromSeconds(5));
        await SendAsync(socket, HmacVenueRequests.Login(wrong, "ann", _desk.Time.Now));
        (await TextAsync(socket)).ShouldBe("""{"channel":"error","code":"bad_signature","message":"the signature is wrong"}""");
        (await TextAsync(socket)).ShouldBeNull();
    }

    [Fact]
    public async Task PrivateStreamWithoutALogin_Refused()
    {
        using var socket = await DialAsync();
        await SendAsync(socket, HmacVenueRequests.Subscribe(_desk.Wire.Instruments, isPrivate: true));
        (await TextAsync(socket)).ShouldBe("""{"channel":"error","code":"unknown_key","message":"orders and fills need a login"}""");
        (await TextAsync(socket)).ShouldBeNull();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"op":"dance"}""")]
    [InlineData("""{"op":"subscribe","channels":[],"symbols":[]}""")]
    public async Task CommandThatCannotBeFollowed_AnsweredWithBadRequest_ThenClosed(string command)
    {
        using var socket = await DialAsync();
        await SendAsync(socket, Encoding.UTF8.GetBytes(command));
        (await TextAsync(socket)).ShouldStartWith("""{"channel":"error","code":"bad_request",""");
        (await TextAsync(socket)).ShouldBeNull();
    }

    [Fact]
    public async Task CommandWithoutEnd_AnsweredWithBadRequest_ThenClosed()
    {
        using var socket = await DialAsync();
        await SendAsync(socket, new byte[20_000]);
        (await TextAsync(socket)).ShouldBe(
            """{"channel":"error","code":"bad_request","message":"the command is too long: expected at most 16384 bytes"}""");
    }

    [Fact]
    public async Task Ping_AnsweredWithItsNumber()
    {
        using var socket = await DialAsync();
        await SendAsync(socket, HmacVenueRequests.Ping(7));
        (await TextAsync(socket)).ShouldBe($$"""{"channel":"pong","id":7,"time":{{_desk.Time.Now.ToDateTimeOffset().ToUnixTimeMilliseconds()}}}""");
    }

    [Fact]
    public async Task ConsumerThatDoesNotKeepUp_Disconnected_WhileTheMarketGoesOn()
    {
        using var socket = await DialAsync();
        await SendAsync(socket, HmacVenueRequests.Subscribe(_desk.Wire.Instruments, isPrivate: false));
        (await NextAsync(socket, VenueFrameKind.Subscribed)).ShouldBe(1);

        // An hour of frames at once, and nobody reads them: far more than the queue holds.
        _desk.Time.Advance(TimeSpan.FromHours(1));
        var book = VenueDesk.Value(await _desk.Rest.FetchOrderBookAsync(_desk.Instrument, default).Guarded("the book"));
        book.VenueTime.ShouldBe(_desk.Time.Now);
        var gone = await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (await TextAsync(socket) is not null)
            {
            }
        });
        gone.WebSocketErrorCode.ShouldBe(WebSocketError.ConnectionClosedPrematurely);
    }

    private void Begin(string lastTradeId = "") =>
        _running = new HmacVenueFeed(_desk.Options, _desk.Wire, _desk.Rest, lastTradeId, _desk.Time, () => 1, HearAsync).RunAsync(_stop.Token);

    /// <summary>Levels are the feed's own: copied, because they are read later.</summary>
    private ValueTask HearAsync(Input input, CancellationToken cancellation) => _heard.WriteAsync(
        input.Kind == InputKind.Book ? new Input(input.Book with { Levels = input.Book.Levels.ToArray() }) : input, cancellation);

    private async Task FollowAsync(OrderBook book, long updateId)
    {
        while (book.Capture().LastUpdateId < updateId)
        {
            var input = await _heard.NextAsync();
            if (input.Kind == InputKind.Book) book.Apply(input.Book);
            else if (input.Kind == InputKind.Control) input.Control.ShouldNotBeOfType<Rejected>();
        }

        book.Capture().LastUpdateId.ShouldBe(updateId);
    }

    private static BookLevel[] Levels(OrderBook book, Side side)
    {
        var levels = new BookLevel[1_024];
        return levels[..book.CopyLevels(side, levels)];
    }

    /// <summary>The next control message of that kind; market data and other words are passed over.</summary>
    private async Task<T> NextControlAsync<T>()
        where T : ControlMessage
    {
        while (true)
        {
            var input = await _heard.NextAsync();
            if (input.Kind == InputKind.Control && input.Control is T message) return message;
        }
    }

    private async Task<ClientWebSocket> LoggedInAsync()
    {
        var socket = await DialAsync();
        await SendAsync(socket, HmacVenueRequests.Login(new(new(), VenueDesk.Credentials, TimeSpan.FromSeconds(5)), "ann", _desk.Time.Now));
        (await NextAsync(socket, VenueFrameKind.LoggedIn)).ShouldBe(1);
        return socket;
    }

    private async Task<ClientWebSocket> DialAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(_desk.Options.SocketUrl, CancellationToken.None).Guarded("a connection");
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, byte[] command) =>
        socket.SendAsync(command, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Guarded("a command");

    /// <summary>How many frames came up to the first of that kind, which it is.</summary>
    private async Task<int> NextAsync(ClientWebSocket socket, VenueFrameKind kind)
    {
        var batch = new MessageBatch();
        for (var count = 1; ; count++)
        {
            _desk.Wire.Parse(Encoding.UTF8.GetBytes((await TextAsync(socket))!), _desk.Time.Now, batch, out var frame);
            if (frame.Kind == kind) return count;
        }
    }

    /// <summary>The next frame with a message of that type, whatever comes between.</summary>
    private async Task<(VenueFrame Frame, T Message)> FrameAsync<T>(ClientWebSocket socket)
        where T : ControlMessage
    {
        var batch = new MessageBatch();
        while (true)
        {
            _desk.Wire.Parse(Encoding.UTF8.GetBytes((await TextAsync(socket))!), _desk.Time.Now, batch, out var frame);
            if (batch.Count > 0 && batch[0].Kind == InputKind.Control && batch[0].Control is T message) return (frame, message);
        }
    }

    /// <summary>The next frame; null when the venue closes.</summary>
    private static async Task<string?> TextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 << 10];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).AsTask().Guarded("a frame");
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
