using System.Text.Json;
using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Kernels;

public sealed class ClockOffsetEstimatorTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T23:54:15Z");

    [Fact]
    public void FirstEvent_ReportedAtOnce()
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out var isReported);
        isReported.ShouldBeTrue();
        state.Reported.ShouldBe(TimeSpan.FromMilliseconds(1_300));
    }

    [Fact]
    public void SlowerEvents_LeaveTheOffset()
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out _);
        state = Step(state, receivedMs: 10, leadMs: 200, out var isReported);
        isReported.ShouldBeFalse();
        state.Offset.ShouldBe(TimeSpan.FromMilliseconds(1_300));
    }

    [Theory]
    [InlineData(1_350, false)]
    [InlineData(1_351, true)]
    public void FasterEvent_ReportedAboveFiftyMilliseconds(int leadMs, bool isReportedExpected)
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out _);
        state = Step(state, receivedMs: 10, leadMs, out var isReported);
        isReported.ShouldBe(isReportedExpected);
        state.Offset.ShouldBe(TimeSpan.FromMilliseconds(leadMs));
        state.Reported.ShouldBe(TimeSpan.FromMilliseconds(isReportedExpected ? leadMs : 1_300));
    }

    [Fact]
    public void SmallChangesAddUp_ReportedAgainstWhatWasReported()
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_000, out _);
        state = Step(state, receivedMs: 1, leadMs: 1_040, out _);
        state = Step(state, receivedMs: 2, leadMs: 1_060, out var isReported);
        isReported.ShouldBeTrue();
        state.Reported.ShouldBe(TimeSpan.FromMilliseconds(1_060));
    }

    [Fact]
    public void VenueClockStepsBack_SeenWithinTheWindow()
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out _);
        for (var ms = 1_000; ms < 60_000; ms += 1_000)
        {
            state = Step(state, ms, leadMs: 300, out var early);
            early.ShouldBeFalse();
        }

        state = Step(state, receivedMs: 60_000, leadMs: 300, out var isReported);
        isReported.ShouldBeTrue();
        state.Reported.ShouldBe(TimeSpan.FromMilliseconds(300));
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    public void LongSilenceOrOwnClockSetBack_StartsAnew(int receivedMs)
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out _);
        state = Step(state, receivedMs, leadMs: 100, out var isReported);
        isReported.ShouldBeTrue();
        state.Offset.ShouldBe(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void UnknownVenueTime_ChangesNothing()
    {
        var state = Step(default, receivedMs: 0, leadMs: 1_300, out _);
        ClockOffsetEstimator.Step(state, Timestamp.None, Start, out var isReported).ShouldBe(state);
        isReported.ShouldBeFalse();
    }

    [Fact]
    public void AnyLatencies_OffsetIsShortByTheLeastOfTheWindow() =>
        Gen.Int[1, 400].Array[1, 200].Sample(latencies =>
        {
            var state = default(ClockOffsetState);
            for (var i = 0; i < latencies.Length; i++) state = Step(state, receivedMs: i * 100, leadMs: 1_000 - latencies[i], out _);
            state.Offset.ShouldBe(TimeSpan.FromMilliseconds(1_000 - latencies.Min()));
        });

    [Fact]
    public void State_SurvivesJson()
    {
        var state = Step(Step(default, receivedMs: 0, leadMs: 1_300, out _), receivedMs: 31_000, leadMs: 1_200, out _);
        JsonSerializer.Deserialize<ClockOffsetState>(JsonSerializer.Serialize(state)).ShouldBe(state);
        JsonSerializer.Deserialize<ClockOffsetState>(JsonSerializer.Serialize(default(ClockOffsetState))).ShouldBe(default);
    }

    private static ClockOffsetState Step(in ClockOffsetState state, int receivedMs, int leadMs, out bool isReported)
    {
        var received = Start + TimeSpan.FromMilliseconds(receivedMs);
        return ClockOffsetEstimator.Step(state, received + TimeSpan.FromMilliseconds(leadMs), received, out isReported);
    }
}
