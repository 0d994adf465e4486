using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Pipeline.Incidents;

/// <summary>Lowest and highest value that an axis shows.</summary>
internal readonly record struct Extent(double Low, double High)
{
    // Above and below the lines, so that none runs along the frame.
    private const double Margin = 0.06;

    /// <summary>Around all values; null where there is none.</summary>
    public static Extent? Of(params IEnumerable<TimeSeries> series)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var point in series.SelectMany(s => s.Points()))
            if (double.IsFinite(point.Value)) (low, high) = (Math.Min(low, point.Value), Math.Max(high, point.Value));
        if (low > high) return null;
        // A line that never moves stands in the middle.
        var room = high > low ? (high - low) * Margin : Math.Max(Math.Abs(high) * 0.01, 0.01);
        return new(low - room, high + room);
    }

    /// <summary>A few round values within it.</summary>
    public ImmutableArray<double> Ticks()
    {
        var step = Step;
        var ticks = ImmutableArray.CreateBuilder<double>();
        for (var tick = Math.Ceiling(Low / step); tick * step <= High; tick++) ticks.Add(tick * step);
        return ticks.ToImmutable();
    }

    /// <summary>As many decimals as its ticks have.</summary>
    public string TickFormat()
    {
        var decimals = Math.Clamp((int)-Math.Floor(Math.Log10(Step) + 1e-9), 0, 10);
        return decimals == 0 ? "#,0" : "0." + new string('0', decimals);
    }

    private double Step
    {
        get
        {
            var rough = (High - Low) / 4;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            return power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        }
    }
}

/// <summary>Where an instant of a range lies on an axis.</summary>
internal readonly record struct TimeAxis(Timestamp From, Timestamp To)
{
    private static readonly ImmutableArray<TimeSpan> Steps =
    [
        .. new[]
        {
            0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
            14400, 21600, 43200, 86400,
        }.Select(TimeSpan.FromSeconds),
    ];

    /// <summary>0 at the start, 1 at the end.</summary>
    public double Share(Timestamp at) => Math.Clamp((double)(at - From).Ticks / Math.Max(1, (To - From).Ticks), 0, 1);

    /// <summary>About half a dozen round instants, and how they are written.</summary>
    public (ImmutableArray<Timestamp> Instants, string Format) Ticks()
    {
        var length = To - From;
        var step = Steps.FirstOrDefault(s => length / s <= 7);
        if (step == default) step = TimeSpan.FromDays(Math.Ceiling(length.TotalDays / 7));
        var format = step >= TimeSpan.FromDays(1) ? "MM-dd" : step >= TimeSpan.FromMinutes(1) ? "HH:mm"
            : step >= TimeSpan.FromSeconds(1) ? "HH:mm:ss" : "HH:mm:ss.fff";
        var instants = ImmutableArray.CreateBuilder<Timestamp>();
        for (var at = (From.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks; at <= To.Ticks; at += step.Ticks) instants.Add(new(at));
        return (instants.ToImmutable(), format);
    }
}
