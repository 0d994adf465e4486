using System.Globalization;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>What has changed about a wallet's sender, in lines for people. Nothing is said twice.</summary>
internal static class SendProgress
{
    /// <summary>What a turn, or taking an intent, has brought.</summary>
    /// <param name="before">The state before it.</param>
    /// <param name="after">And after it.</param>
    public static IEnumerable<string> Lines(SenderState before, SenderState after)
    {
        foreach (var taken in after.Queue.Where(i => before.Open(i.Id) is null)) yield return $"{taken.Id}: kept in the wallet's log";
        if (after.Flight is { } flight)
        {
            var known = before.Flight?.Intent.Id == flight.Intent.Id ? before.Flight.Attempts.Length : 0;
            foreach (var (place, attempt) in flight.Attempts.Index().Skip(known)) yield return Text(flight.Intent.Id, attempt, place);
            if (after.UsedUpAt is not null && before.UsedUpAt is null)
                yield return Invariant($"{flight.Intent.Id}: the chain has taken number {flight.Seqno}; its trace will tell what came of it");
        }

        foreach (var (id, outcome) in after.Ended.Where(e => !before.Ended.ContainsKey(e.Key)).OrderBy(e => e.Key, StringComparer.Ordinal))
            yield return $"{id}: {Text(outcome)}";
    }

    /// <summary>How an intent ended.</summary>
    public static string Text(SendOutcome outcome) => outcome switch
    {
        { End: SendEnd.Traced, Trace: { } trace } => $"taken by the chain: {Text(trace.Kind)}, the wallet's own fees were {trace.Fees} TON",
        { End: SendEnd.Expired } => $"expired, and did nothing: {outcome.Reason}",
        _ => $"not sent: {outcome.Reason}",
    };

    /// <summary>A moment of the chain.</summary>
    public static string Time(uint unixSeconds) =>
        DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Text(TraceKind kind) => kind switch
    {
        TraceKind.Executed => "all of it went its way",
        TraceKind.Bounced => "the first contract refused it, and it came back",
        TraceKind.Refunded => "it was given back on its way",
        TraceKind.Failed => "the first contract failed, and kept what went along",
        TraceKind.NotSent => "the wallet left its messages out, as it could not pay for them",
        _ => "some of it went its way, and some did not",
    };

    private static string Text(string id, SendAttempt attempt, int place) => place == 0
        ? Invariant($"{id}: signed for number {attempt.Seqno} and sent; it may be taken until {Time(attempt.ValidUntil)}")
        : Invariant($"{id}: expired untaken, signed again for number {attempt.Seqno} and sent, until {Time(attempt.ValidUntil)}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
