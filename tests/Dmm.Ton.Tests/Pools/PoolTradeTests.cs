using Dmm.Core;
using Dmm.Ton.Tests.Chain;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Pools.PoolSetting;

namespace Dmm.Ton.Tests.Pools;

/// <summary>Public trades from pools' transactions: recorded ones, and ones that we make.</summary>
public sealed class PoolTradeTests(ITestOutputHelper output)
{
    /// <summary>Every swap of version 2 in the recorded traces, read with either token as our base.</summary>
    [Fact]
    public void RecordedSwaps_AreTradesWithTheirExactAmounts_AndRequestsBefore()
    {
        var (trades, requests) = (0, 0);
        foreach (var transaction in Traces.Files().SelectMany(Traces.Read).Where(t => t.Came is { Source: not null, IsBounced: false }))
        {
            var came = transaction.Came!;
            if (MessageBodies.Read(came.Body, out _) is not StonFiV2PoolSwap asked) continue;
            var swap = StonFiSwap.Read(came.Body, [.. transaction.Sent.Select(m => m.Body)])!;
            var isFirst = asked.Amount0 > 0;
            var sold = new StonFiV2Place(transaction.Account, came.Source!, swap.OfferWallet, swap.AskWallet, IsBaseFirst: isFirst);
            var bought = new StonFiV2Place(transaction.Account, came.Source!, swap.AskWallet, swap.OfferWallet, IsBaseFirst: !isFirst);
            var message = Internal(came.Source!, transaction.Account, came.Body);
            var sent = transaction.Sent.Select(m => Internal(m.Source!, m.Destination!, m.Body)).ToList();
            if (swap.IsDone)
            {
                trades++;
                PoolTrade.Read(sold, transaction.Account, message, sent, 77, 5).ShouldBe(new(Side.Sell, swap.AmountIn, swap.AmountOut, 77, 5));
                PoolTrade.Read(bought, transaction.Account, message, sent, 77, 5).ShouldBe(new(Side.Buy, swap.AmountOut, swap.AmountIn, 77, 5));
            }
            else
            {
                PoolTrade.Read(sold, transaction.Account, message, sent, 77, 5).ShouldBeNull();
            }

            PoolTrade.Read(sold with { Router = At(99) }, transaction.Account, message, sent, 77, 5).ShouldBeNull("another router's word");
            PoolTrade.Read(sold with { Pool = At(99) }, transaction.Account, message, sent, 77, 5).ShouldBeNull("another pool's");
            PoolTrade.Read(sold with { BaseWallet = At(99) }, transaction.Account, message, sent, 77, 5).ShouldBeNull("another token's");

            // The leg that carries the swap's own payload; of a swap over two pools the second has another.
            if (MessageBodies.ReadPayload(asked.Payload, out _) is not StonFiV2Swap told) continue;
            requests++;
            var expected = new SwapRequest(Side.Sell, swap.AmountIn, told.MinOut, told.Deadline, HasArrived: true);
            told.AskWallet.ShouldBe(swap.AskWallet);
            Requests.Read(message, sold).ShouldBe([expected]);
            Requests.Read(message, bought).ShouldBe([expected with { Side = Side.Buy }]);
            Requests.Read(message, sold with { Pool = At(99) }).ShouldBeEmpty();
        }

        output.WriteLine($"{trades} swaps of version 2 are trades to the unit; {requests} of the pools' orders are requests");
        trades.ShouldBe(ExpectedTrades);
        requests.ShouldBe(ExpectedRequests);
    }

    [Fact]
    public void DedustSwap_IsATradeWithItsExactAmounts()
    {
        var jetton = new DedustAsset(Minter);
        var bought = new DedustSwapEvent(DedustAsset.Native, jetton, 100, 9_871, Trader, null, 1, 2);
        PoolTrade.Read(DedustPool, Told(bought), 77, 5).ShouldBe(new(Side.Buy, 9_871, 100, 77, 5));
        var sold = new DedustSwapEvent(jetton, DedustAsset.Native, 5_000, 50, Trader, null, 1, 2);
        PoolTrade.Read(DedustPool, Told(sold), 77, 5).ShouldBe(new(Side.Sell, 5_000, 50, 77, 5));

        PoolTrade.Read(DedustPool with { Pool = At(99) }, Told(sold), 77, 5).ShouldBeNull();
        PoolTrade.Read(DedustPool with { BaseMinter = At(99) }, Told(sold), 77, 5).ShouldBeNull();
        PoolTrade.Read(DedustPool, Told(sold) with { Kind = MessageKind.Internal }, 77, 5).ShouldBeNull();
        PoolTrade.Read(DedustPool, Told(bought with { AmountOut = 0 }), 77, 5).ShouldBeNull();

        static Message Told(DedustSwapEvent swap) => new(MessageKind.ExternalOut, DedustPool.Pool, null, 0, false, false, null, swap.ToCell());
    }

    [Fact]
    public void Trade_LiesOnTheGrids()
    {
        // 100 TON for 9,871.502405988 DCT, as on the virtual machine.
        var trade = new PoolTrade(Side.Buy, 9_871_502_405_988, 100 * (UInt128)Nano, 46_000_000_000_001, 1_750_000_000)
            .ToTrade(Traded, Nano, new Timestamp(9))!.Value;
        (trade.PriceTicks, trade.SizeLots, trade.Aggressor, trade.TradeId, trade.Instrument).ShouldBe((1013, 98_715, Side.Buy, 46_000_000_000_001, Traded.Id));
        (trade.VenueTime, trade.ReceiveTime).ShouldBe((Timestamp.Parse("2025-06-15T15:06:40Z"), new Timestamp(9)));
    }

    [Fact]
    public void Trade_TooSmallOrTooLargeForTheGrids_IsNone()
    {
        new PoolTrade(Side.Buy, 1, 1, 1, 1).ToTrade(Traded, Nano, default).ShouldBeNull();
        new PoolTrade(Side.Buy, Coins.NanoMax, Coins.NanoMax, 1, 1).ToTrade(Traded, Nano, default).ShouldBeNull();
        new PoolTrade(Side.Buy, 1, Coins.NanoMax, 1, 1).ToTrade(Traded, Nano, default).ShouldBeNull();
    }

    private const int ExpectedTrades = 5, ExpectedRequests = 5;
}
