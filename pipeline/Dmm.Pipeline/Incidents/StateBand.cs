using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Incidents;

/// <summary>A state over some time.</summary>
internal readonly record struct StateSpan(Timestamp From, Timestamp To, TradingState State);

/// <summary>
/// A trading state, or what a control asks for, over a range of time, in bounded memory: of each part of the range (see
/// <see cref="TimeSeries.Slots"/>) the highest.
/// </summary>
internal sealed class StateBand(Timestamp from, Timestamp to, TradingState initial)
{
    private readonly TradingState[] _slots = new TradingState[TimeSeries.Slots];
    private TradingState _state = initial;
    private int _slot;

    public void Enter(Timestamp at, TradingState state)
    {
        if (at > to) return;
        if (at >= from) MoveTo(TimeSeries.SlotOf(at, from, to));
        _state = state;
        if (at >= from) Mark();
    }

    /// <summary>In order of time, one piece for each run of equal states.</summary>
    public ImmutableArray<StateSpan> Spans()
    {
        MoveTo(TimeSeries.Slots - 1);
        var spans = ImmutableArray.CreateBuilder<StateSpan>();
        for (var start = 0; start < _slots.Length;)
        {
            var end = start;
            while (end < _slots.Length && _slots[end] == _slots[start]) end++;
            spans.Add(new(At(start), At(end), _slots[start]));
            start = end;
        }

        return spans.ToImmutable();
    }

    private void MoveTo(int slot)
    {
        for (; _slot < slot; _slot++) Mark();
        Mark();
    }

    private void Mark() => _slots[_slot] = _state > _slots[_slot] ? _state : _slots[_slot];

    private Timestamp At(int slot) => from + (to - from) * ((double)slot / TimeSeries.Slots);
}
