using Dmm.Core.Ports;

namespace Dmm.Sinks;

/// <summary>
/// Keeps a venue's dead-man's switch armed: three times in each window, so that one answer may be lost. While it is not known to be armed the path is
/// closed: the venue has cancelled by then, or the account's holder was promised a protection that is not there.
/// </summary>
internal sealed class DeadManLoop
{
    private readonly OrderPath _path;
    private readonly IDeadManSwitch _switch;
    private readonly TaskCompletionSource _hasTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _reason = "the dead-man's switch is not armed yet";
    private int _isDisarmed;

    /// <exception cref="ArgumentException">The venue does not take such a window.</exception>
    public DeadManLoop(OrderPath path, IDeadManSwitch deadMan)
    {
        (_path, _switch) = (path, deadMan);
        if (path.Options.DeadManWindow < deadMan.WindowMin || path.Options.DeadManWindow > deadMan.WindowMax)
        {
            var expected = FormattableString.Invariant($"expected {deadMan.WindowMin.TotalSeconds} to {deadMan.WindowMax.TotalSeconds} s there");
            throw new ArgumentException(
                FormattableString.Invariant($"{path.Venue.Venue}: orders.deadManWindow is {path.Options.DeadManWindow.TotalSeconds} s: {expected}"),
                nameof(path));
        }
    }

    /// <summary>Why the path must stay closed; empty while the switch is armed.</summary>
    public string Reason => Volatile.Read(ref _reason);

    /// <summary>Ends once it was tried to arm the switch, whatever came of it.</summary>
    public Task HasTried => _hasTried.Task;

    /// <summary>Goes on until cancelled, or disarmed.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var window = _path.Options.DeadManWindow;
        var armedAt = _path.Time.GetTimestamp();
        for (var failures = 0; Volatile.Read(ref _isDisarmed) == 0;)
        {
            var sentAt = _path.Time.GetTimestamp();
            var reply = await _switch.ArmAsync(window, cancellation);
            if (reply is VenueReply<TimeSpan>.Accepted)
            {
                (armedAt, failures) = (sentAt, 0);
                Volatile.Write(ref _reason, "");
            }
            else if (Refusal(reply) is { } refusal)
            {
                await DistrustAsync($"the dead-man's switch is refused: {refusal}", cancellation);
                failures++;
            }
            else
            {
                failures++;
                if (Reason.Length > 0 || _path.Time.GetElapsedTime(armedAt) >= window)
                    await DistrustAsync($"the dead-man's switch could not be armed: {reply.Fault}", cancellation);
            }

            _hasTried.TrySetResult();
            await Task.Delay(Pause(failures, window, _path.Time.GetElapsedTime(armedAt)), _path.Time, cancellation);
        }
    }

    /// <summary>Disarms it where it was armed; it is not armed again.</summary>
    public async Task DisarmAsync(CancellationToken cancellation)
    {
        if (Reason.Length > 0 || Interlocked.Exchange(ref _isDisarmed, 1) == 1) return;
        await _switch.DisarmAsync(cancellation);
    }

    private async ValueTask DistrustAsync(string reason, CancellationToken cancellation)
    {
        Volatile.Write(ref _reason, reason);
        await _path.CloseAsync(reason, _path.Options.Reconnect.Min, cancellation);
    }

    /// <summary>A third of the window while all is well; sooner after a failure, and never past the window's end unseen.</summary>
    private TimeSpan Pause(int failures, TimeSpan window, TimeSpan sinceArmed)
    {
        if (failures == 0) return window / 3;
        var delay = _path.Delay(failures - 1);
        var left = window - sinceArmed;
        return left > TimeSpan.Zero && left < delay ? left : delay < window / 3 ? delay : window / 3;
    }

    private static string? Refusal(VenueReply<TimeSpan> reply) =>
        reply is VenueReply<TimeSpan>.Refused { Refusal: { Kind: not (RefusalKind.RateLimited or RefusalKind.NotSent) } refusal }
            ? refusal.Reason
            : null;
}
