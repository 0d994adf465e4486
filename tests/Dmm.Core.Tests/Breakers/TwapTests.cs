using System.Text.Json;
using CsCheck;
using Dmm.Core.Kernels;

namespace Dmm.Core.Tests.Breakers;

public sealed class TwapTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    private readonly Twap _twap = new(TwapState.Empty, Window);

    [Fact]
    public void NoPrice_HasNoAverage() => _twap.Average(At(0)).ShouldBeNull();

    [Fact]
    public void FirstPrice_IsTheAverageAtOnce()
    {
        _twap.Add(100, At(0));
        _twap.Average(At(0)).ShouldBe(100);
    }

    [Fact]
    public void TwoPrices_AreWeighedByTheirTime()
    {
        _twap.Add(100, At(0));
        _twap.Add(200, At(7.5));
        _twap.Average(At(10)).ShouldBe(125);
    }

    [Fact]
    public void WindowStart_IsRoundedDownToTheGrid()
    {
        _twap.Add(100, At(0));
        _twap.Add(160, At(30));
        _twap.Average(At(60.5)).ShouldBe((30 * 100 + 30.5 * 160) / 60.5);
        _twap.Average(At(61)).ShouldBe((29 * 100 + 31.0 * 160) / 60);
    }

    [Fact]
    public void PriceNotSaidAgainForAWindow_IsNotKnownAnyMore()
    {
        _twap.Add(100, At(0));
        _twap.Average(At(119)).ShouldBe(100);
        _twap.Average(At(121)).ShouldBeNull();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void PriceThatIsNone_GivesTimeWithoutWeight(double none)
    {
        _twap.Add(100, At(0));
        _twap.Add(none, At(10));
        _twap.Add(200, At(20));
        _twap.Average(At(30)).ShouldBe(150);
    }

    [Fact]
    public void LongSilence_CostsOneWindowOfWork()
    {
        _twap.Add(100, At(0));
        _twap.Add(200, At(1e9));
        _twap.Average(At(1e9 + 1)).ShouldBe(200);
    }

    [Fact]
    public void AnotherWindow_KeepsThePriceOnly()
    {
        _twap.Add(100, At(0));
        _twap.Add(200, At(10));
        new Twap(_twap.Capture(), TimeSpan.FromSeconds(30)).Average(At(20)).ShouldBe(200);
    }

    [Fact]
    public void AnyPrices_GiveTheIntegralOverTheWindow() =>
        Gen.Select(Gen.Double[50, 150], Gen.Double[0, 9]).Array[1, 80].Sample(steps =>
        {
            var twap = new Twap(TwapState.Empty, Window);
            var prices = new List<(long At, double Price)>();
            var at = Start;
            foreach (var (price, wait) in steps)
            {
                at += TimeSpan.FromSeconds(wait);
                twap = new Twap(JsonSerializer.Deserialize<TwapState>(JsonSerializer.Serialize(twap.Capture()))!, Window);
                twap.Add(price, at);
                prices.Add((at.Ticks, price));
            }

            var now = (at + TimeSpan.FromSeconds(1.25)).Ticks;
            var from = (now - Window.Ticks) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;
            var (sum, time) = (0.0, 0L);
            for (var i = 0; i < prices.Count; i++)
            {
                var held = (i + 1 < prices.Count ? prices[i + 1].At : now) - Math.Max(from, prices[i].At);
                if (held > 0) (sum, time) = (sum + prices[i].Price * held, time + held);
            }

            twap.Average(new(now))!.Value.ShouldBe(sum / time, 1e-9);
        });

    private static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);
}
