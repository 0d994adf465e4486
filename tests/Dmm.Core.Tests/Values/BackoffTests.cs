namespace Dmm.Core.Tests.Values;

public sealed class BackoffTests
{
    private static readonly Backoff Link = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.5)]
    [InlineData(6, 16)]
    [InlineData(7, 30)]
    [InlineData(int.MaxValue, 30)]
    public void EachFailure_DoublesTheWait_UpToTheCap(int failures, double seconds) =>
        Link.Delay(failures, chance: 1).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(0.5, 0.375)]
    [InlineData(1, 0.5)]
    public void Chance_TakesUpToHalfOff(double chance, double seconds) => Link.Delay(1, chance).ShouldBe(TimeSpan.FromSeconds(seconds));
}
