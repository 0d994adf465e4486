using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>One request and its answer: signs, sends, and says what is certain of the outcome.</summary>
internal readonly struct RestExchange(
    HttpClient client, HmacVenueOptions options, HmacSignature? signature, RequestBudget budget, TimeProvider time)
{
    // What a venue without a word about it gets; a ban, at most venues, is longer and says so.
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    /// <summary>The body of a good answer; a refusal where it is certain that nothing was done; else unknown.</summary>
    public async Task<VenueReply<ReadOnlyMemory<byte>>> SendAsync(HmacVenueRequest request, CancellationToken cancellation)
    {
        if (request.IsSigned && signature is null) return Refused(RefusalKind.Credentials, $"{options.Venue} has no credentials: expected an API key and its secret");
        if (!budget.TryTake(request.Weight, request.IsUrgent, out var wait))
        {
            var words = string.Create(CultureInfo.InvariantCulture, $"our own request limit is used up for {wait.TotalSeconds:0.###} s");
            return Refused(RefusalKind.RateLimited, words, wait);
        }

        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var message = Message(request);
            using var response = await client.SendAsync(message, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return Read(response, body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var words = string.Create(CultureInfo.InvariantCulture, $"no answer to {request.Method} {request.Path} within {options.RequestTimeout.TotalSeconds} s");
            return new VenueReply<ReadOnlyMemory<byte>>.Unknown(words);
        }
        catch (HttpRequestException fault) when (IsBeforeSending(fault.HttpRequestError))
        {
            return Refused(RefusalKind.NotSent, $"{options.Venue} cannot be reached: {fault.Message}");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{request.Method} {request.Path} broke off: {fault.Message}");
        }
    }

    private static bool IsBeforeSending(HttpRequestError error) => error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private HttpRequestMessage Message(HmacVenueRequest request)
    {
        var target = request.Query.Length == 0 ? request.Path : $"{request.Path}?{request.Query}";
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(options.BaseUrl, target));
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (!request.IsSigned) return message;
        var timestamp = signature!.TimestampText(Timestamp.From(time.GetUtcNow()));
        message.Headers.Add(options.Signing.KeyHeader, options.Credentials!.ApiKey);
        message.Headers.Add(options.Signing.TimestampHeader, timestamp);
        message.Headers.Add(
            options.Signing.SignatureHeader, signature.Sign(timestamp, request.Method, request.Path, request.Query, request.Body.Span));
        return message;
    }

    private VenueReply<ReadOnlyMemory<byte>> Read(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode == HttpStatusCode.OK) return new VenueReply<ReadOnlyMemory<byte>>.Accepted(body);
        var status = (int)response.StatusCode;
        if (HmacVenueErrors.Parse(status, body) is not { } refusal)
            return new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{options.Venue} answers with HTTP {status}, which does not say what was done");
        if (refusal.Kind != RefusalKind.RateLimited) return new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal);
        var header = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        var wait = refusal.RetryAfter > TimeSpan.Zero ? refusal.RetryAfter : header > TimeSpan.Zero ? header : DefaultRetry;
        budget.CloseFor(wait);
        return new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal with { RetryAfter = wait });
    }

    private static VenueReply<ReadOnlyMemory<byte>>.Refused Refused(RefusalKind kind, string reason, TimeSpan retryAfter = default) =>
        new(new VenueRefusal(kind, reason, retryAfter));
}
