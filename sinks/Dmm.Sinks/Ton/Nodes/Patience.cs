using Dmm.Core.Ports;

namespace Dmm.Sinks.Ton;

/// <summary>Questions that wait where a limit on requests alone is in the way, and not for long.</summary>
internal static class Patience
{
    private const int AttemptsMax = 5;

    // A provider that wants to be left alone for longer is away.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    // Where it does not say how long.
    private static readonly TimeSpan WaitOrdinary = TimeSpan.FromSeconds(1);

    /// <summary>The first reply that is not about the limit, or the last that is.</summary>
    public static async Task<VenueReply<T>> AskAsync<T>(Func<Task<VenueReply<T>>> ask, TimeProvider time, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await ask();
            if (reply is not VenueReply<T>.Refused { Refusal: { Kind: RefusalKind.RateLimited, RetryAfter: var wait } }) return reply;
            if (attempt == AttemptsMax || wait > WaitMax) return reply;
            if (wait <= TimeSpan.Zero) wait = WaitOrdinary;
            // A timer counts whole milliseconds: what is cut off would have to be waited for again.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellation);
        }
    }
}
