using Dmm.Sinks;

namespace Dmm.Pipeline.Group;

/// <summary>
/// The last gate before the network: a request that changes something leaves only while the asset is ours by this process's own clock. Questions may
/// always be asked.
/// </summary>
/// <param name="isOurs">Whether something may be sent at this instant.</param>
internal sealed class LeasedRequests(Func<bool> isOurs) : DelegatingHandler(VenueHttp.Handler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get || isOurs()
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException(HttpRequestError.ConnectionError, "the asset may be another node's by now, nothing is sent");
}
