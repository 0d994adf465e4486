using Dmm.Core;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>What traces of burns and transfers to the treasury show, on the real virtual machine.</summary>
[Collection(TvmCollection.Name)]
public sealed class SettlementTvmTests(TvmChain chain, ITestOutputHelper output)
{
    private static readonly Address Treasury = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    [Fact]
    public void Burn_IsSettled_AndTheSupplyFallsByIt()
    {
        using var wallet = Minted(out var jetton, out var owner);
        var before = jetton.Supply();
        var trace = Send(wallet, Burn(owner, 200_000));
        var burnt = JettonSettlements.Burn(trace, owner, jetton.Minter, 8)!;
        (burnt.Kind, burnt.Asked, burnt.Settled, burnt.Exit, burnt.Delivered).ShouldBe(
            (SettlementKind.Settled, (UInt128)200_000, (UInt128)200_000, 0, Coins.Zero));
        burnt.IsShownBy(before, jetton.Supply()).ShouldBeTrue();
        burnt.IsShownBy(before, before).ShouldBeFalse();
        burnt.IsShownBy(jetton.Supply(), before).ShouldBeFalse();
        burnt.Cost.ShouldBeInRange(Coins.Parse("0.005"), Coins.Parse("0.02"));
        output.WriteLine($"burn: {burnt.Cost} TON of {burnt.Sent} do not come back");

        JettonSettlements.Burn(trace, owner, jetton.Minter, 9)!.Kind.ShouldBe(SettlementKind.NotSent, "another query");
        JettonSettlements.Burn(trace, owner, Treasury, 8)!.Kind.ShouldBe(SettlementKind.Refused, "another's word is none");
        JettonSettlements.Burn(trace with { Finality = TraceFinality.Confirmed }, owner, jetton.Minter, 8).ShouldBeNull();
        JettonSettlements.Burn(trace with { IsComplete = false }, owner, jetton.Minter, 8).ShouldBeNull();
    }

    [Fact]
    public void TransferToTheTreasury_IsSettled_WithItsTon()
    {
        using var wallet = Minted(out var jetton, out var owner);
        var (treasury, supply) = (new JettonHolder(Treasury, jetton.WalletOf(Treasury)), jetton.Supply());
        var trace = Send(wallet, Transfer(owner, 300_000, "0.15"));
        var moved = JettonSettlements.Transfer(trace, owner, treasury, 7)!;
        (moved.Kind, moved.Asked, moved.Settled, moved.Exit, moved.Delivered).ShouldBe(
            (SettlementKind.Settled, (UInt128)300_000, (UInt128)300_000, 0, Coins.Parse("0.01")));
        jetton.Balance(treasury.Wallet).ShouldBe(moved.Settled);
        moved.IsShownBy(supply, jetton.Supply()).ShouldBeFalse("the supply is as before");
        // The treasury's jetton wallet, which is new, keeps some for its storage.
        var kept = chain.Account(treasury.Wallet).Balance;
        (moved.Cost - kept).ShouldBeInRange(Coins.Parse("0.005"), Coins.Parse("0.02"));
        output.WriteLine($"transfer: {moved.Cost} TON of {moved.Sent} do not come back, {kept} of it lie in the new wallet; {moved.Delivered} went on");
        JettonSettlements.Transfer(trace, owner, new(Treasury, owner.Wallet), 7)!.Kind.ShouldBe(SettlementKind.Refused, "not to that wallet");
    }

    [Theory]
    [InlineData(1_000_001, "0.15")]
    [InlineData(1_000, "0.02")]
    public void TransferThatCannotBe_IsRefused_AndTheTonComesBackButForItsGas(int amount, string ton)
    {
        using var wallet = Minted(out var jetton, out var owner);
        var trace = Send(wallet, Transfer(owner, (UInt128)amount, ton));
        var refused = JettonSettlements.Transfer(trace, owner, new(Treasury, jetton.WalletOf(Treasury)), 7)!;
        (refused.Kind, refused.Asked, refused.Settled, refused.Delivered).ShouldBe(
            (SettlementKind.Refused, (UInt128)amount, UInt128.Zero, Coins.Zero));
        refused.Exit.ShouldBeGreaterThan(1);
        refused.Returned.ShouldBeGreaterThan(Coins.Zero);
        jetton.Balance(owner.Wallet).ShouldBe((UInt128)1_000_000);
        output.WriteLine($"{amount} with {ton} TON: exit {refused.Exit}, {refused.Cost} TON do not come back");
    }

