using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;

namespace Dmm.Pipeline.Collecting;

/// <summary>Publishes a recording, with the times that were recorded, at its own pace or another.</summary>
/// <param name="selection">The recordings.</param>
/// <param name="speed">Recorded seconds a second; null for as fast as it goes.</param>
/// <param name="time">The host's clock.</param>
/// <param name="say">Tells the user.</param>
internal sealed class CaptureCollection(CaptureSelection selection, double? speed, TimeProvider time, Action<string> say)
{
    private const int RejectionsToldMax = 5;

    // Shorter waits cost more than they are worth: what is due meanwhile goes out together.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);

    private long _started;
    private int _rejections;

    /// <summary>Runs until the recording ends, or until cancelled.</summary>
    public async Task RunAsync(Func<string, InstrumentCatalog, Collector> collecting, CancellationToken stop)
    {
        using var reading = new CaptureReading(selection);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var collectors = selection.Groups.Select(g => g.Venue).Distinct().ToDictionary(venue => venue, venue => collecting(venue, selection.Instruments));
        var beats = Task.CompletedTask;
        try
        {
            say($"publishing {string.Join(", ", selection.Instruments.All.Select(i => i.Name))}, recorded from {selection.FirstReceiveTime}");
            foreach (var collector in collectors.Values) await collector.BeginAsync(end.Token);
            beats = Task.WhenAll(collectors.Values.Select(collector => collector.BeatAsync(end.Token)));
            await PublishAsync(reading, collectors, end.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            await end.CancelAsync();
            await beats;
            foreach (var collector in collectors.Values) collector.Dispose();
        }
    }

    private async Task PublishAsync(CaptureReading reading, Dictionary<string, Collector> collectors, CancellationToken cancellation)
    {
        _started = time.GetTimestamp();
        while (reading.Inputs.TryRead(out var input, out var receivedAt))
        {
            if (speed is { } pace) await UntilAsync((receivedAt - selection.FirstReceiveTime) / pace, cancellation);
            else cancellation.ThrowIfCancellationRequested();
            if (VenueOf(input) is not { } venue) continue;
            if (input.Kind == InputKind.Control && input.Control is Rejected rejected && ++_rejections <= RejectionsToldMax)
                say($"{rejected.Reason}{(_rejections == RejectionsToldMax ? "; more like it are only counted" : "")}");
            await collectors[venue].WriteAsync(input, cancellation);
        }
    }

    private async Task UntilAsync(TimeSpan due, CancellationToken cancellation)
    {
        var wait = due - time.GetElapsedTime(_started);
        if (wait >= ShortestWait) await Task.Delay(wait, time, cancellation);
    }

    private string? VenueOf(in Input input) => input.Kind != InputKind.Control
        ? selection.Instruments[input.Instrument].Venue
        : input.Control switch
        {
            FeedStatus status => status.Venue,
            Rejected rejected => rejected.Venue,
            _ => null,
        };
}
