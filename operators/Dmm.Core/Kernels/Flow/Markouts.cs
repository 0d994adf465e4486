using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>A fill whose mid after one horizon is awaited.</summary>
/// <param name="Due">When it is to be read, on the engine's clock.</param>
/// <param name="Order">Counts fills; same due times are served in this order.</param>
/// <param name="Horizon">How long after the fill that is.</param>
/// <param name="Fill">The fill.</param>
/// <param name="MidAtFill">Fair value in the instrument's quote asset when the fill was taken; 0 when there was none.</param>
public sealed record PendingMarkout(Timestamp Due, long Order, TimeSpan Horizon, Fill Fill, double MidAtFill)
{
    public Timestamp FilledAt => Due - Horizon;
}

public sealed record MarkoutsState
{
    public static MarkoutsState Empty { get; } = new();

    /// <summary>By due time, then fill order, then horizon.</summary>
    public ImmutableArray<PendingMarkout> Pending { get; init; } = [];

    /// <summary>Fills taken.</summary>
    public long Fills { get; init; }

    /// <summary>Markouts not made because there was no mid when they fell due.</summary>
    public long WithoutMid { get; init; }

    /// <summary>Markouts not awaited because too many were.</summary>
    public long Dropped { get; init; }
}

/// <summary>Awaits the mid at each horizon after each fill. Sign: side·(mid − fill price), above zero is good for us.</summary>
public sealed class Markouts
{
    /// <summary>How many markouts are awaited at most; further ones are counted and not made.</summary>
    public const int PendingMaximum = 65_536;

    private readonly ImmutableArray<TimeSpan> _horizons;
    private readonly PriorityQueue<PendingMarkout, (long Due, long Order, long Horizon)> _pending = new();
    private long _fills;
    private long _withoutMid;
    private long _dropped;

    public Markouts(ToxicityParameters parameters, MarkoutsState state)
    {
        _horizons = parameters.Horizons;
        foreach (var pending in state.Pending) Enqueue(pending);
        (_fills, _withoutMid, _dropped) = (state.Fills, state.WithoutMid, state.Dropped);
    }

    /// <summary>When the next one falls due; null when none is awaited.</summary>
    public Timestamp? NextDue => _pending.TryPeek(out var next, out _) ? next.Due : null;

    /// <summary>Awaits every horizon of a fill taken at that time of the engine's clock; a mid of 0 means that there is none.</summary>
    public void Add(Fill fill, double mid, Timestamp at)
    {
        _fills++;
        foreach (var horizon in _horizons)
        {
            if (_pending.Count == PendingMaximum) _dropped++;
            else Enqueue(new(at + horizon, _fills, horizon, fill, mid));
        }
    }

    /// <summary>The next one that is due by then, taken off; null when there is none.</summary>
    public PendingMarkout? Take(Timestamp now) => NextDue is { } due && due <= now ? _pending.Dequeue() : null;

    /// <summary>The markout at that mid; null, and counted, when there is no mid: nothing is made up.</summary>
    public Markout? Measure(PendingMarkout pending, double mid)
    {
        if (mid <= 0)
        {
            _withoutMid++;
            return null;
        }

        var fill = pending.Fill;
        return new(fill.Instrument, fill.TradeId, fill.Side, pending.Horizon, Bps(fill.Side, (double)fill.Price, mid))
        {
            MidMoveBps = pending.MidAtFill > 0 ? Bps(fill.Side, pending.MidAtFill, mid) : null,
            TimeToFill = fill.QuotedAt.IsKnown ? pending.FilledAt - fill.QuotedAt : null,
            QuotedHalfSpreadBps = fill.QuotedHalfSpreadBps,
            IsMaker = fill.IsMaker,
        };
    }

    public MarkoutsState Capture() => new()
    {
        Pending = [.. _pending.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element)],
        Fills = _fills,
        WithoutMid = _withoutMid,
        Dropped = _dropped,
    };

    private static double Bps(Side side, double from, double to) => Quantised.Bps(side.Sign() * (to - from) / from * 1e4);

    private void Enqueue(PendingMarkout pending) => _pending.Enqueue(pending, (pending.Due.Ticks, pending.Order, pending.Horizon.Ticks));
}
