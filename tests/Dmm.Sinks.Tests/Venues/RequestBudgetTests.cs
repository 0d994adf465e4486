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

    /// <summary>OKX counts 60 orders in two seconds for each instrument, and 1,000 for the account.</summary>
    [Fact]
    public void LimitOfTheWholeAccount_CountsWhatGoesToEachInstrument_AndTakesNothingOfTheInstrumentsOwnWhenItIsUsedUp()
    {
        var budgets = new RequestBudgets(OkxLimits.Published, _time);
        VenueRequest Order(int instrument) =>
            new("POST", "/order", "", default, $"{OkxLimits.Place}/{instrument}", IsUrgent: false, Shared: OkxLimits.AccountOrders);
        // The reserve for cancels stays, though no cancel counts here: 58 for each instrument, 998 for the account.
        var sent = Enumerable.Range(0, 20).Sum(i => Enumerable.Range(0, 58).Count(_ => budgets.TryTake(Order(i), out TimeSpan _)));
        sent.ShouldBe(998);
        budgets.TryTake(Order(19), out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(13 / 500.0), "for a whole ladder of the account's");
        budgets.TryTake(Order(19) with { Shared = "" }, out _).ShouldBeTrue("the instrument's own limit was not used up");
        budgets.TryTake(Order(19) with { Bucket = $"{OkxLimits.Cancel}/19", IsUrgent = true, Shared = "" }, out _).ShouldBeTrue();
        _time.Advance(wait);
        for (var i = 0; i < 13; i++) budgets.TryTake(Order(19), out _).ShouldBeTrue();
        budgets.TryTake(Order(19), out _).ShouldBeFalse();
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
