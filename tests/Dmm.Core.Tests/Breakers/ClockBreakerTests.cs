using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class ClockBreakerTests
{
    private readonly Driven<ClockOffset, ClockBreakerState> _clock = new(Create(ClockBreakerState.Starting));

    [Theory]
    [InlineData(1, false)]
    [InlineData(1.001, true)]
    [InlineData(-1, false)]
    [InlineData(-1.001, true)]
    public void OffsetBeyondTheLimitToEitherSide_HaltsTheVenue(double seconds, bool halts)
    {
        _clock.Take(0, Offset("okx", seconds));
        _clock.Said.Count.ShouldBe(halts ? 1 : 0);
        if (halts) (_clock.Last!.Subject, _clock.Last.Demand).ShouldBe(("okx", TradingState.Halted));
    }

    [Fact]
    public void BackWithinAShareOfTheLimit_EndsOnceThatHasLasted()
    {
        _clock.Take(0, Offset("okx", -2)).Take(1, Offset("gate", 1.5)).Take(5, Offset("okx", 0.9)).Take(10, Offset("okx", 0.8)).Take(20, Offset("okx", 0.1));
        _clock.Restore(Create);
        _clock.Until(100);
        _clock.Said.ShouldBe([
            "0 Halted ×1: okx: its clock is -2.000 s from ours, limit 1 s: quotes are cancelled",
            "1 Halted ×1: gate: its clock is +1.500 s from ours, limit 1 s: quotes are cancelled",
            "40 Active ×1: okx: its clock has been within 0.8 of the limit for 30 s",
        ]);
    }

    [Fact]
    public void OffsetThatLeavesAgain_StartsTheTimeAgain()
    {
        _clock.Take(0, Offset("okx", 2)).Take(1, Offset("okx", 0)).Take(20, Offset("okx", 0.95)).Take(21, Offset("okx", 0)).Until(50.9);
        _clock.Said.Count.ShouldBe(1);
        _clock.Until(51).Said.Count.ShouldBe(2);
    }

    [Fact]
    public void VenueWithoutInstruments_IsPassedOver() => _clock.Take(0, Offset("bybit", 9)).Until(100).Said.ShouldBeEmpty();

    [Fact]
    public void RestoredAnywhere_SaysTheSame() => Gen.Select(Gen.Bool, Gen.Double[-2, 2]).Array[1, 15].Sample(steps => Restored.ShouldSayTheSame(
        [.. steps.Select((s, i) => (i * 9.0, Offset(s.Item1 ? "okx" : "gate", s.Item2)))], ClockBreakerState.Starting, Create, 300));

    private static ClockOffset Offset(string venue, double seconds) => new(venue, TimeSpan.FromSeconds(seconds));

    private static ClockBreaker Create(ClockBreakerState state) => new(state, Market.Instruments, new() { ClockOffsetMax = TimeSpan.FromSeconds(1) });
}
