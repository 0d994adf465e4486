namespace Dmm.Wire;

/// <summary>
/// The range in which a venue's time stamp is believed to be milliseconds: a stamp in seconds, microseconds or nanoseconds is refused.
/// </summary>
internal static class VenueClock
{
    // 2001-09-09 and 2286-11-20: thirteen digits.
    private const long MillisecondsMin = 1_000_000_000_000;
    private const long MillisecondsMax = 9_999_999_999_999;

    public static bool IsInstant(long milliseconds) => milliseconds is >= MillisecondsMin and <= MillisecondsMax;
}
