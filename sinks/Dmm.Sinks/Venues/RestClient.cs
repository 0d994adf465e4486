using System.Globalization;
using System.Net.Http.Headers;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>
/// Requests to one venue: counts them against the venue's limits, signs, sends, and says what is certain of the outcome. Thread-safe; requests are
/// under
/// way side by side.
/// </summary>
/// <remarks>
/// | Event | Outcome |
/// |---|---|
/// | our count of the limit is used up | refused as RateLimited before it is sent, with the time to wait |
/// | no credentials for a signed request | refused as Credentials before it is sent |
/// | no connection to the venue | refused as NotSent |
/// | answer | as <see cref="IVenueRest.Read"/> says |
/// | HTTP 429, or the venue's own code for it | refused as RateLimited; that limit is closed for as long as the venue says |
/// | HTTP 418, or 403 with such a code | the same, and every limit of the venue is closed: the address is banned |
/// | connection lost under way | a GET is sent once more; else unknown |
/// | no answer within the time | unknown |
/// | answer longer than <see cref="AnswerLengthMax"/> | unknown |
/// </remarks>
public sealed class RestClient
{
    /// <summary>Above any answer that a venue gives.</summary>
    public const int AnswerLengthMax = 16 << 20;

    // What a venue without a word about it gets.
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultBan = TimeSpan.FromMinutes(1);

    private readonly HttpClient _client;
    private readonly IVenueRest _venue;
    private readonly RequestBudgets _budgets;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="venue">How the venue signs, and what its answers say.</param>
    /// <param name="limits">By the names of <see cref="VenueRequest.Bucket"/>.</param>
    /// <param name="timeout">After that long without an answer the outcome of a request counts as unknown.</param>
    /// <param name="time">For time stamps, timeouts and limits.</param>
    public RestClient(
        HttpClient client, IVenueRest venue, IReadOnlyDictionary<string, RequestLimits> limits, TimeSpan timeout, TimeProvider time) =>
        (_client, _venue, _budgets, _timeout, _time) = (client, venue, new(limits, time), timeout, time);

    public string Venue => _venue.Venue;

    /// <summary>Sends it and reads the answer's body; what that cannot be read from is unknown.</summary>
    public async Task<VenueReply<T>> AskAsync<T>(
        VenueRequest request, Func<ReadOnlyMemory<byte>, VenueReply<T>> read, CancellationToken cancellation) =>
        await SendAsync(request, cancellation) switch
        {
            VenueReply<ReadOnlyMemory<byte>>.Accepted reply => read(reply.Value),
            VenueReply<ReadOnlyMemory<byte>>.Refused refused => new VenueReply<T>.Refused(refused.Refusal),
            var unknown => new VenueReply<T>.Unknown(unknown.Fault),
        };

