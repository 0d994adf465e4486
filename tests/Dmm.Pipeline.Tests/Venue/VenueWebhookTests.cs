using System.Net;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Testing;
using Dmm.Testing.Servers;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>The served venue posts fills: to the real listener, and to one that the test plays.</summary>
public sealed class VenueWebhookTests : IAsyncLifetime
{
    private readonly Uri _address = new($"http://127.0.0.1:{FreePort.Next()}/fills/");
    private readonly Heard _heard = new();
    private readonly CancellationTokenSource _stop = new();
    private VenueDesk _desk = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _desk = await VenueDesk.OpenAsync(s => s with { Webhook = _address });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await _desk.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Webhook beside stream: whichever comes first, once.</summary>
    [Fact]
    public async Task FillsOnTheStreamAndPosted_EachOnce()
    {
        Begin(_desk.Options with { Webhook = _address });
        await NextAsync<FeedStatus>(s => s.State == FeedState.Connected);
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        List<Fill> heard = [];
        foreach (var lots in (long[])[100, 200, 300])
        {
            await _desk.TakeAsync(Side.Buy, lots);
            heard.Add(await NextAsync<Fill>(_ => true));
        }

        await _desk.TakeAsync(Side.Buy, 400);
        heard.Add(await NextAsync<Fill>(_ => true));
        heard.ShouldBe(VenueDesk.Value(await _desk.Rest.FetchFillsSinceAsync("", default)).Fills);
    }

    /// <summary>The stream cannot be had at all: the posts bring the fills, with those before them by the list.</summary>
    [Fact]
    public async Task StreamAway_FillsComeByPost_AndThoseBeforeByTheList()
    {
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        Begin(_desk.Options with { Webhook = _address, Endpoints = new() { Socket = "/v1/nowhere" } });
        await NextAsync<FeedStatus>(s => s.State == FeedState.Disconnected);
        await _desk.TakeAsync(Side.Buy, 100);
        await _desk.TakeAsync(Side.Buy, 200);
        Fill[] heard = [await NextAsync<Fill>(_ => true), await NextAsync<Fill>(_ => true)];
        heard.OrderBy(f => f.TradeId, StringComparer.Ordinal).ShouldBe(VenueDesk.Value(await _desk.Rest.FetchFillsSinceAsync("", default)).Fills);
    }

    [Fact]
    public async Task Post_SignedByTheAccount_ReplayedIsRefused_NotTakenIsPostedAgainUnderAnotherSignature()
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add(_address.ToString());
        listener.Start();
        var webhook = new HmacWebhook((_desk.Options with { Webhook = _address }).Checked());
        await _desk.PlaceInsideAsync("d1x1", Side.Sell, lots: 1_000);
        await _desk.TakeAsync(Side.Buy, 100);

        var first = await ReceiveAsync(listener, HttpStatusCode.ServiceUnavailable);
        webhook.Judge(first.Timestamp, first.Signature, first.Body, _desk.Time.Now).ShouldBe(HmacWebhookVerdict.Genuine);
        webhook.Judge(first.Timestamp, first.Signature, first.Body, _desk.Time.Now).ShouldBe(HmacWebhookVerdict.Replayed);
        webhook.Judge(first.Timestamp, first.Signature, [.. first.Body, (byte)' '], _desk.Time.Now).ShouldBe(HmacWebhookVerdict.WrongSignature);

        await _desk.Time.PassAsync(TimeSpan.FromSeconds(0.25));
        var second = await ReceiveAsync(listener, HttpStatusCode.OK);
        second.Body.ShouldBe(first.Body);
        webhook.Judge(second.Timestamp, second.Signature, second.Body, _desk.Time.Now).ShouldBe(HmacWebhookVerdict.Genuine);
        var batch = new MessageBatch();
        _desk.Wire.Parse(second.Body, _desk.Time.Now, batch, out var frame).ShouldBe(ParseStatus.Parsed);
        (frame.Number, ((Fill)batch[0].Control).ClientOrderId).ShouldBe((1, "d1x1"));

        // What was taken is not posted again: the next is the next fill.
        await _desk.TakeAsync(Side.Buy, 100);
        (await ReceiveAsync(listener, HttpStatusCode.OK)).Body.ShouldNotBe(first.Body);
    }

    private static async Task<(string Timestamp, string Signature, byte[] Body)> ReceiveAsync(HttpListener listener, HttpStatusCode answer)
    {
        var context = await listener.GetContextAsync().Guarded("a post");
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var headers = new HmacSigning();
        var post = (context.Request.Headers[headers.TimestampHeader]!, context.Request.Headers[headers.SignatureHeader]!, body.ToArray());
        (context.Request.HttpMethod, context.Request.Headers[headers.KeyHeader]).ShouldBe(("POST", "ann"));
        context.Response.StatusCode = (int)answer;
        context.Response.Close();
        return post;
    }

    private void Begin(HmacVenueOptions options) =>
        _running = new HmacVenueFeed(options.Checked(), _desk.Wire, _desk.Rest, "", _desk.Time, () => 1, _heard.WriteAsync).RunAsync(_stop.Token);

    private async Task<T> NextAsync<T>(Func<T, bool> isMeant)
        where T : ControlMessage
    {
        while (true)
        {
            var input = await _heard.NextAsync();
            if (input.Kind == InputKind.Control && input.Control is T message && isMeant(message)) return message;
        }
    }
}
