using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Ton.Tests.Tvm;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Pools.PoolSetting;

namespace Dmm.Ton.Tests.Pools;

/// <summary>Swaps that are asked for and not carried out yet, at each place of their way.</summary>
public sealed class SwapRequestsTests
{
    private static readonly SwapRequest Purchase = new(Side.Buy, 100, 9_000, 2_000_000_000, HasArrived: false);
    private static readonly SwapRequest Sale = new(Side.Sell, 5_000, 40, 2_000_000_000, HasArrived: false);

    private static readonly Cell BuyBody = new PtonTransfer(1, 100, Trader, SwapPayload(StonFi.BaseWallet, 9_000)).ToCell();
    private static readonly Cell SellBody = Transfer(5_000, StonFi.Router, SwapPayload(StonFi.QuoteWallet, 40));

    [Fact]
    public void StonFi_OnItsWayFromAWallet()
    {
        Read(Internal(Trader, StonFi.QuoteWallet, BuyBody, 400)).ShouldBe([Purchase]);
        Read(Internal(Trader, TraderWallet, SellBody, 400)).ShouldBe([Sale]);
    }

    [Fact]
    public void StonFi_AtItsRouter()
    {
        var sale = new JettonNotification(1, 4_950, Trader, ForwardPayload.InReference(SwapPayload(StonFi.QuoteWallet, 40))).ToCell();
        Read(Internal(StonFi.BaseWallet, StonFi.Router, sale)).ShouldBe([Sale with { Amount = 4_950, HasArrived = true }]);
        var purchase = new JettonNotification(1, 100, Trader, ForwardPayload.InReference(SwapPayload(StonFi.BaseWallet, 9_000))).ToCell();
        Read(Internal(StonFi.QuoteWallet, StonFi.Router, purchase)).ShouldBe([Purchase with { HasArrived = true }]);
        Read(Internal(At(99), StonFi.Router, sale)).ShouldBeEmpty("anybody can say that jettons came");
    }

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public void Swaps_AskedOfAWalletFromOutside(string version)
    {
        var contract = WalletOnChain.Of(version, At(7).Account, walletId: null);
        var requests = new SwapRequests(owner => owner == contract.Address ? TraderWallet : At(98));
        WalletTransfer[] transfers =
        [
            new(new InternalMessage(StonFi.QuoteWallet, 400, BuyBody)), new(new InternalMessage(Trader, 400, Cell.Empty)),
            new(new InternalMessage(TraderWallet, 400, SellBody)),
        ];
        var body = contract.Body(contract.SignedPart(3, 60, transfers), new byte[ISigner.SignatureBytes]);
        var message = Message.Read(new ExternalInMessage(contract.Address, body).ToCell());
        requests.Read(message, StonFi).ShouldBe([Purchase, Sale]);
        Requests.Read(message, StonFi).ShouldBe([Purchase], "a transfer from another contract than the owner's jetton wallet");
    }

    [Fact]
    public void WhatIsNone_IsNone()
    {
        Read(Internal(Trader, At(99), BuyBody, 400)).ShouldBeEmpty("another router's wrapped TON");
        Read(Internal(Trader, StonFi.QuoteWallet, BuyBody, 99)).ShouldBeEmpty("less money than it says");
        Read(Internal(Trader, At(99), SellBody, 400)).ShouldBeEmpty("another jetton");
        Read(Internal(Trader, TraderWallet, Transfer(5_000, At(99), SwapPayload(StonFi.QuoteWallet, 40)))).ShouldBeEmpty("to somebody else");
        Read(Internal(Trader, TraderWallet, Transfer(5_000, StonFi.Router, SwapPayload(At(99), 40)))).ShouldBeEmpty("for another token");
        Read(Internal(Trader, TraderWallet, Transfer(0, StonFi.Router, SwapPayload(StonFi.QuoteWallet, 40)))).ShouldBeEmpty("of nothing");
        Read(Internal(Trader, TraderWallet, Transfer(5_000, StonFi.Router, Cell.Empty))).ShouldBeEmpty("a mere transfer");
        Read(Internal(Trader, TraderWallet, SellBody) with { IsBounced = true }).ShouldBeEmpty("back already");
        Read(new(MessageKind.ExternalIn, null, Trader, 0, false, false, null, SellBody)).ShouldBeEmpty("no wallet's request");
        Read(new(MessageKind.ExternalOut, Trader, null, 0, false, false, null, SellBody)).ShouldBeEmpty("an event");
    }

