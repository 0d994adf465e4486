using System.Diagnostics;

namespace Dmm.Benchmarks;

/// <summary>Rounds of one loop: what it cost by the clock, and what it allocated.</summary>
/// <param name="MedianSeconds">Of the rounds.</param>
/// <param name="LeastSeconds">The round that was disturbed least, which on a shared machine says more.</param>
/// <param name="Bytes">Allocated in the cheapest round.</param>
internal readonly record struct Measured(double MedianSeconds, double LeastSeconds, long Bytes)
{
    private const int Rounds = 21;

    // The runtime compiles hot code anew in the background, twice; on a busy machine that takes its time.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <param name="prepare">Makes what a round needs; outside the measurement.</param>
    /// <param name="round">The loop.</param>
    public static Measured Of<T>(Func<T> prepare, Action<T> round)
    {
        for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < WarmUp;) round(prepare());
        var seconds = new double[Rounds];
        var bytes = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var prepared = prepare();
            GC.Collect();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            round(prepared);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        Array.Sort(seconds);
        return new(seconds[Rounds / 2], seconds[0], bytes);
    }

    public double PerSecond(int items) => items / MedianSeconds;

    public double BestPerSecond(int items) => items / LeastSeconds;

    public double BytesPerItem(int items) => (double)Bytes / items;
}
