using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>
/// How requests to Gate are signed, what its answers say, and how a subscription proves whose it is: hexadecimal HMAC-SHA512 over method, path,
/// query, the body's hash and the time in seconds, a line each; over channel, event and time for a subscription.
/// </summary>
/// <param name="options">Checked.</param>
public sealed class GateioProtocol(GateioOptions options) : IVenueRest
{
    /// <summary>Asks for sizes with their decimals.</summary>
    public const string SizeHeader = "X-Gate-Size-Decimal";

    private static readonly HmacSigning Rest = new()
    {
        Prehash = "{method}\n{path}\n{query}\n{bodyhash}\n{timestamp}", Hash = HmacHash.Sha512, TimeUnit = HmacTimeUnit.Seconds,
        KeyHeader = "KEY", TimestampHeader = "Timestamp", SignatureHeader = "SIGN",
    };

    private static readonly HmacSigning Stream = Rest with { Prehash = "channel={path}&event={method}&time={timestamp}" };

    // Windows are of seconds: what is further away is a misunderstanding.
    private static readonly TimeSpan ResetMax = TimeSpan.FromMinutes(1);

    private readonly HmacSignature? _rest = options.Credentials is { } credentials ? new(Rest, credentials, options.ReceiveWindow) : null;
    private readonly HmacSignature? _stream = options.Credentials is { } credentials ? new(Stream, credentials, options.ReceiveWindow) : null;

    public string Venue => options.Venue;

    public Uri BaseUrl => options.BaseUrl;

    public bool HasCredentials => _rest is not null;

    /// <summary>What requests and sockets about contracts must carry: without it the parts of a contract are cut off, and 0.5 becomes 0.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> SizeHeaders(GateioProduct product) =>
        product == GateioProduct.UsdtPerpetual ? [new(SizeHeader, "1")] : [];

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now)
    {
        List<KeyValuePair<string, string>> headers = [.. SizeHeaders(options.Product)];
        if (!request.IsSigned) return headers;
        var timestamp = _rest!.TimestampText(now);
        headers.Add(new(Rest.KeyHeader, options.Credentials!.ApiKey));
        headers.Add(new(Rest.TimestampHeader, timestamp));
        headers.Add(new(Rest.SignatureHeader, _rest.Sign(timestamp, request.Method, request.Path, request.Query, request.Body.Span)));
        return headers;
    }

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        if (answer.Status is 200 or 201) return new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body);
        return GateioErrors.Parse(answer.Status, answer.Body.Span) is { } refusal
            ? new VenueReply<ReadOnlyMemory<byte>>.Refused(
                refusal.Kind == RefusalKind.RateLimited ? refusal with { RetryAfter = UntilReset(answer) } : refusal)
            : new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{Venue} answers with HTTP {answer.Status}, which does not say what was done");
    }

    /// <summary>The count is of one call, where a bucket of ours may hold several: it is the lower bound that counts.</summary>
    public RateNotice? Limit(in VenueRequest request, RestAnswer answer, Timestamp now)
    {
        if (Number(answer, "X-Gate-RateLimit-Requests-Remain") is not { } remaining) return null;
        var reset = Number(answer, "X-Gate-RateLimit-Reset-Timestamp") is { } at ? Instant(at) - now : TimeSpan.Zero;
        return new RateNotice((int)Math.Min(remaining, int.MaxValue), reset > TimeSpan.Zero && reset < ResetMax ? reset : TimeSpan.Zero);
    }

    /// <summary>The proof in a private subscription: time stamp and signature.</summary>
    /// <exception cref="InvalidOperationException">There are no credentials.</exception>
    public (string Timestamp, string Signature) SignSubscription(string channel, Timestamp now)
    {
        if (_stream is null) throw new InvalidOperationException($"{Venue} has no credentials to subscribe to {channel} with");
        var timestamp = _stream.TimestampText(now);
        return (timestamp, _stream.Sign(timestamp, "subscribe", channel, "", []));
    }

    // By the venue's own clock: its answer is dated.
    private static TimeSpan UntilReset(RestAnswer answer)
    {
        if (Number(answer, "X-Gate-RateLimit-Reset-Timestamp") is not { } at) return TimeSpan.Zero;
        if (!DateTimeOffset.TryParse(answer.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return TimeSpan.Zero;
        var wait = Instant(at) - Timestamp.From(date);
        return wait > TimeSpan.Zero && wait < ResetMax ? wait : TimeSpan.Zero;
    }

    private static Timestamp Instant(long number) => Timestamp.FromUnixMilliseconds(VenueClock.IsInstant(number) ? number : number * 1_000);

    private static long? Number(RestAnswer answer, string header) =>
        long.TryParse(answer.Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 10_000_000_000_000
            ? number
            : null;
}