    [Fact]
    public void Dedust_OnItsWay()
    {
        var parameters = new DedustSwapParams(2_000_000_000, Trader);
        var purchase = new DedustNativeSwap(1, 100, new(DedustPool.Pool, 9_000), parameters).ToCell();
        var sale = new DedustJettonSwap(new(DedustPool.Pool, 40), parameters).ToCell();
        Read(Internal(Trader, Dedust.NativeVault, purchase, 400)).ShouldBe([Purchase]);
        Read(Internal(Trader, TraderWallet, Transfer(5_000, Vault, sale), 400)).ShouldBe([Sale]);
        var told = new JettonNotification(1, 4_950, Trader, ForwardPayload.InReference(sale)).ToCell();
        Read(Internal(new(0, new CellBuilder().StoreAddress(Vault).Build().Hash), Vault, told)).ShouldBe([Sale with { Amount = 4_950, HasArrived = true }]);

        Read(Internal(Trader, Dedust.NativeVault, purchase, 99)).ShouldBeEmpty("less money than it says");
        Read(Internal(Trader, At(99), purchase, 400)).ShouldBeEmpty("another vault");
        Read(Internal(At(99), Vault, told)).ShouldBeEmpty("anybody can say that jettons came");
        var elsewhere = new DedustNativeSwap(1, 100, new(At(99), 9_000), parameters).ToCell();
        Read(Internal(Trader, Dedust.NativeVault, elsewhere, 400)).ShouldBeEmpty("another pool");

        static IReadOnlyList<SwapRequest> Read(Message message) => Requests.Read(message, DedustPool);
    }

    [Fact]
    public void Request_IsPricedByThePool_AndByItsOwnLimits()
    {
        var pool = new TokenPool(1_000_000 * (UInt128)Nano, 10_000 * (UInt128)Nano, new(20, 10), 100);
        var request = new SwapRequest(Side.Buy, 100 * (UInt128)Nano, 9_871_502_405_988, 1_750_000_000, HasArrived: false);
        var pending = request.Priced(Traded.Id, "t", pool);
        (pending.Instrument, pending.Trace, pending.Side, pending.ValidUntil).ShouldBe((Traded.Id, "t", Side.Buy, Timestamp.Parse("2025-06-15T15:06:40Z")));
        pending.ImpactBps.ShouldBe(PoolPrices.ImpactBps(pool, Side.Buy, 100 * (UInt128)Nano, 0));
        (request with { LeastOut = 9_871_502_405_989 }).Priced(Traded.Id, "t", pool).ImpactBps.ShouldBe(0, "one unit more than the pool gives");
        (request with { Deadline = 0 }).Priced(Traded.Id, "t", pool).ValidUntil.ShouldBe(Timestamp.None);
        (request with { Deadline = ulong.MaxValue }).Priced(Traded.Id, "t", pool).ValidUntil.ShouldBe(Timestamp.None);

        // What has arrived is taxed no more.
        var sale = new SwapRequest(Side.Sell, 4_950 * (UInt128)Nano, 0, 0, HasArrived: true);
        var sent = sale with { Amount = 5_000 * (UInt128)Nano, HasArrived = false };
        sale.Priced(Traded.Id, "t", pool).ShouldBe(sent.Priced(Traded.Id, "t", pool));
        var dedust = new DedustTokenPool(pool.Base, pool.Quote, new(25, 10_000), 100);
        sale.Priced(Traded.Id, "t", dedust).ShouldBe(sent.Priced(Traded.Id, "t", dedust));
    }

    private static IReadOnlyList<SwapRequest> Read(Message message) => Requests.Read(message, StonFi);

    private static Cell Transfer(UInt128 amount, Address to, Cell payload) =>
        new JettonTransfer(1, amount, to, Trader, null, 240, ForwardPayload.InReference(payload)).ToCell();
}
