using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core.Ports;
using Dmm.Testing;
using Microsoft.Reactive.Testing;

namespace Dmm.Operators.Tests;

/// <summary>Checks that a run which is split over a snapshot gives the outputs of the whole one.</summary>
internal static class SnapshotSplit
{
    /// <summary>After each message, and between each two: captures the state, takes it through JSON, and goes on with a new subscription.</summary>
    public static void Check<TState, TIn, TOut>(
        TState initial, Func<IObservable<TIn>, StatePort<TState>, IScheduler, IObservable<TOut>> op, params Recorded<Notification<TIn>>[] sample)
        where TState : notnull
    {
        var whole = Run(initial, op, sample, splitAt: null);
        whole.ShouldNotBeEmpty();
        foreach (var message in sample)
        {
            Run(initial, op, sample, message.Time).ShouldBe(whole, $"split at {message.Time}");
            Run(initial, op, sample, message.Time + 1).ShouldBe(whole, $"split at {message.Time + 1}");
        }
    }

    private static List<string> Run<TState, TIn, TOut>(
        TState initial, Func<IObservable<TIn>, StatePort<TState>, IScheduler, IObservable<TOut>> op, Recorded<Notification<TIn>>[] sample,
        long? splitAt)
        where TState : notnull
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(sample);
        var observer = scheduler.CreateObserver<string>();
        var port = new StatePort<TState>("tested", initial);
        var subscription = op(source, port, scheduler).Select(RiskSamples.Text).Subscribe(observer);
        if (splitAt is { } at)
        {
            scheduler.AdvanceTo(at);
            var state = RiskSamples.ThroughJson(port.Capture());
            subscription.Dispose();
            subscription = op(source, new("tested", state), scheduler).Select(RiskSamples.Text).Subscribe(observer);
        }

        scheduler.Start();
        subscription.Dispose();
        return [.. observer.Messages.Select(message => message.ToString())];
    }
}
