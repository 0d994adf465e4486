using System.Numerics;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sources.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Pools.PoolSetting;

namespace Dmm.Ton.Tests.Pools;

/// <summary>The feed of pools before answers that come when the test says.</summary>
public sealed class ScriptedPoolTests
{
    private static readonly TokenPool Reserves = new(1_000_000 * (BigInteger)Nano, 10_000 * (BigInteger)Nano, new(20, 10));

    private static readonly Instrument Pool = PoolInstruments.Of(
        new FoundStonFiPool(StonFi, Minter, new("DCT", 9)), "stonfi", asset: null, new InstrumentId(0));

    [Fact]
    public async Task LookLongerThanTheInterval_TheNextBeginsWhenItEnds_AndThereAreNeverTwo()
    {
        await using var rig = new PoolRig();
        var looks = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<VenueReply<PoolSight>>>();
        var seqno = 0u;
        rig.Run(
            [new(Pool, async _ =>
            {
                var look = new TaskCompletionSource<VenueReply<PoolSight>>(TaskCreationOptions.RunContinuationsAsynchronously);
                await looks.Writer.WriteAsync(look, default);
                return await look.Task;
            })],
            _ => Task.FromResult<VenueReply<ChainHead>>(new VenueReply<ChainHead>.Accepted(new(++seqno, 1_767_323_040 + seqno))));
        var first = await looks.Reader.ReadAsync().AsTask().Guarded("a look");
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        looks.Reader.TryPeek(out TaskCompletionSource<VenueReply<PoolSight>>? _).ShouldBeFalse();
        first.SetResult(Seen(PoolSight.Of(Reserves)));
        await rig.ConnectedAsync();
        // At once, without a wait that anybody had to end.
        var second = await looks.Reader.ReadAsync().AsTask().Guarded("the next look");
        second.SetResult(Seen(PoolSight.Of(Reserves)));
        (await rig.BookAsync()).LastUpdateId.ShouldBe(2);
        await rig.Time.PassAsync(PoolRig.Interval);
        (await looks.Reader.ReadAsync().AsTask().Guarded("a look after an interval")).SetResult(new VenueReply<PoolSight>.Unknown("it is late"));
        (await rig.Heard.NextAsync<FeedStatus>()).ShouldBe(new("pools", FeedState.Disconnected, "stonfi:DCT-TON: it is late"));
    }

    [Fact]
    public async Task WaitsForTheLimit_AreWaitedFor_WhileTheyAddUpToLessThanAnInterval()
    {
        await using var rig = new PoolRig();
        var (asked, wait) = (0, TimeSpan.FromSeconds(0.7));
        rig.Run([new(Pool, _ => Task.FromResult(Seen(PoolSight.Of(Reserves))))], _ => Task.FromResult<VenueReply<ChainHead>>(
            ++asked is 1 or 2 or >= 4
                ? new VenueReply<ChainHead>.Refused(new(RefusalKind.RateLimited, "too many", wait))
                : new VenueReply<ChainHead>.Accepted(new(7, 1_767_323_040))));
        for (var i = 0; i < 2; i++) await rig.Time.PassAsync(wait);
        (await rig.ConnectedAsync()).LastUpdateId.ShouldBe(7);
        await rig.Time.PassAsync(PoolRig.Interval - 2 * wait);
        for (var i = 0; i < 2; i++) await rig.Time.PassAsync(wait);
        (await rig.Heard.NextAsync<FeedStatus>()).ShouldBe(new("pools", FeedState.Disconnected, "the chain's head: too many"));
        asked.ShouldBe(6);
    }

    [Fact]
    public async Task WriterThatThrows_EndsTheFeed()
    {
        var feed = Feed(PoolSight.Of(Reserves), (_, _) => throw new InvalidOperationException("full"));
        (await Should.ThrowAsync<InvalidOperationException>(() => feed.RunAsync(default).Guarded("the end"))).Message.ShouldBe("full");
    }

    [Fact]
    public async Task NodeThatStandsStill_IsFoundByTime_AndAPoolThatDoesNotChangeIsNot()
    {
        var (books, breaker) = (new OrderBook(Pool, OrderBookState.Empty), Breaker());
        await using var rig = new PoolRig();
        var head = new ChainHead(5, (uint)(rig.Time.GetUtcNow().ToUnixTimeSeconds() - 1));
        rig.Run(
            [new(Pool, _ => Task.FromResult(Seen(PoolSight.Of(Reserves))))],
            _ => Task.FromResult<VenueReply<ChainHead>>(new VenueReply<ChainHead>.Accepted(head)));
        Take(await rig.ConnectedAsync()).ShouldBe(TradingState.Active);
        for (var look = 0; look < 5; look++)
        {
            await rig.Time.SetAsync(PoolRig.Interval);
            head = new(head.Seqno + 1, head.At + 2);
            rig.Time.Advance(PoolRig.Interval);
            Take(await rig.BookAsync()).ShouldBe(TradingState.Active);
        }

        for (var look = 0; look < 4; look++) await rig.Time.PassAsync(PoolRig.Interval);
        await rig.Time.SetAsync(PoolRig.Interval);
        rig.Heard.IsQuiet.ShouldBeTrue();
        breaker.Elapse(rig.Time.Now).ShouldHaveSingleItem().Reason.ShouldBe("stonfi:DCT-TON is 9.00 s old, limit 8.00 s: quotes are cancelled");

        TradingState Take(BookUpdate update)
        {
            books.Apply(update);
            breaker.Take(new FeedInput(books.Top), rig.Time.Now);
            breaker.Elapse(rig.Time.Now);
            return breaker.Capture().Feeds[0].Demand;
        }

        static StalenessBreaker Breaker() => new(
            StalenessBreakerState.Starting, new([Pool]), QuotingParameters.Dct(new VenueParameters
            {
                Instrument = Pool.Name, StaleWidenAfter = TimeSpan.FromSeconds(6), StaleCancelAfter = TimeSpan.FromSeconds(8),
            }) with { NumeraireAssets = ["TON"] });
    }

