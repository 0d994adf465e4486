using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sinks.Tests;

public sealed class RequestBudgetTests
{
    private readonly HandTime _time = new();

    [Fact]
    public void Placements_LeaveTheReserve_CancelsUseIt()
    {
        var budget = new RequestBudget(new() { PerSecond = 10, Burst = 5, CancelReserve = 3 }, _time);
        budget.TryTake(1, isUrgent: false, out _).ShouldBeTrue();
        budget.TryTake(1, isUrgent: false, out _).ShouldBeTrue();
        budget.TryTake(1, isUrgent: false, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(0.2), "for as many as the bucket may hold besides the reserve");
        for (var i = 0; i < 3; i++) budget.TryTake(1, isUrgent: true, out _).ShouldBeTrue();
        budget.TryTake(2, isUrgent: true, out wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(0.2));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        budget.TryTake(2, isUrgent: true, out _).ShouldBeTrue();
    }

    [Fact]
    public void PlacementsUsedUp_WorthComingAgainForAWholeLadder()
    {
        var budget = new RequestBudget(new() { PerSecond = 10, Burst = 100, CancelReserve = 30 }, _time);
        for (var i = 0; i < 70; i++) budget.TryTake(1, isUrgent: false, out _).ShouldBeTrue();
        budget.TryTake(1, isUrgent: false, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(1.3));
        _time.Advance(wait);
        for (var i = 0; i < 13; i++) budget.TryTake(1, isUrgent: false, out _).ShouldBeTrue();
        budget.TryTake(1, isUrgent: false, out _).ShouldBeFalse();
    }

    [Fact]
    public void Tokens_NeverMoreThanTheBucketHolds()
    {
        var budget = new RequestBudget(new() { PerSecond = 10, Burst = 5, CancelReserve = 2 }, _time);
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++) budget.TryTake(1, isUrgent: true, out _).ShouldBeTrue();
        budget.TryTake(1, isUrgent: true, out _).ShouldBeFalse();
    }

    [Fact]
    public void ClosedByTheVenue_NothingForThatLong_NotEvenCancels()
    {
        var budget = new RequestBudget(new(), _time);
        budget.CloseFor(TimeSpan.FromSeconds(3));
        budget.TryTake(1, isUrgent: true, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        budget.TryTake(1, isUrgent: true, out _).ShouldBeTrue();
    }
}
