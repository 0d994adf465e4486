using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks;

namespace Dmm.Pipeline.Collecting;

/// <summary>
/// Publishes the public market data of venues: of each what was named, or all that it lists when it is reached.
/// </summary>
/// <param name="venues">Each of another name.</param>
/// <param name="references">Markets that their venues must list, <c>venue:symbol</c>.</param>
/// <param name="time">The host's clock.</param>
/// <param name="say">Tells the user.</param>
internal sealed class VenueCollection(
    ImmutableArray<IMarketConnection> venues, ImmutableArray<string> references, TimeProvider time, Action<string> say)
{
    private const int RejectionsToldMax = 5;

    private static readonly Backoff Patience = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30));

    /// <summary>Runs until cancelled, or until a part of it fails.</summary>
    /// <exception cref="BadInputException">A venue does not list what was named.</exception>
    public async Task RunAsync(Func<string, InstrumentCatalog, Collector> collecting, CancellationToken stop)
    {
        using var client = VenueHttp.Client();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [.. venues.Select(venue => CollectAsync(client, venue, collecting, end.Token))];
        // One that fails is a defect: it ends the others too.
        await Task.WhenAny(parts);
        await end.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task CollectAsync(
        HttpClient client, IMarketConnection venue, Func<string, InstrumentCatalog, Collector> collecting, CancellationToken stop)
    {
        var instruments = await ListedAsync(client, venue, stop);
        RequireListed(venue.Name, instruments);
        using var collector = collecting(venue.Name, instruments);
        await collector.BeginAsync(stop);
        FeedState? told = null;
        var rejections = 0;
        say($"collecting {string.Join(", ", instruments.All.Select(i => i.Name))} from {venue.Address}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [venue.Feed(client, instruments.All)(WriteAsync, end.Token), collector.BeatAsync(end.Token)];
        await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts);

        ValueTask WriteAsync(Input input, CancellationToken cancellation)
        {
            if (input.Kind == InputKind.Control && input.Control is FeedStatus status && status.State != told)
            {
                told = status.State;
                say($"{status.Venue} is {(status.State == FeedState.Connected ? "connected" : $"away, and tried again: {status.Detail}")}");
            }

            if (input.Kind == InputKind.Control && input.Control is Rejected rejected
                && Interlocked.Increment(ref rejections) is var number && number <= RejectionsToldMax)
                say($"{rejected.Venue}: {rejected.Reason}{(number == RejectionsToldMax ? "; more like it are only counted" : "")}");
            return collector.WriteAsync(input, cancellation);
        }
    }

    private void RequireListed(string venue, InstrumentCatalog instruments)
    {
        string[] listed = [.. instruments.All.Select(i => i.Name)];
        string[] missing = [.. references.Where(name => name.StartsWith($"{venue}:", StringComparison.Ordinal)).Except(listed)];
        if (missing.Length == 0) return;
        throw new BadInputException([.. missing.Select(name => $"--reference {name} is not listed: expected one of {string.Join(", ", listed)}")]);
    }

    /// <summary>The venue's instruments, asked for until it answers.</summary>
    private async Task<InstrumentCatalog> ListedAsync(HttpClient client, IMarketConnection venue, CancellationToken stop)
    {
        var told = "";
        for (var failures = 0; ; failures++)
        {
            try
            {
                return new((await venue.ListAsync(client, stop)).Select(market => market.Instrument));
            }
            catch (VenueAwayException away)
            {
                if (away.Message != told) say($"{venue.Address} cannot be collected yet, and is tried again: {away.Message}");
                told = away.Message;
            }

            await Task.Delay(Patience.Delay(failures, Random.Shared.NextDouble()), time, stop);
        }
    }
}
