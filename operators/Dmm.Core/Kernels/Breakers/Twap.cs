using System.Collections.Immutable;

namespace Dmm.Core.Kernels;

/// <summary>What a price summed up to over one step of the grid.</summary>
/// <param name="Step">The step's number since 0001-01-01.</param>
/// <param name="Integral">∫ price dt, price · ticks of 100 ns.</param>
/// <param name="Ticks">How long a price was known within the step, 100 ns.</param>
public readonly record struct TwapStep(long Step, double Integral, long Ticks);

/// <param name="Window">The window whose sixtieths the steps are.</param>
/// <param name="At">Up to when the steps are summed; none before the first price.</param>
/// <param name="Price">The price that holds since then; 0 when none is known.</param>
/// <param name="HeldSince">When that price came.</param>
/// <param name="Steps">Oldest first; the last holds <paramref name="At"/>.</param>
public sealed record TwapState(TimeSpan Window, Timestamp At, double Price, Timestamp HeldSince, ImmutableArray<TwapStep> Steps)
{
    public static readonly TwapState Empty = new(TimeSpan.Zero, Timestamp.None, 0, Timestamp.None, []);
}

/// <summary>
/// Time-weighted average of a price that holds until the next one. The window's start is rounded down to a grid of a sixtieth of the window, and over
/// what lies between that and now the weights are exact, however irregular the prices; memory is 62 sums, however many they are. Time without a known
/// price has no weight. A price older than the window is not known any more.
/// </summary>
public sealed class Twap
{
    private const int StepsPerWindow = 60;

    // The window spans up to StepsPerWindow + 1 steps, the first and the last of them in part.
    private const int Capacity = StepsPerWindow + 2;

    private readonly TwapStep[] _ring = new TwapStep[Capacity];
    private readonly long _windowTicks;
    private readonly long _stepTicks;
    private Timestamp _at;
    private double _price;
    private Timestamp _heldSince;

    /// <param name="initial">Where to go on from; sums over another window are dropped, and the price is kept.</param>
    /// <param name="window">At least 6 µs, so that a step is at least one tick; whole sixtieths of it give the stated grid exactly.</param>
    public Twap(TwapState initial, TimeSpan window)
    {
        _windowTicks = window.Ticks;
        _stepTicks = window.Ticks / StepsPerWindow;
        (_at, _price, _heldSince) = (initial.At, initial.Price, initial.HeldSince);
        if (initial.Window != window) return;
        foreach (var step in initial.Steps) _ring[step.Step % Capacity] = step;
    }

    public TwapState Capture() =>
        new(TimeSpan.FromTicks(_windowTicks), _at, _price, _heldSince, [.. _ring.Where(s => s.Ticks > 0).OrderBy(s => s.Step)]);

    /// <summary>From <paramref name="now"/> on the price is this; one that is not a positive finite number makes it unknown.</summary>
    public void Add(double price, Timestamp now)
    {
        Advance(now);
        _price = double.IsFinite(price) && price > 0 ? price : 0;
        _heldSince = now;
    }

    /// <summary>
    /// The average over the window that ends now; the price itself when it has just come, and null when none is known in the window.
    /// </summary>
    public double? Average(Timestamp now)
    {
        Advance(now);
        var oldest = OldestStep(now);
        var (integral, ticks) = (0.0, 0L);
        for (var step = oldest; step <= now.Ticks / _stepTicks; step++)
        {
            ref readonly var sum = ref _ring[step % Capacity];
            if (sum.Step != step) continue;
            integral += sum.Integral;
            ticks += sum.Ticks;
        }

        return ticks > 0 ? integral / ticks : _price > 0 ? _price : null;
    }

    private long OldestStep(Timestamp now) => Math.Max(0, now.Ticks - _windowTicks) / _stepTicks;

    private void Advance(Timestamp now)
    {
        var held = new Timestamp(Math.Min(now.Ticks, _heldSince.Ticks + _windowTicks));
        if (_price > 0)
        {
            // What lies before the window that ends now is not needed; skipping it bounds the work after a long silence.
            var from = Math.Max(_at.Ticks, OldestStep(now) * _stepTicks);
            while (from < held.Ticks)
            {
                var step = from / _stepTicks;
                var to = Math.Min(held.Ticks, (step + 1) * _stepTicks);
                ref var sum = ref _ring[step % Capacity];
                if (sum.Step != step) sum = new(step, 0, 0);
                sum = new(step, sum.Integral + _price * (to - from), sum.Ticks + (to - from));
                from = to;
            }

            if (held < now) _price = 0;
        }

        _at = now;
    }
}
