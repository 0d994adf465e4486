using System.Reactive;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;
using Xunit.Sdk;

namespace Dmm.Testing;

/// <summary>
/// The checks that every operator must pass whatever it computes. What it computes, the values at exact virtual times, is for its own tests to say.
/// </summary>
public static class OperatorMatrix
{
    /// <summary>
    /// Runs the operator again and again on virtual time, each time afresh, and fails with a list of all the cases in which it misbehaves.
    /// </summary>
    /// <param name="op">
    /// Applies the operator to the source, with the scheduler for its timers. <typeparamref name="TOut"/> needs value equality; map a list to a
    /// string. A further input may be a cold observable of the scheduler, cast to <see cref="TestScheduler"/>, but not a hot one: its script would
    /// count as a timer left over.
    /// </param>
    /// <param name="sample">
    /// Two or more values that the operator answers, in order of time, in ticks of 100 ns, the first at 1 or later. Subscription is one tick
    /// before the first.
    /// </param>
    /// <param name="traits">What to expect when the source is silent or ends; null for the defaults.</param>
    /// <exception cref="ArgumentException">The sample is not as described.</exception>
    /// <exception cref="XunitException">The operator fails cases; the message lists each with its reason.</exception>
    /// <remarks>
    /// | Case | Must hold |
    /// |---|---|
    /// | creation | neither subscribes nor schedules before anyone subscribes |
    /// | never, empty | the answer fits the traits |
    /// | completion, error after each number of values | what came before is unchanged, the answer fits the traits, an error is the source's own |
    /// | any terminal | at once no timer and no source subscription is left, and nothing follows |
    /// | disposal after each step, and inside each delivery | the same; a second disposal does nothing |
    /// | two subscribers: together, one late, one leaving, one after the other | each receives what it would alone, over one source subscription |
    /// | a source that completes inside Subscribe | ends, and leaves nothing |
    /// | every run | keeps the rules of <see cref="ContractRule"/>, and gives the same messages for the same inputs |
    /// At each instant due timers run before the input, as the engine does it. Where timers repeat for ever a run stops after 100 instants with
    /// timers. Errors that the operator makes itself are compared by type and message.
    /// </remarks>
    public static void Check<TIn, TOut>(
        Func<IObservable<TIn>, IScheduler, IObservable<TOut>> op, IReadOnlyList<Recorded<Notification<TIn>>> sample, OperatorTraits? traits = null)
    {
        ArgumentNullException.ThrowIfNull(op);
        CheckSample(sample);
        var plan = new Plan<TIn, TOut>(op, sample, traits ?? new());
        var findings = new Findings();
        Baseline<TOut>? baseline = null;
        findings.Run("the sample", () => baseline = Baseline<TOut>.Run(plan));
        if (baseline is not null)
        {
            EndingCases.Run(findings, plan, baseline);
            DisposalCases.Run(findings, plan, baseline);
            IndependenceCases.Run(findings, plan, baseline);
            SynchronousCase.Run(findings, plan);
        }

        findings.ThrowIfAny();
    }

    private static void CheckSample<TIn>(IReadOnlyList<Recorded<Notification<TIn>>> sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Count < 2)
            throw new ArgumentException("The sample needs two values or more.", nameof(sample));
        if (sample.FirstOrDefault(message => !message.Value.HasValue) is { Value: { } terminal })
            throw new ArgumentException($"The sample holds {terminal}; the matrix ends the source itself.", nameof(sample));
        if (sample[0].Time < 1 || sample.Zip(sample.Skip(1)).Any(pair => pair.Second.Time < pair.First.Time))
            throw new ArgumentException("The sample's times must rise, or stay, from 1 or later.", nameof(sample));
    }
}
