using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>Says who may ask: whoever signs with the account's secret, within the receive window of the venue's clock. Thread-safe.</summary>
internal sealed class VenueAuthority(HmacCredentials credentials, TimeProvider time)
{
    private readonly HmacSignature _signature = new(new(), credentials, VenueListing.ReceiveWindow);

    /// <summary>Null, or why the request is not taken.</summary>
    public VenueFault? Refusal(string key, string timestamp, string signature, string method, string path, string query, ReadOnlySpan<byte> body)
    {
        if (key != credentials.ApiKey) return new(HmacVenueErrors.UnknownKey, key.Length == 0 ? "the request is not signed" : "the key is not known");
        var now = Timestamp.From(time.GetUtcNow());
        return _signature.Verify(timestamp, signature, method, path, query, body, now) switch
        {
            HmacVerdict.Genuine => null,
            HmacVerdict.StaleTimestamp => new(
                HmacVenueErrors.StaleTimestamp, $"the time stamp is '{timestamp}': the venue's clock stands at {_signature.TimestampText(now)}"),
            _ => new(HmacVenueErrors.BadSignature, "the signature is wrong"),
        };
    }

    /// <inheritdoc cref="Refusal(string, string, string, string, string, string, ReadOnlySpan{byte})"/>
    public VenueFault? Refusal(HmacCommand login) => Refusal(login.ApiKey, login.Timestamp, login.Signature, "GET", HmacSignature.LoginPath, "", []);
}
