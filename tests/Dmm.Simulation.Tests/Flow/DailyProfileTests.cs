using Dmm.Core;

namespace Dmm.Simulation.Tests.Flow;

public sealed class DailyProfileTests
{
    private static readonly DailyProfile Profile = new(0.25);

    [Theory]
    [InlineData("2026-03-02T00:00:00Z", 1.25)]
    [InlineData("2026-03-02T06:00:00Z", 1.0)]
    [InlineData("2026-03-02T12:00:00Z", 0.75)]
    [InlineData("2026-03-02T18:00:00Z", 1.0)]
    [InlineData("2031-11-23T00:00:00Z", 1.25)]
    public void HourOfTheDay_GivesItsActivity(string at, double expected) => Profile.At(Timestamp.Parse(at)).ShouldBe(expected, 1e-12);

    [Fact]
    public void WholeDay_IsOneOnAverage() =>
        Enumerable.Range(0, 1440).Average(minute => Profile.At(FlowSamples.At(60 * minute))).ShouldBe(1, 1e-12);

    [Fact]
    public void Amplitude_IsReachedAndNotPassed() =>
        Enumerable.Range(0, 1440).Max(minute => Profile.At(FlowSamples.At(60 * minute))).ShouldBe(Profile.Peak, 1e-12);
}
