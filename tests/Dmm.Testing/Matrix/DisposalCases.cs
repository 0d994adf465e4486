namespace Dmm.Testing;

/// <summary>Disposal at every stage of a run, between deliveries and inside one: nothing comes after, and nothing is left.</summary>
internal static class DisposalCases
{
    public static void Run<TIn, TOut>(Findings findings, Plan<TIn, TOut> plan, Baseline<TOut> baseline)
    {
        findings.ForEach(
            Plan<TIn, TOut>.Parts(0, baseline.Steps),
            step => $"disposal after step {step} of {baseline.Steps}",
            step => Between(step, plan, baseline));
        // What Subscribe itself delivers cannot be answered by a disposal: its handle does not exist yet.
        findings.ForEach(
            Plan<TIn, TOut>.Parts(baseline.SyncValueCount + 1, baseline.ValueCount),
            value => $"disposal inside delivery {value} of {baseline.ValueCount}",
            value => Inside(value, plan, baseline));
    }

    private static void Between<TIn, TOut>(int steps, Plan<TIn, TOut> plan, Baseline<TOut> baseline)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe();
        for (var step = 0; step < steps; step++)
            trial.Step();
        trial.Unsubscribe(subscriber);
        trial.Settle();
        baseline.CheckPrefix(subscriber.Messages);
    }

    private static void Inside<TIn, TOut>(int value, Plan<TIn, TOut> plan, Baseline<TOut> baseline)
    {
        var trial = plan.NewTrial();
        var subscriber = trial.Subscribe(disposesAtValue: value);
        trial.Settle();
        baseline.CheckPrefix(subscriber.Messages);
    }
}
