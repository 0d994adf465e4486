using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>How Bybit's REST requests are signed, and what its answers say: nearly all come as HTTP 200 with a code.</summary>
/// <remarks>Source: Bybit v5 documentation, authentication, rate limits and error codes.</remarks>
public sealed class BybitProtocol : IVenueRest
{
    private static readonly string[] Names = ["retCode", "retMsg", "time"];
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);

    private readonly BybitOptions _options;
    private readonly HmacSignature? _signature;

    /// <param name="options">Checked.</param>
    public BybitProtocol(BybitOptions options)
    {
        _options = options;
        _signature = options.Credentials is { } credentials ? new(Signing, credentials, options.ReceiveWindow) : null;
    }

    private enum Field { Code, Words, Time }

    /// <summary>Hexadecimal HMAC-SHA256 over time, key, receive window, and the query or body as it is sent.</summary>
    public static HmacSigning Signing { get; } = new()
    {
        Prehash = "{timestamp}{key}{window}{query}{body}", KeyHeader = "X-BAPI-API-KEY", TimestampHeader = "X-BAPI-TIMESTAMP",
        SignatureHeader = "X-BAPI-SIGN",
    };

    public string Venue => _options.Venue;

    public Uri BaseUrl => _options.BaseUrl;

    public bool HasCredentials => _signature is not null;

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now)
    {
        if (!request.IsSigned || _signature is null) return [];
        var timestamp = _signature.TimestampText(now);
        return
        [
            new(Signing.KeyHeader, _options.Credentials!.ApiKey),
            new(Signing.TimestampHeader, timestamp),
            new("X-BAPI-RECV-WINDOW", ((long)_options.ReceiveWindow.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)),
            new(Signing.SignatureHeader, _signature.Sign(timestamp, request.Method, request.Path, request.Query, request.Body.Span)),
        ];
    }

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        var envelope = new JsonFields(answer.Body.Span, Names, stackalloc JsonSlice[Names.Length]);
        var code = envelope.Integer((int)Field.Code, long.MinValue);
        var words = BybitErrors.Words(envelope, (int)Field.Words);
        var isDone = answer.Status == 200 && envelope.Fault is null && code == BybitErrors.None;
        if (isDone) return new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body);
        var refusal = envelope.Fault is null && answer.Status < 500 ? BybitErrors.Refusal(code, words) : null;
        refusal ??= BybitErrors.OfHttp(answer.Status);
        if (refusal is { Kind: RefusalKind.RateLimited }) refusal = refusal with { RetryAfter = RetryAfter(ref envelope, answer) };
        if (refusal is not null) return new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal);
        return new VenueReply<ReadOnlyMemory<byte>>.Unknown(BybitErrors.Masked(envelope.Fault is null
            ? $"{Venue} answers with code {code}, which does not say what was done: {words}"
            : $"{Venue} answers with HTTP {answer.Status}, which does not say what was done"));
    }

    /// <summary>The headers count a path's requests; only placing, amending and cancelling have a bucket for one path alone.</summary>
    public RateNotice? Limit(in VenueRequest request, RestAnswer answer, Timestamp now)
    {
        if (request.Bucket is not (BybitRequests.CreateBucket or BybitRequests.AmendBucket or BybitRequests.CancelBucket)) return null;
        if (Header(answer, "X-Bapi-Limit") is not { } limit || limit < 1 || Header(answer, "X-Bapi-Limit-Status") is not { } remaining) return null;
        return new RateNotice((int)Math.Clamp(remaining, 0, limit), PerSecond: limit, Burst: (int)Math.Min(limit, 10_000));
    }

    private static TimeSpan RetryAfter(ref JsonFields envelope, RestAnswer answer)
    {
        var at = envelope.Has((int)Field.Time) ? envelope.Integer((int)Field.Time) : 0;
        if (envelope.Fault is not null || at == 0 || Header(answer, "X-Bapi-Limit-Reset-Timestamp") is not { } reset || reset <= at) return default;
        return TimeSpan.FromMilliseconds(Math.Min(reset - at, RetryMax.TotalMilliseconds));
    }

    private static long? Header(RestAnswer answer, string name) =>
        long.TryParse(answer.Header(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