    /// <summary>
    /// What the levels up to one of them hold, sold to or bought from the pool without fee, comes to no worse than their own prices, and to no
    /// better than those of the levels before them.
    /// </summary>
    [Fact]
    public void AnyLevels_AreWhatThePoolsExactFormulaGivesForTheirSize() => AnyReserves.Sample((held, money) =>
    {
        var book = Published(PoolSight.Of(new TokenPool(held, money, new(20, 10))));
        book.Levels.ToArray().ShouldBe(Published(PoolSight.Of(new DedustTokenPool(held, money, new(25, 10_000)))).Levels.ToArray());
        Check(new TokenPool(held, money, new(0, 0)));
        Check(new DedustTokenPool(held, money, new(0, 1)));

        void Check(ITokenPool free)
        {
            foreach (var side in new[] { Side.Buy, Side.Sell })
            {
                var (size, own, before, last) = (0m, 0m, 0m, (decimal)money / (decimal)held);
                foreach (var level in side == Side.Buy ? book.Bids : book.Asks)
                {
                    var (price, quantity) = (Pool.Prices.ToDecimal(level.PriceTicks), Pool.Sizes.ToDecimal(level.SizeLots));
                    (size, own, before, last) = (size + quantity, own + quantity * price, before + quantity * last, price);
                    var units = new BigInteger(size * Nano);
                    var exact = (decimal)(side == Side.Buy ? free.Move(Side.Sell, units).Quote : free.QuoteToBuy(units)!.Value) / Nano;
                    // Sizes are whole lots, rounded down, and amounts whole units.
                    var rounding = 2m / Nano + exact * 1e-9m;
                    if (side == Side.Buy) exact.ShouldBeInRange(own - rounding, before + rounding + Pool.Sizes.Step * price);
                    else exact.ShouldBeInRange(before - rounding - Pool.Sizes.Step * price, own + rounding);
                }
            }
        }
    });

    /// <summary>Who reads the book finds the pool in it: a size's price with fees is the pool's own.</summary>
    [Fact]
    public void AnySize_HasThePoolsPriceForWhoReadsTheBook() => Gen.Select(AnyReserves, Gen.Double[0.000_1, 0.004]).Sample((reserves, part) =>
    {
        var (held, money) = reserves;
        var real = new TokenPool(held, money, new(20, 10));
        var book = new OrderBook(Pool, OrderBookState.Empty);
        book.Apply(Published(PoolSight.Of(real)));
        var view = new BookView(Pool);
        using var shown = view.Show(book);
        var found = PoolCurve.Behind(view, Pool, new())!.Value;
        var size = Math.Round((decimal)held / Nano * (decimal)part, 6);
        var lots = Pool.Sizes.ToSteps(size);
        ((double)(PoolCurve.CostOf(found, size)!.Value / size / PoolPrices.Ask(real, Pool, lots, Nano)!.Value)).ShouldBe(1, 1e-5);
        ((double)(PoolCurve.ProceedsOf(found, size) / size / PoolPrices.Bid(real, Pool, lots, Nano)!.Value)).ShouldBe(1, 1e-5);
    });

    // A thousand to a billion of the base token, at 0.001 to 10 TON.
    private static Gen<(BigInteger Held, BigInteger Money)> AnyReserves => Gen.Select(Gen.Double[3, 9], Gen.Double[-3, 1], (held, price) =>
        (new BigInteger(Math.Pow(10, held) * Nano), new BigInteger(Math.Pow(10, held + price) * Nano)));

    private static VenueReply<PoolSight> Seen(PoolSight sight) => new VenueReply<PoolSight>.Accepted(sight);

    private static TonPoolFeed Feed(PoolSight sight, Func<Input, CancellationToken, ValueTask> write) => new(
        new TonPoolFeedOptions { Venue = "stonfi" }.Checked(), [new(Pool, _ => Task.FromResult(Seen(sight)))],
        _ => Task.FromResult<VenueReply<ChainHead>>(new VenueReply<ChainHead>.Accepted(new(7, 1_767_323_040))), new HandTime(), () => 1, write);

    /// <summary>The book that the feed makes of a sight.</summary>
    private static BookUpdate Published(PoolSight sight)
    {
        BookUpdate? published = null;
        using var stop = new CancellationTokenSource();
        var running = Feed(sight, (input, _) =>
        {
            if (input.Kind != InputKind.Book) return default;
            published = input.Book;
            stop.Cancel();
            return default;
        }).RunAsync(stop.Token);
        running.IsCanceled.ShouldBeTrue();
        return published!.Value;
    }
}
