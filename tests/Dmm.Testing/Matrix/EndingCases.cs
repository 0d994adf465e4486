using System.Reactive;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>Never, empty, completion and error: each answer is held against the traits.</summary>
internal static class EndingCases
{
    private const int ShownMax = 10;

    public static void Run<TIn, TOut>(Findings findings, Plan<TIn, TOut> plan, Baseline<TOut> baseline)
    {
        var count = plan.Sample.Count;
        findings.Run("never", () => Never(plan));
        findings.Run("empty", () => Empty(plan));
        findings.ForEach(Plan<TIn, TOut>.Parts(1, count), k => $"completion after {k} of {count} values", k =>
            After(k, plan, baseline, Notification.CreateOnCompleted<TIn>(), plan.Traits.Completion));
        findings.ForEach(Plan<TIn, TOut>.Parts(0, count), k => $"source error after {k} of {count} values", k =>
            After(k, plan, baseline, Notification.CreateOnError<TIn>(new SourceFailedException()), plan.Traits.Error));
    }

    private static void Never<TIn, TOut>(Plan<TIn, TOut> plan)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe();
        trial.End(null);
        trial.Settle();
        Judge(plan.Traits.Never, true, subscriber.Messages, null, null);
        trial.Unsubscribe(subscriber);
    }

    private static void Empty<TIn, TOut>(Plan<TIn, TOut> plan)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe();
        var endedAt = trial.Scheduler.Clock;
        trial.End(Notification.CreateOnCompleted<TIn>());
        trial.Settle();
        Judge(plan.Traits.Empty, true, subscriber.Messages, endedAt, null);
        trial.Unsubscribe(subscriber);
    }

    private static void After<TIn, TOut>(int count, Plan<TIn, TOut> plan, Baseline<TOut> baseline, Notification<TIn> terminal, Reaction expected)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe();
        trial.PushThrough(count);
        baseline.CheckPrefix(subscriber.Messages);
        var before = subscriber.Messages.Count;
        var endedBefore = subscriber.HasEnded;
        var endedAt = trial.Scheduler.Clock;
        trial.End(terminal);
        trial.Settle();
        // What ended of its own accord owes no answer; that nothing follows is the validator's part.
        if (!endedBefore)
            Judge(expected, count == plan.Sample.Count, subscriber.Messages[before..], endedAt, terminal.Exception);
        trial.Unsubscribe(subscriber);
    }

    private static void Judge<TOut>(
        Reaction expected, bool exact, List<Recorded<Notification<TOut>>> answer, long? endedAt, Exception? error)
    {
        var hasValues = answer.Exists(message => message.Value.HasValue);
        var terminal = answer.Find(message => !message.Value.HasValue);
        var isLater = terminal.Time > endedAt;
        Defect.If(terminal.Value?.Kind != expected.Terminal, () => Unlike("the terminal does"));
        Defect.If(hasValues ? !expected.EmitsValues : expected.EmitsValues && exact, () => Unlike("the values do"));
        Defect.If(
            error is not null && terminal.Value?.Exception is { } given && given != error,
            () => Unlike("the error, which is not the source's own, does"));
        Defect.If(
            terminal.Value is not null && endedAt is not null && (isLater ? !expected.IsLater : expected.IsLater && exact),
            () => Unlike("the time of the terminal does"));

        string Unlike(string what) =>
            $"{what} not fit \"{expected}\"; the answer{(endedAt is null ? "" : $" to the source's end at {endedAt}")} was "
            + (answer.Count == 0 ? "nothing" : string.Join(", ", answer.Take(ShownMax)))
            + (answer.Count > ShownMax ? $", … {answer.Count} in all" : "");
    }

    private sealed class SourceFailedException() : Exception("the source failed, as the matrix told it to");
}
