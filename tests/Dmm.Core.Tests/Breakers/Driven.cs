using System.Globalization;
using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

/// <summary>
/// Drives a control as the engine does: what falls due by an input's time comes first, each at its own time. Times are seconds after the start.
/// </summary>
internal sealed class Driven<TInput, TState>(IBreaker<TInput, TState> breaker)
{
    public static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    private IBreaker<TInput, TState> _breaker = breaker;

    /// <summary>Everything said so far, as "seconds demand ×multiplier: reason".</summary>
    public List<string> Said { get; } = [];

    public BreakerState? Last { get; private set; }

    public Driven<TInput, TState> Take(double seconds, TInput input)
    {
        Until(seconds);
        Say(_breaker.Take(input, At(seconds)), At(seconds));
        return this;
    }

    public Driven<TInput, TState> Until(double seconds)
    {
        while (_breaker.NextDue is { IsKnown: true } due && due <= At(seconds)) Say(_breaker.Elapse(due), due);
        return this;
    }

    /// <summary>Goes on with another control, built from this one's state after a trip through JSON.</summary>
    public void Restore(Func<TState, IBreaker<TInput, TState>> create) =>
        _breaker = create(JsonSerializer.Deserialize<TState>(JsonSerializer.Serialize(_breaker.Capture()))!);

    public static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private void Say(IEnumerable<BreakerState> changes, Timestamp at)
    {
        foreach (var change in changes)
        {
            Last = change;
            double.IsFinite(change.Value).ShouldBeTrue(change.Reason);
            Said.Add(string.Create(CultureInfo.InvariantCulture,
                $"{(at - Start).TotalSeconds} {change.Demand} ×{change.Multiplier}: {change.Reason}"));
        }
    }
}

internal static class Restored
{
    /// <summary>A run that is restored before any one of its inputs says the same as one that is not.</summary>
    public static void ShouldSayTheSame<TInput, TState>(
        (double Seconds, TInput Input)[] script, TState starting, Func<TState, IBreaker<TInput, TState>> create, double untilSeconds)
    {
        var whole = Run(script, starting, create, untilSeconds, -1);
        for (var split = 0; split <= script.Length; split++)
            Run(script, starting, create, untilSeconds, split).ShouldBe(whole, $"restored before input {split}");
    }

    private static List<string> Run<TInput, TState>(
        (double Seconds, TInput Input)[] script, TState starting, Func<TState, IBreaker<TInput, TState>> create, double untilSeconds, int split)
    {
        var driven = new Driven<TInput, TState>(create(starting));
        for (var i = 0; i < script.Length; i++)
        {
            if (i == split) driven.Restore(create);
            driven.Take(script[i].Seconds, script[i].Input);
        }

        if (split == script.Length) driven.Restore(create);
        return driven.Until(untilSeconds).Said;
    }
}
