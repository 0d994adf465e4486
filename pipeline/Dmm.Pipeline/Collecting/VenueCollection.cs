using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Collecting;

/// <summary>
/// Publishes the public market data of venues that speak the generic HMAC protocol: all instruments that each lists when it is reached.
/// </summary>
/// <param name="venues">Checked, without credentials.</param>
/// <param name="references">Markets that their venues must list, <c>venue:symbol</c>.</param>
/// <param name="time">The host's clock.</param>
/// <param name="say">Tells the user.</param>
internal sealed class VenueCollection(
    ImmutableArray<HmacVenueOptions> venues, ImmutableArray<string> references, TimeProvider time, Action<string> say)
{
    /// <summary>Runs until cancelled, or until a part of it fails.</summary>
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
        HttpClient client, HmacVenueOptions venue, Func<string, InstrumentCatalog, Collector> collecting, CancellationToken stop)
    {
        var instruments = await ListedAsync(client, venue, stop);
        RequireListed(venue.Venue, instruments);
        var wire = new HmacVenueWire(venue.Venue, instruments.All);
        using var collector = collecting(venue.Venue, instruments);
        await collector.BeginAsync(stop);
        FeedState? told = null;
        var rest = new HmacVenueRest(client, venue, wire, time);
        var feed = new HmacVenueFeed(venue, wire, rest, lastTradeId: "", time, Random.Shared.NextDouble, WriteAsync);
        say($"collecting {string.Join(", ", instruments.All.Select(i => i.Name))} from {venue.BaseUrl}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [feed.RunAsync(end.Token), collector.BeatAsync(end.Token)];
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
    private async Task<InstrumentCatalog> ListedAsync(HttpClient client, HmacVenueOptions venue, CancellationToken stop)
    {
        var told = "";
        for (var failures = 0; ; failures++)
        {
            var fault = "it lists no instrument that is traded";
            try
            {
                var reply = await HmacVenueRest.FetchInstrumentsAsync(client, venue, time, stop);
                if (reply is VenueReply<ReadOnlyMemory<byte>>.Accepted { Value: var body })
                {
                    var listing = HmacVenueInstruments.Parse(venue.Venue, body);
                    if (listing.Instruments is [_, ..]) return new(listing.Instruments);
                }
                else
                {
                    fault = reply.Fault;
                }
            }
            catch (FormatException unreadable)
            {
                fault = unreadable.Message;
            }

            if (fault != told) say($"{venue.BaseUrl} cannot be collected yet, and is tried again: {fault}");
            told = fault;
            await Task.Delay(venue.Reconnect.Delay(failures, Random.Shared.NextDouble()), time, stop);
        }
    }
}
