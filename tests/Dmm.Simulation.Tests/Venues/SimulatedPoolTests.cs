using Dmm.Core;
using Dmm.Core.Messages;
using static Dmm.Simulation.Tests.Venues.PoolDesk;

namespace Dmm.Simulation.Tests.Venues;

public sealed class SimulatedPoolTests
{
    [Fact]
    public void Book_IsWhatTheReservesHoldBetweenPrices()
    {
        var (second, book) = new PoolDesk().Started().RunTo(0.2).Books().ShouldHaveSingleItem();

        second.ShouldBe(0.2);
        (book.VenueTime, book.ReceiveTime, book.IsSnapshot).ShouldBe((Start, Start + TimeSpan.FromSeconds(0.2), true));
        (book.Bids.Length, book.Asks.Length).ShouldBe((10, 10));
        // Mid 0.01; √k = 100,000; 10⁵·(1/√0.00999 − 1/√0.01) = 500.37 DCT, and 499.62 on the other side.
        book.Bids[0].ShouldBe(new BookLevel(999, 5003));
        book.Asks[0].ShouldBe(new BookLevel(1001, 4996));
        book.Bids[9].PriceTicks.ShouldBe(990);
        book.Asks[9].PriceTicks.ShouldBe(1010);
    }

    [Theory]
    [InlineData(37_123, 12_345)]
    [InlineData(1_000_000, 314_159)]
    [InlineData(5_000, 77)]
    public void Book_HasTheRatioOfTheReservesForItsMid(int dct, int ton)
    {
        var book = new PoolDesk(reserves: Reserves with { Base = dct * Token, Quote = ton * Token }).Started().RunTo(0.2).Books().Single().Book;
        var midTicks = (book.Bids[0].PriceTicks + book.Asks[0].PriceTicks) / 2.0;
        midTicks.ShouldBe((double)ton / dct * 100_000, 0.5);
    }

    [Fact]
    public void Snapshots_ComeWithEachBlockAndEachSwap()
    {
        var desk = new PoolDesk().Started();
        desk.Swap(1.5, Side.Buy, 100 * Token);
        desk.RunTo(3.2);

        desk.Books().Select(b => b.Second).ShouldBe([0.2, 1.2, 1.7, 2.2, 3.2]);
        desk.Books().Select(b => b.Book.LastUpdateId).ShouldBe([1, 2, 3, 4, 5]);
        var (second, trade) = desk.Trades().ShouldHaveSingleItem();
        second.ShouldBe(1.7);
        // 100 TON for 9,871.502405988 DCT.
        (trade.Aggressor, trade.PriceTicks, trade.SizeLots, trade.VenueTime).ShouldBe((Side.Buy, 1013, 98_715, Start + TimeSpan.FromSeconds(1.5)));
        desk.Books().ElementAt(2).Book.Bids[0].PriceTicks.ShouldBe((long)(10_100 * 0.999 / 990_118.616210222 * 100_000));
    }

    [Fact]
    public void SwapWhileAnotherIsInFlight_IsRefused()
    {
        var desk = new PoolDesk().Started().RunTo(0.5);
        desk.Pool.Submit(new PoolSwapRequest(1, new("a", Side.Buy, Token, 0)));
        Should.Throw<InvalidOperationException>(() => desk.Pool.Submit(new PoolSwapRequest(2, new("b", Side.Buy, Token, 0))))
            .Message.ShouldContain("swap 2");
    }

    [Fact]
    public void NoPool_IsRefusedWithAllFaults()
    {
        var instrument = Instrument() with { QuoteAsset = "USDT" };
        var fault = Should.Throw<ParameterException>(() => new SimulatedPool(
            instrument, new PoolRules { DelayBlocksMax = 0, LowGasProbability = 2 }, Reserves with { Base = 0 }, new(Start), new(1), (in _) => { }));
        fault.Faults.Count.ShouldBe(4);
        fault.Message.ShouldContain("pool:DCT/TON is quoted in USDT: expected a pool against TON");
    }

    [Fact]
    public void SameSeed_SaysTheSameBytes()
    {
        Run(7).ShouldBe(Run(7));
        Run(7).ShouldNotBe(Run(8));

        static string Run(long seed)
        {
            var desk = new PoolDesk(new PoolRules { LowGasProbability = 0.2 }, seed: seed).Started();
            new PoolNoiseTraders(desk.Pool, new() { SwapsPerSecond = 1 }, desk.Queue, SeededRandom.For(seed, "noise")).Start();
            new PoolArbitrageur(desk.Pool, () => 0.01, new(), desk.Queue, SeededRandom.For(seed, "arbitrage")).Start();
            for (var i = 0; i < 100; i++)
            {
                desk.Place(i, Side.Buy, 995, 5_000);
                desk.Place(i, Side.Sell, 1005, 5_000);
            }

            var transcript = desk.RunTo(300).Transcript();
            desk.Pool.Counts.Executed.ShouldBeGreaterThan(0, $"seed {seed}");
            return transcript;
        }
    }
}
