using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class SlippageGuardTests
{
    private readonly Driven<SlippageInput, SlippageGuardState> _guard = new(Create(SlippageGuardState.Starting));

    [Fact]
    public void FillTooFar_StopsRefreshingUntilTheExactInstant()
    {
        Fair(0, 1);
        Fill(10, Side.Buy, 1.003).Until(60);
        _guard.Said.ShouldBe(
        [
            "10 Halted ×1: buy on okx:DCT-USDT at 1.003 is 30.00 bps from the 60 s average 1, limit 25.00 bps: no refresh",
            "40 Active ×1: no fill breached for 30 s",
        ]);
    }

    [Theory]
    [InlineData(1.0025, 0)]
    [InlineData(1.0025000002, 1)]
    [InlineData(0.9975, 0)]
    [InlineData(0.9974999998, 1)]
    public void FillAtTheLimit_TripsOneUnitBeyondIt(double price, int count)
    {
        Fair(0, 1);
        Fill(10, Side.Sell, price);
        _guard.Said.Count.ShouldBe(count);
    }

    [Theory]
    [InlineData(1.0021, 60)]
    [InlineData(1.0019, 40)]
    public void FillWhileHalted_ProlongsItBeyondEightyPercentOfTheLimit(double price, double until)
    {
        Fair(0, 1);
        Fill(10, Side.Buy, 1.01);
        Fair(20, 1);
        Fill(30, Side.Buy, price).Until(100);
        _guard.Said.Count.ShouldBe(2);
        _guard.Said[1].ShouldStartWith($"{until} Active");
    }

    [Fact]
    public void FillWithoutAReference_Stops()
    {
        Fill(0, Side.Sell, 1);
        _guard.Said.ShouldBe(["0 Halted ×1: sell on okx:DCT-USDT cannot be held against a 60 s average: no refresh"]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    public void FillPriceThatIsNoPrice_Stops(double price)
    {
        Fair(0, 1);
        Fill(1, Side.Buy, price);
        _guard.Last!.Demand.ShouldBe(TradingState.Halted);
    }

    [Fact]
    public void FillPriceWithoutABound_Stops()
    {
        Fair(0, 1);
        Fill(1, Side.Buy, double.PositiveInfinity);
        _guard.Said.ShouldBe(["1 Halted ×1: buy on okx:DCT-USDT cannot be held against a 60 s average: no refresh"]);
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Bool, Gen.Double[0.995, 1.005], Gen.Double[0, 15]).Array[1, 30].Sample(steps =>
        {
            var seconds = 0.0;
            var script = steps.Select(s => (seconds = Math.Round(seconds + s.Item3, 3),
                s.Item1 ? new SlippageInput(s.Item2) : new SlippageInput(new ValuedFill(Market.Gate, Side.Sell, s.Item2)))).ToArray();
            Restored.ShouldSayTheSame(script, SlippageGuardState.Starting, Create, seconds + 40);
        });

    private static SlippageGuard Create(SlippageGuardState state) => new(state, Market.Instruments, new());

    private void Fair(double seconds, double value) => _guard.Take(seconds, new(value));

    private Driven<SlippageInput, SlippageGuardState> Fill(double seconds, Side side, double price) =>
        _guard.Take(seconds, new(new ValuedFill(Market.Okx, side, price)));
}
