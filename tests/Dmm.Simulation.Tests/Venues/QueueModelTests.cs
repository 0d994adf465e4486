using CsCheck;

namespace Dmm.Simulation.Tests;

public sealed class QueueModelTests
{
    private static readonly string[] Names = ["risk-averse", "power-2", "power-0.5", "power-total-2", "power-share-3", "log"];

    private static readonly Gen<(bool IsTrade, int Lots)[]> Histories = Gen.Select(Gen.Bool, Gen.Int[0, 200]).Array[0, 40];

    // The known answers of the specification: 100 in front, the level falls from 150 to 120.
    [Theory]
    [InlineData("power-2", 76)]
    [InlineData("power-total-2", 73.3333333)]
    [InlineData("power-share-3", 91.1111111)]
    [InlineData("log", 83.8008)]
    [InlineData("risk-averse", 100)]
    public void LevelThatShrinks_MovesTheFrontByTheModelsShare(string name, double front) =>
        QueueModel.Parse(name).AfterChange(100, 150, 120, 0).ShouldBe(front, 1e-4);

    [Theory]
    [InlineData("risk-averse")]
    [InlineData("power-2")]
    [InlineData("power-total-2")]
    [InlineData("power-share-3")]
    [InlineData("log")]
    public void Bounds_HoldForEveryModel(string name)
    {
        var model = QueueModel.Parse(name);
        model.AfterChange(100, 150, 170, 0).ShouldBe(100);
        model.AfterChange(100, 150, 0, 0).ShouldBe(0);
        model.AfterChange(0, 150, 120, 0).ShouldBe(0);
        // All that is gone was traded, and is off the front already.
        model.AfterChange(70, 150, 120, 30).ShouldBe(70);
        // Nobody behind: what leaves leaves from in front.
        model.AfterChange(150, 150, 120, 0).ShouldBe(120);
    }

    [Fact]
    public void Trades_CountOffWhatLeft() =>
        // 150 less 30 traded less 90 left is 30 cancelled, 70 in front and 50 behind: p = 2500/7400.
        QueueModel.Parse("power-2").AfterChange(70, 150, 90, 30).ShouldBe(70 - 30 * (1 - 2500.0 / 7400), 1e-9);

    [Fact]
    public void Front_IsNeverNegativeNorAboveTheLevel() => Gen.Select(Gen.Int[0, 5].Select(i => Names[i]), Gen.Int[0, 500], Histories)
        .Sample((name, level, history) => Play(QueueModel.Parse(name), level, history, (front, lots) => front >= 0 && front <= lots));

    [Fact]
    public void RiskAverse_NeverStandsFartherInFront() => Gen.Select(Gen.Int[0, 5].Select(i => Names[i]), Gen.Int[0, 500], Histories)
        .Sample((name, level, history) =>
        {
            List<double> careful = [], other = [];
            Play(QueueModel.RiskAverse, level, history, (front, _) => Kept(careful, front));
            Play(QueueModel.Parse(name), level, history, (front, _) => Kept(other, front));
            return careful.Zip(other).All(pair => pair.First >= pair.Second - 1e-6);
        });

    [Fact]
    public void SpecifiedSequence_FillsTenThenForty()
    {
        var order = new QueuedOrder(Order(50), 100);
        order.OnTrade(80).ShouldBe(0);
        order.Front.ShouldBe(20);
        order.OnTrade(30).ShouldBe(10);
        order.OnTrade(50).ShouldBe(50);
        order.Front.ShouldBe(0);
    }

    [Theory]
    [InlineData("power-2.5")]
    [InlineData("log")]
    public void Name_IsReadAsItIsWritten(string name) => QueueModel.Parse(name).ToString().ShouldBe(name);

    [Theory]
    [InlineData("power-0")]
    [InlineData("power-")]
    [InlineData("power--2")]
    [InlineData("power-11")]
    [InlineData("Log")]
    [InlineData("")]
    public void UnknownName_IsRefusedWithThoseKnown(string name) =>
        Should.Throw<FormatException>(() => QueueModel.Parse(name)).Message.ShouldBe(
            $"unknown queue model '{name}': expected one of risk-averse, power-N, power-total-N, power-share-N (N from 0.1 to 10), log");

    private static OwnOrder Order(long lots) => new(new("a", Dmm.Core.Side.Buy, 1_000, lots, true, Dmm.Core.TimeInForce.GoodTillCancelled), default);

    /// <summary>Trades at our price and, after some, the level as it then is; asks after each whether the front is as it should be.</summary>
    private static bool Play(QueueModel model, int level, (bool IsTrade, int Lots)[] history, Func<double, long, bool> holds)
    {
        var order = new QueuedOrder(Order(1_000_000), level);
        foreach (var (isTrade, lots) in history)
        {
            if (isTrade)
            {
                order.OnTrade(lots);
            }
            else
            {
                level = lots;
                order.OnLevel(lots, model);
            }

            if (!holds(order.Front, level)) return false;
        }

        return true;
    }

    private static bool Kept(List<double> fronts, double front)
    {
        fronts.Add(front);
        return true;
    }
}
