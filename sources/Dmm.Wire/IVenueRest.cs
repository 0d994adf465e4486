using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>
/// What is particular to one venue's REST interface: how a request is proved to be ours, and what an answer says. Pure and thread-safe: requests are
/// under way side by side.
/// </summary>
public interface IVenueRest
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    string Venue { get; }

    /// <summary>Scheme, host and port.</summary>
    Uri BaseUrl { get; }

    /// <summary>False where there is no key: signed requests are then refused before they are sent.</summary>
    bool HasCredentials { get; }

    /// <summary>The headers beside content type and length: key, time stamp and signature of a signed request. No text of them is ever
    /// logged.</summary>
    IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now);

    /// <summary>
    /// What an answer says of its request: the body where it was done; a refusal where it certainly was not; unknown where nobody can tell, as with
    /// every 5xx and every body that cannot be read. Some venues refuse with HTTP 200 and a code.
    /// </summary>
    VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer);

    /// <summary>What the answer tells of the limit that the request counted against; null where it tells nothing.</summary>
    RateNotice? Limit(in VenueRequest request, RestAnswer answer, Timestamp now) => null;
}

/// <summary>An HTTP answer, whole.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">As it came, at most the limit of the client.</param>
/// <param name="Header">A header's first value by name, case-insensitive; null where there is none.</param>
public sealed record RestAnswer(int Status, ReadOnlyMemory<byte> Body, Func<string, string?> Header);

/// <summary>What a venue announces of one of its limits.</summary>
/// <param name="Remaining">Requests that it will still take in the present window; null where it does not say.</param>
/// <param name="ResetAfter">Until the window begins anew; zero where it does not say.</param>
/// <param name="PerSecond">What the limit itself is; null where it does not say.</param>
/// <param name="Burst">How many it takes at once; null where it does not say.</param>
public readonly record struct RateNotice(int? Remaining, TimeSpan ResetAfter = default, double? PerSecond = null, int? Burst = null);
