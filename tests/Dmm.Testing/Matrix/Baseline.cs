using System.Reactive;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>What a lone subscriber receives from the whole sample and the silence after it: every other run is compared with this one.</summary>
internal sealed record Baseline<TOut>(IReadOnlyList<Recorded<Notification<TOut>>> Messages, int SyncValueCount, int Steps, long End)
{
    public int ValueCount => CountValues(Messages);

    public static Baseline<TOut> Run<TIn>(Plan<TIn, TOut> plan)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe();
        var syncValueCount = CountValues(subscriber.Messages);
        var steps = 0;
        for (; !subscriber.HasEnded && trial.PushedCount < plan.Sample.Count; steps++)
            trial.Step();
        var endedEarly = subscriber.HasEnded && trial.PushedCount < plan.Sample.Count;
        steps += trial.Settle();

        Defect.If(!trial.WasSourceSubscribed, () => "never subscribes to its source");
        Defect.If(CountValues(subscriber.Messages) == 0, () =>
            $"gives no value, so there would be little to check; choose a sample that the operator answers{Ended(subscriber)}");
        Defect.If(plan.Traits.EndsEarly && !endedEarly, () => "is still open after the last value, though EndsEarly is set");
        Defect.If(subscriber.HasEnded && !plan.Traits.EndsEarly && (endedEarly || plan.Traits.Never.Terminal is null), () =>
            $"ends although its source did not{Ended(subscriber)}");
        return new(subscriber.Messages, syncValueCount, steps, trial.Scheduler.Clock);
    }

    /// <summary>Checks messages of another run against this one's: the same run up to its length.</summary>
    public void CheckPrefix(IReadOnlyList<Recorded<Notification<TOut>>> actual)
    {
        var table = SideBySide.Difference([.. Messages.Take(actual.Count)], actual, MessageEquality<TOut>.Instance);
        Defect.If(table is not null, () => $"differs from a run of its own with the same inputs\n{table}");
    }

    private static int CountValues(IEnumerable<Recorded<Notification<TOut>>> messages) => messages.Count(message => message.Value.HasValue);

    private static string Ended(Subscriber<TOut> subscriber) => subscriber.HasEnded ? $": {subscriber.Messages[^1]}" : "";
}
