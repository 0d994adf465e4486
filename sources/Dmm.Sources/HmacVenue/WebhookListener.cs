using System.Net;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Takes what the venue posts of our fills, beside its stream: the frames of the stream, one a post. Whoever posts learns no more than the status.
/// </summary>
/// <remarks>
/// | Post | Answer |
/// |---|---|
/// | a genuine fill | 200, once it has been handed on or is known already |
/// | another path or method; longer than 64 KiB; not a fill | 404; 413; 400 |
/// | wrong signature or stale | 401 |
/// | posted before | 409 |
/// | ones before it are missing, and the venue's own list could not be read | 503: to be posted again |
/// </remarks>
internal sealed class WebhookListener(HmacVenueOptions options, HmacVenueWire wire, AccountStream account, TimeProvider time) : IDisposable
{
    private const int BodyMax = 64 << 10;

    private readonly HttpListener _listener = new();
    private readonly HmacWebhook _webhook = new(options);

    /// <summary>Listens until cancelled.</summary>
    /// <exception cref="IOException">The address cannot be listened at.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _listener.Prefixes.Add(options.Webhook!.ToString());
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException taken)
        {
            throw new IOException($"{options.Venue}: the webhook's address {options.Webhook} cannot be listened at: {taken.Message}", taken);
        }

        await using var registration = cancellation.Register(_listener.Abort);
        // One after the other, as the stream's: a fill takes microseconds, and the venue posts again what it could not.
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await AnswerAsync(context, cancellation);
            }
            catch (Exception fault) when (
                fault is HttpListenerException or ObjectDisposedException or IOException
                && (_listener.IsListening || cancellation.IsCancellationRequested))
            {
                // Who posted has gone, or the end was asked for.
            }
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken cancellation)
    {
        var status = await StatusAsync(context.Request, cancellation);
        context.Response.StatusCode = (int)status;
        context.Response.Close();
    }

    private async Task<HttpStatusCode> StatusAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        if (request.HttpMethod != "POST" || request.Url?.AbsolutePath != options.Webhook!.AbsolutePath) return HttpStatusCode.NotFound;
        using var patience = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            if (await BodyAsync(request, either.Token) is not { } body) return HttpStatusCode.RequestEntityTooLarge;
            var signature = request.Headers[options.Signing.SignatureHeader] ?? "";
            var verdict = _webhook.Judge(request.Headers[options.Signing.TimestampHeader] ?? "", signature, body.Span, Now());
            if (verdict != HmacWebhookVerdict.Genuine)
                return verdict == HmacWebhookVerdict.Replayed ? HttpStatusCode.Conflict : HttpStatusCode.Unauthorized;
            return await TakeAsync(body, signature, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    private async Task<HttpStatusCode> TakeAsync(ReadOnlyMemory<byte> body, string signature, CancellationToken cancellation)
    {
        var batch = new MessageBatch();
        var isRead = wire.Parse(body.Span, Now(), batch, out var frame) == ParseStatus.Parsed;
        if (!isRead || batch[0].Kind != InputKind.Control || batch[0].Control is not Fill fill) return HttpStatusCode.BadRequest;
        var isComplete = false;
        try
        {
            isComplete = await account.TakePostedAsync(fill, frame.Number, cancellation);
            return isComplete ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        }
        finally
        {
            if (!isComplete) _webhook.Forget(signature);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        var body = new byte[BodyMax + 1];
        var length = 0;
        while (await request.InputStream.ReadAsync(body.AsMemory(length), cancellation) is > 0 and var part)
            if ((length += part) > BodyMax) return null;
        return body.AsMemory(0, length);
    }

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());
}
