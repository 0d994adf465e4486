using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>Fills that the venue posts to us, beside its stream.</summary>
public sealed class HmacWebhookTests : IAsyncLifetime
{
    private readonly HandTime _time = new();
    private readonly Heard _heard = new();
    private readonly ScriptedVenue _rest = new();
    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeHmacVenue _venue = null!;
    private HmacVenueOptions _options = null!;
    private FakeSocket _socket = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _venue = await FakeHmacVenue.StartAsync(_time);
        _options = (_venue.Options with { Webhook = new($"http://127.0.0.1:{FreePort()}/fills/") }).Checked();
        _running = new HmacVenueFeed(_options, _venue.Wire, _rest, "", _time, () => 1, _heard.WriteAsync).RunAsync(_stop.Token);
        _socket = await _venue.ConnectedAsync();
        await _socket.CommandAsync();
        await _socket.SendAsync((w, into) => w.LoggedIn(into));
        await _socket.CommandAsync();
        await _socket.SendAsync((w, into) => w.Subscribed(into));
        await _rest.AnswerAsync("open orders", new OrderPage([], 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([], 3));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Connected);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await _venue.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Posted_HandedOn_TheStreamsCopyIsNot()
    {
        (await PostAsync(Body("7", 4))).ShouldBe(HttpStatusCode.OK);
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
        await _socket.SendAsync((w, into) => w.Fill(Fill("7"), 4, into));
        await _socket.SendAsync((w, into) => w.Fill(Fill("8"), 5, into));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("8");
        (await PostAsync(Body("8", 5))).ShouldBe(HttpStatusCode.OK);
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task SamePostAgain_Refused()
    {
        (await PostAsync(Body("7", 4))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(Body("7", 4))).ShouldBe(HttpStatusCode.Conflict);
        await _heard.NextAsync<Fill>();
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task OnesBeforeItMissing_FetchedByCursor_AnsweredOnceAllAreHandedOn()
    {
        var posting = PostAsync(Body("9", 6));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("9");
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("7"), Fill("8"), Fill("9")], 6));
        foreach (var id in new[] { "7", "8" }) (await _heard.NextAsync<Fill>()).TradeId.ShouldBe(id);
        await _rest.AnswerAsync("fills after '9'", new FillPage([], 6));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await posting.Guarded("the answer")).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The stream does not say when it will be back: the position must not wait for it.</summary>
    [Fact]
    public async Task StreamAway_HandedOnAtOnce_OnceOnly()
    {
        _socket.Drop();
        (await _heard.NextAsync<FeedStatus>()).State.ShouldBe(FeedState.Disconnected);
        var posting = PostAsync(Body("7", 4));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("7")], 4));
        await _rest.AnswerAsync("fills after '7'", new FillPage([], 4));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await posting.Guarded("the answer")).ShouldBe(HttpStatusCode.OK);
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task ListNotRead_ToBePostedAgain_AndThenTaken_OnceOnly()
    {
        var posting = PostAsync(Body("8", 5));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("8");
        await _rest.AnswerAsync<FillPage>("fills after ''", null);
        (await posting.Guarded("the answer")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        posting = PostAsync(Body("8", 5));
        await _rest.AnswerAsync("fills after ''", new FillPage([Fill("7"), Fill("8")], 5));
        (await _heard.NextAsync<Fill>()).TradeId.ShouldBe("7");
        await _rest.AnswerAsync("fills after '8'", new FillPage([], 5));
        await _rest.AnswerAsync("balances", ImmutableArray<BalanceReport>.Empty);
        (await posting.Guarded("the answer")).ShouldBe(HttpStatusCode.OK);
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Theory]
    [InlineData("not the secret", 0, HttpStatusCode.Unauthorized)]
    [InlineData("the secret of ann", -6, HttpStatusCode.Unauthorized)]
    public async Task WrongSecretOrStale_Refused(string secret, int secondsOff, HttpStatusCode expected)
    {
        (await PostAsync(Body("7", 4), secret, secondsOff)).ShouldBe(expected);
        _heard.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task GenuineButNoFill_Refused() => (await PostAsync("""{"channel":"pong","id":1,"time":1723161256299}""")).ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task TooLong_Refused() => (await PostAsync(new string('x', (64 << 10) + 1))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);

    private async Task<HttpStatusCode> PostAsync(string body, string secret = "the secret of ann", int secondsOff = 0)
    {
        var signature = new HmacSignature(_options.Signing, new("key-of-ann", secret), _options.ReceiveWindow);
        var timestamp = signature.TimestampText(_time.Now + TimeSpan.FromSeconds(secondsOff));
        using var post = new HttpRequestMessage(HttpMethod.Post, _options.Webhook) { Content = new StringContent(body) };
        post.Headers.Add(_options.Signing.TimestampHeader, timestamp);
        post.Headers.Add(_options.Signing.SignatureHeader, signature.Sign(timestamp, "POST", "/fills/", "", Encoding.UTF8.GetBytes(body)));
        using var answer = await _client.SendAsync(post);
        return answer.StatusCode;
    }

    private string Body(string tradeId, long sequence) => Encoding.UTF8.GetString(_venue.Written((w, into) => w.Fill(Fill(tradeId), sequence, into)));

    private Fill Fill(string tradeId) => new()
    {
        Instrument = new(0), TradeId = tradeId, ClientOrderId = "a", Side = Side.Buy, Price = 1.0499m, Quantity = 5m, Fee = 0m, FeeAsset = "USDT",
        IsMaker = true, QuotedAt = Timestamp.None, VenueTime = _time.Now,
    };

    // A port that was free a moment ago.
    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}