    /// <summary>The body of a good answer; a refusal where it is certain that nothing was done; else unknown.</summary>
    public async Task<VenueReply<ReadOnlyMemory<byte>>> SendAsync(VenueRequest request, CancellationToken cancellation)
    {
        if (request.IsSigned && !_venue.HasCredentials)
            return Refused(RefusalKind.Credentials, $"{Venue} has no credentials: expected an API key and its secret");
        var budget = _budgets[request.Bucket];
        if (!_budgets.TryTake(request, out var wait))
        {
            RestMetrics.Throttled(Venue, request.Bucket);
            var words = string.Create(CultureInfo.InvariantCulture, $"our own request limit is used up for {wait.TotalSeconds:0.###} s");
            return Refused(RefusalKind.RateLimited, words, wait);
        }

        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            var answer = await ExchangeAsync(request, budget, both.Token);
            if (_venue.Limit(request, answer, Now()) is { } notice) budget.Announce(notice);
            return Obey(request, budget, answer, Read(request, answer));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unknown(FormattableString.Invariant($"no answer to {request.Method} {request.Path} within {_timeout.TotalSeconds} s"));
        }
        catch (HttpRequestException fault) when (IsBeforeSending(fault.HttpRequestError))
        {
            return Refused(RefusalKind.NotSent, $"{Venue} cannot be reached: {fault.Message}");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Unknown($"{request.Method} {request.Path} broke off: {fault.Message}");
        }
    }

    /// <summary>One exchange; a query whose connection is lost gets a second one, because asking twice does no harm, and placing twice may.</summary>
    private async Task<RestAnswer> ExchangeAsync(VenueRequest request, RequestBudget budget, CancellationToken cancellation)
    {
        try
        {
            return await ExchangeAsync(request, cancellation);
        }
        catch (Exception fault) when (
            request.Method == "GET" && IsConnectionLost(fault) && budget.TryTake(request.Weight, request.IsUrgent, out _))
        {
            return await ExchangeAsync(request, cancellation);
        }
    }

    private async Task<RestAnswer> ExchangeAsync(VenueRequest request, CancellationToken cancellation)
    {
        using var message = Message(request);
        using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.Content.Headers.ContentLength > AnswerLengthMax) throw new IOException("the answer is too long");
        var body = await BodyAsync(response.Content, cancellation);
        return new((int)response.StatusCode, body, name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null);
    }

    private static async Task<byte[]> BodyAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
        var part = new byte[16 << 10];
        while (await stream.ReadAsync(part, cancellation) is > 0 and var length)
        {
            if (body.Length + length > AnswerLengthMax) throw new IOException("the answer is too long");
            body.Write(part, 0, length);
        }

        return body.ToArray();
    }

    private HttpRequestMessage Message(in VenueRequest request)
    {
        var target = request.Query.Length == 0 ? request.Path : $"{request.Path}?{request.Query}";
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_venue.BaseUrl, target));
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        // A venue's own time stamps and keys are not of the forms that HTTP's own headers have.
        foreach (var (name, value) in _venue.Headers(request, Now())) message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    private VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        var reply = _venue.Read(request, answer);
        // A proxy before the venue refuses with these before anything of ours is read, in whatever words.
        return answer.Status is 418 or 429 && reply is not VenueReply<ReadOnlyMemory<byte>>.Refused { Refusal.Kind: RefusalKind.RateLimited }
            ? Refused(RefusalKind.RateLimited, $"rate limit: HTTP {answer.Status}")
            : reply;
    }

    private VenueReply<ReadOnlyMemory<byte>> Obey(
        in VenueRequest request, RequestBudget budget, RestAnswer answer, VenueReply<ReadOnlyMemory<byte>> reply)
    {
        if (reply is not VenueReply<ReadOnlyMemory<byte>>.Refused { Refusal: { Kind: RefusalKind.RateLimited } refusal }) return reply;
        RestMetrics.Throttled(Venue, request.Bucket);
        var isBanned = answer.Status is 418 or 403;
        var wait = refusal.RetryAfter > TimeSpan.Zero ? refusal.RetryAfter
            : RetryAfter(answer) is { } said && said > TimeSpan.Zero ? said
            : isBanned ? DefaultBan : DefaultRetry;
        if (isBanned) _budgets.CloseAllFor(wait);
        else budget.CloseFor(wait);
        return new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal with { RetryAfter = wait });
    }

    private TimeSpan? RetryAfter(RestAnswer answer) => !RetryConditionHeaderValue.TryParse(answer.Header("Retry-After"), out var header) ? null
        : header.Delta ?? header.Date - _time.GetUtcNow();

    private static bool IsBeforeSending(HttpRequestError error) => error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static bool IsConnectionLost(Exception fault) =>
        fault is HttpIOException || (fault is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown });

    private static VenueReply<ReadOnlyMemory<byte>>.Refused Refused(RefusalKind kind, string reason, TimeSpan retryAfter = default) =>
        new(new VenueRefusal(kind, reason, retryAfter));

    private static VenueReply<ReadOnlyMemory<byte>>.Unknown Unknown(string reason) => new(reason);

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
