using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Breakers;

public sealed class HysteresisTests
{
    private static readonly BreakerParameters Parameters = new();
    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    [Theory]
    [InlineData(119.999999, false)]
    [InlineData(120, false)]
    [InlineData(120.0000004, false)]
    [InlineData(120.000001, true)]
    [InlineData(double.NaN, true)]
    [InlineData(double.PositiveInfinity, true)]
    [InlineData(double.NegativeInfinity, true)]
    public void ValueAtTheThreshold_TripsOneUnitAboveIt(double value, bool isTripped) => Step(default, value, 0).IsTripped.ShouldBe(isTripped);

    [Fact]
    public void Tripped_RecoversWhenCalmForTheWholeTimeAndNotATickSooner()
    {
        var state = Step(Step(default, 121, 0), 96, 1);
        Hysteresis.Step(state, 96, 120, Parameters, At(31) - Timestamp.Unit).IsTripped.ShouldBeTrue();
        Step(state, 96, 31).ShouldBe(default);
    }

    [Fact]
    public void ValueBackAboveTheCalmLevel_StartsTheTimeAgain()
    {
        var state = Step(Step(Step(default, 121, 0), 90, 1), 96.000001, 20);
        state.ShouldBe(new HysteresisState(true, Timestamp.None));
        state = Step(state, 96, 21);
        Step(state, 96, 50.9).IsTripped.ShouldBeTrue();
        Step(state, 96, 51).IsTripped.ShouldBeFalse();
    }

    [Fact]
    public void Flapping_NeverRecoversWithinTheTimeOfAValueThatIsNotCalm() =>
        Gen.Select(Gen.Double[80, 130], Gen.Int[1, 15]).Array[1, 60].Sample(steps =>
        {
            var (state, seconds, lastUncalm) = (default(HysteresisState), 0, int.MinValue);
            foreach (var (value, wait) in steps)
            {
                seconds += wait;
                var wasTripped = state.IsTripped;
                state = Step(state, value, seconds);
                if (Quantised.Bps(value) > 96) lastUncalm = seconds;
                if (Quantised.Bps(value) > 120) state.IsTripped.ShouldBeTrue();
                if (wasTripped && !state.IsTripped) (seconds - lastUncalm).ShouldBeGreaterThan(30);
            }
        });

    private static HysteresisState Step(HysteresisState state, double value, double seconds) =>
        Hysteresis.Step(state, value, 120, Parameters, At(seconds));

    private static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);
}
