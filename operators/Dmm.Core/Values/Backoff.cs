namespace Dmm.Core;

/// <summary>How long to wait before the next attempt: doubling from <paramref name="Min"/> to <paramref name="Max"/>, the upper half of each
/// step by chance,
/// so that many who were cut off together do not return together.</summary>
public readonly record struct Backoff(TimeSpan Min, TimeSpan Max)
{
    private const int DoublingsMax = 30;

    /// <param name="failures">How many attempts failed before, from 0.</param>
    /// <param name="chance">From 0 (half of the step) up to 1 (all of it).</param>
    public TimeSpan Delay(int failures, double chance)
    {
        var step = Math.Min(Max.Ticks, Min.Ticks * Math.Pow(2, Math.Min(failures, DoublingsMax)));
        return new TimeSpan((long)(step * (0.5 + 0.5 * Math.Clamp(chance, 0, 1))));
    }
}
