using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What the server side says of a signed request.</summary>
public enum HmacVerdict : byte
{
    Genuine,

    /// <summary>The time stamp cannot be read or lies outside the receive window.</summary>
    StaleTimestamp,
    WrongSignature,
}

/// <summary>Signs requests by a venue's template, and checks signatures in constant time. Pure: the time is an argument. Thread-safe.</summary>
public sealed class HmacSignature
{
    /// <summary>What a login over the web socket signs: a GET of this path, without query and body.</summary>
    public const string LoginPath = "/login";

    private readonly HmacSigning _signing;
    private readonly HmacCredentials _credentials;
    private readonly TimeSpan _receiveWindow;
    private readonly ImmutableArray<(HmacPart Part, string Literal)> _parts;

    /// <exception cref="ArgumentException">The template names something unknown.</exception>
    public HmacSignature(HmacSigning signing, HmacCredentials credentials, TimeSpan receiveWindow)
    {
        var why = "";
        if (!HmacTemplate.TryParse(signing.Prehash, out _parts, ref why))
            throw new ArgumentException($"the prehash template {why}: expected {HmacTemplate.Expected}", nameof(signing));
        (_signing, _credentials, _receiveWindow) = (signing, credentials, receiveWindow);
    }

    /// <summary>A time as this venue writes it in requests.</summary>
    public string TimestampText(Timestamp at) => _signing.TimeUnit switch
    {
        HmacTimeUnit.Seconds => at.ToDateTimeOffset().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        HmacTimeUnit.Milliseconds => at.ToDateTimeOffset().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        _ => at.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    };

    /// <summary>The signature, encoded.</summary>
    /// <param name="timestamp">As <see cref="TimestampText"/> gives it, and as it is sent.</param>
    /// <param name="method">Upper case.</param>
    /// <param name="path">Begins with a slash.</param>
    /// <param name="query">As it is sent, without question mark; may be empty.</param>
    /// <param name="body">As it is sent; may be empty.</param>
    public string Sign(string timestamp, string method, string path, string query, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA512.HashSizeInBytes];
        mac = mac[..Compute(timestamp, method, path, query, body, mac)];
        return _signing.Encoding == HmacEncoding.Base64 ? Convert.ToBase64String(mac) : Convert.ToHexStringLower(mac);
    }

    /// <summary>
    /// Checks a request as the venue does. The time a wrong signature takes does not depend on how much of it is right. A request can be
    /// repeated within
    /// the receive window: what must not happen twice is guarded by its client order id.
    /// </summary>
    public HmacVerdict Verify(
        string timestamp, string signature, string method, string path, string query, ReadOnlySpan<byte> body, Timestamp now)
    {
        Span<byte> mac = stackalloc byte[HMACSHA512.HashSizeInBytes];
        mac = mac[..Compute(timestamp, method, path, query, body, mac)];
        Span<byte> claimed = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var isSigned = TryDecode(signature, claimed, out var length) && CryptographicOperations.FixedTimeEquals(claimed[..length], mac);
        if (!isSigned) return HmacVerdict.WrongSignature;
        return TryRead(timestamp, out var at) && (now - at).Duration() <= _receiveWindow ? HmacVerdict.Genuine : HmacVerdict.StaleTimestamp;
    }

    private int Compute(string timestamp, string method, string path, string query, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        var prehash = new ArrayBufferWriter<byte>(256 + body.Length);
        foreach (var (part, literal) in _parts)
        {
            if (part == HmacPart.Body) prehash.Write(body);
            else Encoding.UTF8.GetBytes(Text(part, literal, timestamp, method, path, query, body), prehash);
        }

        return _signing.Hash == HmacHash.Sha512
            ? HMACSHA512.HashData(_credentials.Secret, prehash.WrittenSpan, mac)
            : HMACSHA256.HashData(_credentials.Secret, prehash.WrittenSpan, mac);
    }

    private string Text(HmacPart part, string literal, string timestamp, string method, string path, string query, ReadOnlySpan<byte> body) => part switch
    {
        HmacPart.Timestamp => timestamp,
        HmacPart.Method => method,
        HmacPart.Path => path,
        HmacPart.Query => query,
        HmacPart.MarkedQuery => query.Length == 0 ? "" : $"?{query}",
        HmacPart.BodyHash => Convert.ToHexStringLower(_signing.Hash == HmacHash.Sha512 ? SHA512.HashData(body) : SHA256.HashData(body)),
        HmacPart.Key => _credentials.ApiKey,
        HmacPart.Window => ((long)_receiveWindow.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        _ => literal,
    };

    private bool TryDecode(string signature, Span<byte> mac, out int length) => _signing.Encoding == HmacEncoding.Base64
        ? Convert.TryFromBase64String(signature, mac, out length)
        : Convert.FromHexString(signature, mac, out _, out length) == OperationStatus.Done;

    private bool TryRead(string text, out Timestamp at)
    {
        at = Timestamp.None;
        if (_signing.TimeUnit == HmacTimeUnit.Iso8601)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return false;
            at = Timestamp.From(instant);
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (_signing.TimeUnit == HmacTimeUnit.Seconds && number > long.MaxValue / 1_000) return false;
        var milliseconds = _signing.TimeUnit == HmacTimeUnit.Seconds ? number * 1_000 : number;
        if (!VenueClock.IsInstant(milliseconds)) return false;
        at = Timestamp.FromUnixMilliseconds(milliseconds);
        return true;
    }
}
