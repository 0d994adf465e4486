using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// Busy and quiet hours: a multiple of rates and of volatility, U-shaped over the UTC day, busiest at midnight and quietest at noon, 1 on average.
/// </summary>
/// <param name="Amplitude">How far it swings about 1.</param>
internal readonly record struct DailyProfile(double Amplitude)
{
    /// <summary>The largest value of the day.</summary>
    public double Peak => 1 + Amplitude;

    public double At(Timestamp time) => 1 + Amplitude * Math.Cos(2 * Math.PI * (time.Ticks % TimeSpan.TicksPerDay) / TimeSpan.TicksPerDay);
}
