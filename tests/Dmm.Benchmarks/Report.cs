using System.Globalization;

namespace Dmm.Benchmarks;

/// <summary>Prints figures, each beside its target where it has one.</summary>
internal static class Report
{
    public static void Title(string title) => Console.WriteLine($"\n{title}");

    public static void Note(string text) => Console.WriteLine($"  {text}");

    public static void Figure(string what, double seen, string unit, double? atLeast = null, double? atMost = null, string beside = "")
    {
        var target = atLeast is { } least ? $"target ≥ {Number(least)}" : atMost is { } most ? $"target ≤ {Number(most)}" : "";
        var isMet = !(seen < atLeast) && !(seen > atMost);
        var verdict = target.Length == 0 ? "" : isMet ? "met" : "MISSED";
        Console.WriteLine($"  {what,-52} {Number(seen),10} {unit,-11} {target,-17} {verdict,-7} {beside}".TrimEnd());
    }

    /// <summary>Throughput, as the median of the rounds with the best one beside it.</summary>
    public static void Throughput(string what, in Measured measured, int items, string unit, double? atLeast = null) =>
        Figure(what, measured.PerSecond(items) / 1e6, $"M {unit}/s", atLeast, beside:
            $"best {Number(measured.BestPerSecond(items) / 1e6)}; {Number(1e9 * measured.LeastSeconds / items)} ns at best");

    public static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);
}
