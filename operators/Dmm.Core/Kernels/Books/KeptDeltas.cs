using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>A delta that waits for a snapshot.</summary>
public sealed record KeptDelta
{
    public required Timestamp VenueTime { get; init; }

    public required Timestamp ReceiveTime { get; init; }

    public required long FirstUpdateId { get; init; }

    public required long LastUpdateId { get; init; }

    public required long PreviousUpdateId { get; init; }

    public required int Checksum { get; init; }

    public required int BidCount { get; init; }

    /// <summary>Bids, then asks, in the venue's order.</summary>
    public required ImmutableArray<BookLevel> Levels { get; init; }
}

/// <summary>
/// The deltas that wait for a snapshot, oldest first: always one unbroken chain. What lies before a hole could never lead past it, so a delta that
/// does not follow the last one kept replaces them all.
/// </summary>
internal sealed class KeptDeltas(Instrument instrument, OrderBookLimits limits)
{
    private readonly SlidingQueue<Entry> _entries = new(16);
    private readonly SlidingQueue<BookLevel> _levels = new(256);

    public int Count => _entries.Count;

    /// <summary>The oldest delta; its levels stay valid until the next call that adds or drops.</summary>
    public BookUpdate First => _entries.First.Delta with { Levels = _levels.Memory[.._entries.First.LevelCount] };

    public bool IsDuplicate(in BookUpdate delta) => JudgeAgainstLast(delta) == SequenceVerdict.Duplicate;

    /// <summary>Keeps a copy; returns how many deltas were dropped for it.</summary>
    public int Add(in BookUpdate delta)
    {
        var dropped = JudgeAgainstLast(delta) == SequenceVerdict.Gap ? Clear() : 0;
        if (delta.Levels.Length > limits.KeptLevelsMax) return dropped + Clear() + 1;
        for (; _entries.Count == limits.KeptDeltasMax || _levels.Count + delta.Levels.Length > limits.KeptLevelsMax; dropped++) DropFirst();
        _levels.Append(delta.Levels.Span);
        _entries.Append(new Entry(delta with { Levels = default }, delta.Levels.Length));
        return dropped;
    }

    public void DropFirst()
    {
        _levels.DropFirst(_entries.First.LevelCount);
        _entries.DropFirst(1);
    }

    public int Clear()
    {
        var count = _entries.Count;
        _entries.Clear();
        _levels.Clear();
        return count;
    }

    public ImmutableArray<KeptDelta> Capture()
    {
        var kept = ImmutableArray.CreateBuilder<KeptDelta>(_entries.Count);
        var levels = _levels.Items;
        foreach (var (delta, levelCount) in _entries.Items)
        {
            kept.Add(new()
            {
                VenueTime = delta.VenueTime, ReceiveTime = delta.ReceiveTime, FirstUpdateId = delta.FirstUpdateId, LastUpdateId = delta.LastUpdateId,
                PreviousUpdateId = delta.PreviousUpdateId, Checksum = delta.Checksum, BidCount = delta.BidCount, Levels = [.. levels[..levelCount]],
            });
            levels = levels[levelCount..];
        }

        return kept.MoveToImmutable();
    }

    public void Restore(ImmutableArray<KeptDelta> kept)
    {
        foreach (var delta in kept)
        {
            Add(new()
            {
                Instrument = instrument.Id, IsSnapshot = false, VenueTime = delta.VenueTime, ReceiveTime = delta.ReceiveTime,
                FirstUpdateId = delta.FirstUpdateId, LastUpdateId = delta.LastUpdateId, PreviousUpdateId = delta.PreviousUpdateId,
                Checksum = delta.Checksum, BidCount = delta.BidCount, Levels = delta.Levels.AsMemory(),
            });
        }
    }

    private SequenceVerdict JudgeAgainstLast(in BookUpdate delta)
    {
        if (_entries.Count == 0) return SequenceVerdict.Follows;
        ref readonly var last = ref _entries.Last;
        return BookSequence.Judge(instrument.SequenceRule, new(last.Delta.LastUpdateId, last.Delta.VenueTime, IsSnapshot: false), delta);
    }

    private readonly record struct Entry(BookUpdate Delta, int LevelCount);
}
