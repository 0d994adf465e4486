using System.Reactive;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>Two subscribers of one observable: each receives exactly what it would receive alone.</summary>
internal static class IndependenceCases
{
    public static void Run<TIn, TOut>(Findings findings, Plan<TIn, TOut> plan, Baseline<TOut> baseline)
    {
        var half = plan.Sample.Count / 2;
        IReadOnlyList<Recorded<Notification<TOut>>> late = [];
        if (!findings.Run($"a lone subscriber after {half} values", () => late = Alone(plan, half, baseline.End)))
            return;

        findings.Run("two subscribers from the start", () =>
        {
            var trial = plan.NewTrial();
            var (first, second) = (trial.Subscribe(), trial.Subscribe());
            trial.RunTo(baseline.End);
            CheckSame("the first", baseline.Messages, first);
            CheckSame("the second", baseline.Messages, second);
        });
        findings.Run($"a second subscriber after {half} values", () =>
        {
            var trial = plan.NewTrial();
            var first = trial.Subscribe();
            trial.PushThrough(half);
            var second = trial.Subscribe();
            trial.RunTo(baseline.End);
            CheckSame("the first", baseline.Messages, first);
            CheckSame("the second", late, second);
        });
        findings.Run($"one of two disposed after {half} values", () =>
        {
            var trial = plan.NewTrial();
            var (first, second) = (trial.Subscribe(), trial.Subscribe());
            trial.PushThrough(half);
            trial.Unsubscribe(first);
            trial.RunTo(baseline.End);
            baseline.CheckPrefix(first.Messages);
            CheckSame("the one that stays", baseline.Messages, second);
        });
        findings.Run($"a new subscriber after {half} values, once the first is disposed", () =>
        {
            var trial = plan.NewTrial();
            var first = trial.Subscribe();
            trial.PushThrough(half);
            trial.Unsubscribe(first);
            var second = trial.Subscribe();
            trial.RunTo(baseline.End);
            CheckSame("the new one", late, second);
        });
    }

    private static List<Recorded<Notification<TOut>>> Alone<TIn, TOut>(Plan<TIn, TOut> plan, int from, long end)
    {
        var trial = plan.NewTrial();
        trial.PushThrough(from);
        var subscriber = trial.Subscribe();
        trial.RunTo(end);
        return subscriber.Messages;
    }

    private static void CheckSame<TOut>(string who, IReadOnlyList<Recorded<Notification<TOut>>> alone, Subscriber<TOut> actual)
    {
        var table = SideBySide.Difference(alone, actual.Messages, MessageEquality<TOut>.Instance);
        Defect.If(table is not null, () => $"{who} does not receive what it would alone\n{table}");
    }
}
