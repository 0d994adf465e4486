using System.Diagnostics;
using System.Globalization;

namespace Dmm.Testing.Venues;

/// <summary>
/// Writes into each request when it left, by the one clock of the process, so that the fake can be as strict about late ones as the path that sent them
/// believes it to be, whatever receive window the venue's wire has.
/// </summary>
public sealed class StampedRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Header = "X-Test-Sent-At";

    /// <summary>How long ago it left; zero where it does not say.</summary>
    internal static TimeSpan Age(FakeRequest request) =>
        long.TryParse(request.Header(Header), NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? Stopwatch.GetElapsedTime(sent) : TimeSpan.Zero;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(Header, Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
        return base.SendAsync(request, cancellationToken);
    }
}
