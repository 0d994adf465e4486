using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Pipeline.Incidents;

/// <summary>A value from an instant on; <see cref="double.NaN"/> where there is none.</summary>
internal readonly record struct SeriesPoint(Timestamp At, double Value);

/// <summary>
/// A value over a range of time, in bounded memory: of each of <see cref="Slots"/> equal parts of the range the first, the lowest, the highest and
/// the last value are kept, so that no spike is lost. What is told before the range counts as its value at the start.
/// </summary>
internal sealed class TimeSeries(Timestamp from, Timestamp to)
{
    /// <summary>Parts of a range: as many as a picture can show.</summary>
    public const int Slots = 600;

    private readonly Slot[] _slots = new Slot[Slots];
    private double _carried = double.NaN;

    /// <summary>The part that an instant of the range lies in.</summary>
    public static int SlotOf(Timestamp at, Timestamp from, Timestamp to) =>
        to <= from ? 0 : (int)Math.Clamp((double)(at - from).Ticks / (to - from).Ticks * Slots, 0, Slots - 1);

    public void Add(Timestamp at, double value)
    {
        if (at < from) _carried = value;
        else if (at <= to) _slots[SlotOf(at, from, to)].Add(new(at, value));
    }

    /// <summary>In order of time.</summary>
    public ImmutableArray<SeriesPoint> Points()
    {
        var points = ImmutableArray.CreateBuilder<SeriesPoint>();
        if (!double.IsNaN(_carried)) points.Add(new(from, _carried));
        foreach (var slot in _slots) slot.CopyTo(points);
        return points.ToImmutable();
    }

    private struct Slot
    {
        private bool _isUsed;
        private SeriesPoint _first;
        private SeriesPoint _low;
        private SeriesPoint _high;
        private SeriesPoint _last;

        public void Add(in SeriesPoint point)
        {
            if (!_isUsed) (_first, _low, _high, _isUsed) = (point, point, point, true);
            if (!(point.Value >= _low.Value) && !double.IsNaN(point.Value)) _low = point;
            if (!(point.Value <= _high.Value) && !double.IsNaN(point.Value)) _high = point;
            _last = point;
        }

        public readonly void CopyTo(ImmutableArray<SeriesPoint>.Builder points)
        {
            if (!_isUsed) return;
            var before = default(SeriesPoint);
            foreach (var point in new[] { _first, _low, _high, _last }.OrderBy(point => point.At))
            {
                if (point != before) points.Add(point);
                before = point;
            }
        }
    }
}