    [Fact]
    public void BurnThatCannotBe_IsRefused_AndTheSupplyStays()
    {
        using var wallet = Minted(out var jetton, out var owner);
        var before = jetton.Supply();
        var refused = JettonSettlements.Burn(Send(wallet, Burn(owner, 1_000_001)), owner, jetton.Minter, 8)!;
        (refused.Kind, refused.Settled).ShouldBe((SettlementKind.Refused, UInt128.Zero));
        refused.IsShownBy(before, jetton.Supply()).ShouldBeFalse();
        jetton.Supply().ShouldBe(before);
        output.WriteLine($"burn of too many: exit {refused.Exit}, {refused.Cost} TON do not come back");
    }

    [Fact]
    public void MessageThatTheWalletLeftOut_WasNotSent()
    {
        using var wallet = Minted(out var jetton, out var owner);
        var trace = Send(wallet, Burn(owner, 1) with { Value = Coins.Parse("1000000") });
        JettonSettlements.Burn(trace, owner, jetton.Minter, 8)!.Kind.ShouldBe(SettlementKind.NotSent);
    }

    // No router is there: the notification that the exchange would swap by ends at an address without code, and bounces.
    [Theory]
    [InlineData(PoolExchange.StonFi)]
    [InlineData(PoolExchange.Dedust)]
    public void SaleAtAPool_LeavesTheWalletAsItIsAskedFor_AndWhatArrivesIsRead(PoolExchange exchange)
    {
        using var wallet = Minted(out var jetton, out var owner);
        FoundPool pool = exchange == PoolExchange.StonFi
            ? new FoundStonFiPool(new(At(0x10), At(0x11), jetton.WalletOf(At(0x11)), At(0x13), IsBaseFirst: true), jetton.Minter, new("DCT", 9))
            : new FoundDedustPool(new(At(0x20), jetton.Minter, At(0x23)), null!, jetton.Minter, new("DCT", 9));
        var order = new SwapOrder(Side.Sell, 400_000, 1, WalletOnChain.Now + 60, 9);
        var message = PoolSwapMessages.Of(pool, owner, order);
        PoolSwapMessages.Read(message.ToCell()).ShouldBe(order);
        var outcome = TraceReader.Read(Send(wallet, message), wallet.Address, 1)!;
        var taker = jetton.WalletOf(exchange == PoolExchange.StonFi ? At(0x11) : At(0x23));
        (outcome.Legs[0].Jettons.Asked, outcome.Legs[0].Jettons.TakenBy(taker)).ShouldBe(((UInt128)400_000, (UInt128)400_000));
        jetton.Balance(taker).ShouldBe((UInt128)400_000);
        var settled = PoolSwapSettlement.Read(pool, owner, order, outcome);
        (settled.IsExecuted, settled.Base, settled.At).ShouldBe((false, UInt128.Zero, WalletOnChain.Now));
        settled.Reason.ShouldBe("it did not come to the pool: Refunded; 400000 units of the base token did not come back");
        output.WriteLine($"{exchange}: gas {settled.GasNano} nanotons of {message.Value}");
    }

    private WalletOnChain Minted(out JettonOnChain jetton, out JettonHolder owner)
    {
        chain.Open(WalletOnChain.Now);
        var wallet = WalletOnChain.Funded(chain, "v5r1");
        jetton = JettonOnChain.Deploy(chain, wallet);
        wallet.Send(jetton.Mint(wallet.Address, 1_000_000));
        owner = new(wallet.Address, jetton.WalletOf(wallet.Address));
        return wallet;
    }

    private static Address At(byte fill) => new(0, new Hash256([.. Enumerable.Repeat(fill, 32)]));

    private static Trace Send(WalletOnChain wallet, InternalMessage message) =>
        new([.. wallet.Send(message).Select(t => t.Traced(WalletOnChain.Now))], TraceFinality.Finalized, IsComplete: true);

    private static InternalMessage Burn(JettonHolder owner, UInt128 amount) =>
        new(owner.Wallet, Coins.Parse("0.1"), new JettonBurn(8, amount, owner.Address).ToCell());

    private static InternalMessage Transfer(JettonHolder owner, UInt128 amount, string ton) => new(
        owner.Wallet, Coins.Parse(ton),
        new JettonTransfer(7, amount, Treasury, owner.Address, null, Coins.Parse("0.01"), ForwardPayload.None).ToCell());
}
