using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>A source that delivers everything before its Subscribe returns: no handle exists yet, and the operator must do without.</summary>
internal static class SynchronousCase
{
    public static void Run<TIn, TOut>(Findings findings, Plan<TIn, TOut> plan) => findings.Run("a source that completes inside Subscribe", () =>
    {
        var scheduler = new TestScheduler();
        scheduler.AdvanceTo(plan.Sample[^1].Time);
        var source = plan.Sample.Select(message => message.Value.Value).ToObservable(ImmediateScheduler.Instance);
        var subscriber = new Subscriber<TOut>(scheduler);
        subscriber.SubscribeTo(new ValidatedObservable<TOut>(plan.Operator(source, scheduler), "the operator's output"));
        for (var instants = 0; instants < Trial<TIn, TOut>.SettleInstantsMax && scheduler.NextDue is { } due; instants++)
            scheduler.AdvanceTo(due);
        Defect.If(!subscriber.HasEnded && (plan.Traits.EndsEarly || plan.Traits.Completion.Terminal is not null), () => "does not end");
        subscriber.Dispose();
        Defect.If(scheduler.PendingCount > 0, () => $"leaves {scheduler.PendingCount} timer(s) scheduled after the disposal");
    });
}
