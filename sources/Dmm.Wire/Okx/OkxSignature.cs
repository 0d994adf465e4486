using System.Globalization;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Signs requests and logins for OKX. Pure: the time is an argument. Thread-safe.</summary>
/// <remarks>Source: OKX API v5 documentation, REST authentication, WebSocket login, and transaction timeouts.</remarks>
public sealed class OkxSignature
{
    /// <summary>What a login signs: a GET of this path.</summary>
    public const string LoginPath = "/users/self/verify";

    public const string PassphraseHeader = "OK-ACCESS-PASSPHRASE";

    /// <summary>Until when the venue may act on a placement or an amendment, Unix time in milliseconds; not part of what is signed.</summary>
    public const string DeadlineHeader = "expTime";

    private readonly OkxCredentials _credentials;
    private readonly TimeSpan _receiveWindow;
    private readonly HmacSignature _rest;
    private readonly HmacSignature _login;

    /// <param name="credentials">Whose.</param>
    /// <param name="receiveWindow">How long a placement or an amendment may be under way.</param>
    public OkxSignature(OkxCredentials credentials, TimeSpan receiveWindow)
    {
        (_credentials, _receiveWindow) = (credentials, receiveWindow);
        _rest = new(Signing, credentials.Key, receiveWindow);
        _login = new(Signing with { TimeUnit = HmacTimeUnit.Seconds }, credentials.Key, receiveWindow);
    }

    /// <summary>How REST requests are signed.</summary>
    public static HmacSigning Signing { get; } = new()
    {
        Encoding = HmacEncoding.Base64, TimeUnit = HmacTimeUnit.Iso8601, KeyHeader = "OK-ACCESS-KEY", TimestampHeader = "OK-ACCESS-TIMESTAMP",
        SignatureHeader = "OK-ACCESS-SIGN",
    };

    /// <summary>The headers by which a request proves who sends it, with the deadline of one that must not be acted on late.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers(VenueRequest request, Timestamp now)
    {
        var timestamp = _rest.TimestampText(now);
        yield return new(Signing.KeyHeader, _credentials.ApiKey);
        yield return new(Signing.TimestampHeader, timestamp);
        yield return new(Signing.SignatureHeader, _rest.Sign(timestamp, request.Method, request.Path, request.Query, request.Body.Span));
        yield return new(PassphraseHeader, _credentials.Passphrase);
        if (request is { Method: "POST", IsUrgent: false })
        {
            var deadline = (now + _receiveWindow).ToDateTimeOffset().ToUnixTimeMilliseconds();
            yield return new(DeadlineHeader, deadline.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The login of a web socket.</summary>
    public byte[] Login(Timestamp now)
    {
        var timestamp = _login.TimestampText(now);
        var signed = _login.Sign(timestamp, "GET", LoginPath, "", []);
        return OkxRequests.Written(json =>
        {
            json.WriteString("op"u8, "login"u8);
            json.WriteStartArray("args"u8);
            json.WriteStartObject();
            json.WriteString("apiKey"u8, _credentials.ApiKey);
            json.WriteString("passphrase"u8, _credentials.Passphrase);
            json.WriteString("timestamp"u8, timestamp);
            json.WriteString("sign"u8, signed);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }
}
