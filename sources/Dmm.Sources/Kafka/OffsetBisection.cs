using Dmm.Core;

namespace Dmm.Sources.Kafka;

/// <summary>Finds a time among records whose times do not fall, by reading single ones.</summary>
internal static class OffsetBisection
{
    /// <param name="low">The lowest offset there may be.</param>
    /// <param name="high">The offset after the last one.</param>
    /// <param name="readFrom">The first record at or after an offset, which may be a later one, because offsets may be missing; null if there is
    /// none.</param>
    /// <param name="at">The time sought.</param>
    /// <returns>The offset of the first record at or after the time; <paramref name="high"/> if there is none.</returns>
    public static long Find(long low, long high, Func<long, (long Offset, Timestamp At)?> readFrom, Timestamp at)
    {
        // Records before low are earlier than the time; those from high on are at or after it, the first of them at found.
        var found = high;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (readFrom(middle) is not { } record || record.Offset >= high) high = middle;
            else if (record.At >= at) (high, found) = (middle, record.Offset);
            else low = record.Offset + 1;
        }

        return found;
    }
}
