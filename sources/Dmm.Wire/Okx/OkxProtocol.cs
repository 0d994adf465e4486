using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>How requests to OKX are signed, and what its answers say.</summary>
/// <param name="options">Checked.</param>
public sealed class OkxProtocol(OkxOptions options) : IVenueRest
{
    private const string DemoHeader = "x-simulated-trading";

    private readonly OkxSignature? _signature = options.Credentials is { } credentials ? new(credentials, options.ReceiveWindow) : null;

    public string Venue => OkxInstruments.Venue;

    public Uri BaseUrl => options.RestUrl;

    public bool HasCredentials => _signature is not null;

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now)
    {
        IEnumerable<KeyValuePair<string, string>> proof = request.IsSigned ? _signature!.Headers(request, now) : [];
        return options.IsDemoTrading ? proof.Append(new(DemoHeader, "1")) : proof;
    }

    /// <summary>
    /// The body where the venue took the request up; a request for several orders may have been done in part, which its body tells of each.
    /// </summary>
    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        if (OkxErrors.Parse(answer.Status, answer.Body.Span) is { } refusal) return new VenueReply<ReadOnlyMemory<byte>>.Refused(refusal);
        return answer.Status == 200 && OkxErrors.IsTakenUp(answer.Body.Span)
            ? new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body)
            : new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{Venue} answers with HTTP {answer.Status}, which does not say what was done");
    }
}
