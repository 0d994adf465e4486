using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <param name="Swap">As it was told.</param>
/// <param name="SeenAt">When it was first heard of.</param>
public readonly record struct TrackedSwap(PendingSwap Swap, Timestamp SeenAt);

/// <param name="Swaps">In the order in which they were first heard of.</param>
/// <param name="Told">What was last told of each pool that is not at rest, in the order in which they left it.</param>
public sealed record PendingSwapsState(ImmutableArray<TrackedSwap> Swaps, ImmutableArray<PendingPressure> Told)
{
    public static PendingSwapsState Empty { get; } = new([], []);
}

/// <summary>
/// What large swaps on their way to a pool ask of quotes, from the moment they are seen until they are carried out, taken back or forgotten.
/// Impacts of one side add up, to a cap. What is not carried out soon becomes unlikely: an impact is halved every four seconds, in steps of one
/// second, and forgotten after thirty or at its deadline. Told twice, of one trace, pool and side, the larger impact counts, from the first
/// time: nobody keeps a swap alive by telling it again.
/// </summary>
public static class PendingSwaps
{
    /// <summary>A smaller impact is not worth a quote's moving.</summary>
    public const double LeastImpactBps = 2;

    /// <summary>Whatever strangers announce, quotes move no further.</summary>
    public const double CapBps = 200;

    /// <summary>So many at once; of more the smallest are left out.</summary>
    public const int TrackedMax = 64;

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(4);
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Takes a swap that was seen, or the end of a trace, and passes over other messages; gives what changed, pool by pool.</summary>
    public static (PendingSwapsState State, ImmutableArray<PendingPressure> Changes) Take(
        PendingSwapsState state, ControlMessage message, Timestamp now) => message switch
        {
            PendingSwap seen => Told(state, With(state.Swaps, seen, now), now),
            PendingSwapGone gone => Told(state, state.Swaps.RemoveAll(s => s.Swap.Trace == gone.Trace), now),
            _ => (state, []),
        };

    /// <summary>Lets time pass; gives what changed, pool by pool.</summary>
    public static (PendingSwapsState State, ImmutableArray<PendingPressure> Changes) Elapse(PendingSwapsState state, Timestamp now) =>
        Told(state, state.Swaps, now);

    /// <summary>When time alone changes something next; <see cref="Timestamp.None"/> while nothing is on its way.</summary>
    public static Timestamp NextDue(PendingSwapsState state, Timestamp now)
    {
        var due = Timestamp.None;
        foreach (var swap in state.Swaps)
        {
            var step = swap.SeenAt + Step * (Steps(swap, now) + 1);
            var next = End(swap) < step ? End(swap) : step;
            if (!due.IsKnown || next < due) due = next;
        }

        return due;
    }

    /// <summary>How far the swaps on their way may move a pool now.</summary>
    public static PendingPressure At(ImmutableArray<TrackedSwap> swaps, InstrumentId instrument, Timestamp now)
    {
        var (up, down) = (0.0, 0.0);
        foreach (var tracked in swaps)
        {
            if (tracked.Swap.Instrument != instrument || End(tracked) <= now) continue;
            var impact = tracked.Swap.ImpactBps * Math.Pow(2, -(Steps(tracked, now) * Step / HalfLife));
            if (tracked.Swap.Side == Side.Buy) up += impact;
            else down += impact;
        }

        return new(instrument, Quantised.Bps(Math.Min(up, CapBps)), Quantised.Bps(Math.Min(down, CapBps)));
    }

    private static ImmutableArray<TrackedSwap> With(ImmutableArray<TrackedSwap> swaps, PendingSwap seen, Timestamp now)
    {
        // NaN is none either.
        if (!(seen.ImpactBps >= LeastImpactBps)) return swaps;
        for (var i = 0; i < swaps.Length; i++)
        {
            var known = swaps[i].Swap;
            if (known.Trace != seen.Trace || known.Instrument != seen.Instrument || known.Side != seen.Side) continue;
            return seen.ImpactBps > known.ImpactBps ? swaps.SetItem(i, swaps[i] with { Swap = seen }) : swaps;
        }

        if (swaps.Length < TrackedMax) return swaps.Add(new(seen, now));
        var smallest = 0;
        for (var i = 1; i < swaps.Length; i++)
        {
            if (swaps[i].Swap.ImpactBps < swaps[smallest].Swap.ImpactBps) smallest = i;
        }

        return swaps[smallest].Swap.ImpactBps < seen.ImpactBps ? swaps.RemoveAt(smallest).Add(new(seen, now)) : swaps;
    }

    private static (PendingSwapsState State, ImmutableArray<PendingPressure> Changes) Told(
        PendingSwapsState state, ImmutableArray<TrackedSwap> swaps, Timestamp now)
    {
        var kept = swaps.RemoveAll(s => End(s) <= now);
        var (told, changes) = (ImmutableArray.CreateBuilder<PendingPressure>(), ImmutableArray.CreateBuilder<PendingPressure>());
        foreach (var before in state.Told) Tell(before, At(kept, before.Instrument, now));
        foreach (var swap in kept)
        {
            var instrument = swap.Swap.Instrument;
            if (told.All(t => t.Instrument != instrument)) Tell(new(instrument, 0, 0), At(kept, instrument, now));
        }

        return (new(kept, told.ToImmutable()), changes.ToImmutable());

        void Tell(PendingPressure before, PendingPressure after)
        {
            if (after is not { UpBps: 0, DownBps: 0 }) told.Add(after);
            if (after != before) changes.Add(after);
        }
    }

    private static Timestamp End(in TrackedSwap swap)
    {
        var forgotten = swap.SeenAt + Lifetime;
        return swap.Swap.ValidUntil.IsKnown && swap.Swap.ValidUntil < forgotten ? swap.Swap.ValidUntil : forgotten;
    }

    // A clock that was set back lets nothing grow.
    private static long Steps(in TrackedSwap swap, Timestamp now) => Math.Max(0, (now - swap.SeenAt).Ticks / Step.Ticks);
}
