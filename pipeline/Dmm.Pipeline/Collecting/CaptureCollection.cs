using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;

namespace Dmm.Pipeline.Collecting;

/// <summary>Publishes a recording, at its own pace or another.</summary>
/// <param name="selection">The recordings.</param>
/// <param name="speed">Recorded seconds a second; null for as fast as it goes.</param>
/// <param name="isNow">Times are told as if the recording had begun when this did, and went at that pace; otherwise those recorded.</param>
/// <param name="time">The host's clock.</param>
/// <param name="say">Tells the user.</param>
internal sealed class CaptureCollection(CaptureSelection selection, double? speed, bool isNow, TimeProvider time, Action<string> say)
{
    private const int RejectionsToldMax = 5;

    // Shorter waits cost more than they are worth: what is due meanwhile goes out together.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);

    private long _started;
    private Timestamp _startedAt;
    private int _rejections;

    /// <summary>Runs until the recording ends, or until cancelled.</summary>
    public async Task RunAsync(Func<string, InstrumentCatalog, Collector> collecting, CancellationToken stop)
    {
        using var reading = new CaptureReading(selection);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var collectors = selection.Groups.Select(g => g.Venue).Distinct().ToDictionary(
            venue => venue, venue => collecting(venue, selection.Instruments));
        var beats = Task.CompletedTask;
        try
        {
            var names = string.Join(", ", selection.Instruments.All.Select(i => i.Name));
            say($"publishing {names}, recorded from {selection.FirstReceiveTime}{(isNow ? ", as if it were now" : "")}");
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
        (_started, _startedAt) = (time.GetTimestamp(), Timestamp.From(time.GetUtcNow()));
        while (reading.Inputs.TryRead(out var input, out var receivedAt))
        {
            if (speed is { } pace) await UntilAsync((receivedAt - selection.FirstReceiveTime) / pace, cancellation);
            else cancellation.ThrowIfCancellationRequested();
            if (VenueOf(input) is not { } venue) continue;
            if (input.Kind == InputKind.Control && input.Control is Rejected rejected && ++_rejections <= RejectionsToldMax)
                say($"{rejected.Reason}{(_rejections == RejectionsToldMax ? "; more like it are only counted" : "")}");
            await collectors[venue].WriteAsync(isNow ? Moved(input) : input, cancellation);
        }
    }

    private async Task UntilAsync(TimeSpan due, CancellationToken cancellation)
    {
        var wait = due - time.GetElapsedTime(_started);
        if (wait >= ShortestWait) await Task.Delay(wait, time, cancellation);
    }

    private Input Moved(in Input input) => input.Kind switch
    {
        InputKind.Book => new(input.Book with { VenueTime = Moved(input.VenueTime), ReceiveTime = Moved(input.Book.ReceiveTime) }),
        InputKind.Top => new(input.Top with { VenueTime = Moved(input.VenueTime), ReceiveTime = Moved(input.Top.ReceiveTime) }),
        InputKind.Trade => new(input.Trade with { VenueTime = Moved(input.VenueTime), ReceiveTime = Moved(input.Trade.ReceiveTime) }),
        _ => input,
    };

    private Timestamp Moved(Timestamp at) => at.IsKnown ? _startedAt + (at - selection.FirstReceiveTime) / (speed ?? 1) : at;

    private string? VenueOf(in Input input) => input.Kind != InputKind.Control
        ? selection.Instruments[input.Instrument].Venue
        : input.Control switch
        {
            FeedStatus status => status.Venue,
            Rejected rejected => rejected.Venue,
            _ => null,
        };
}
