using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>How requests to an HMAC venue are signed, and what its answers say.</summary>
/// <param name="options">Checked.</param>
public sealed class HmacVenueProtocol(HmacVenueOptions options) : IVenueRest
{
    private readonly HmacSignature? _signature =
        options.Credentials is { } credentials ? new(options.Signing, credentials, options.ReceiveWindow) : null;

    public string Venue => options.Venue;

    public Uri BaseUrl => options.BaseUrl;

    public bool HasCredentials => _signature is not null;

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now)
    {
        if (!request.IsSigned) return [];
        var timestamp = _signature!.TimestampText(now);
        return
        [
            new(options.Signing.KeyHeader, options.Credentials!.ApiKey),
            new(options.Signing.TimestampHeader, timestamp),
            new(options.Signing.SignatureHeader, _signature.Sign(timestamp, request.Method, request.Path, request.Query, request.Body.Span)),
        ];
    }

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        if (answer.Status == 200) return new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body);
        return HmacVenueErrors.Parse(answer.Status, answer.Body.Span) is { } refusal
            ? new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal)
            : new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{Venue} answers with HTTP {answer.Status}, which does not say what was done");
    }
}
