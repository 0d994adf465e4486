using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>Our jetton bodies against the standard jetton's contracts on the real virtual machine.</summary>
[Collection(TvmCollection.Name)]
public sealed class JettonTvmTests(TvmChain chain, ITestOutputHelper output)
{
    private const uint MintOp = 21;

    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public void Jettons_AreMintedSentAndBurnt_AndTheSupplyIsTheirSum(string version)
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, version);
        var (minter, walletOf) = Deploy(wallet);
        var (ours, bobs) = (walletOf(wallet.Address), walletOf(Bob));
        chain.Call(minter, "get_wallet_address", new CellBuilder().StoreAddress(wallet.Address).Build())[0].Address.ShouldBe(ours);

        wallet.Send(Mint(minter, wallet.Address, 1_000_000));
        (Balance(ours), Supply(minter)).ShouldBe(((UInt128)1_000_000, (UInt128)1_000_000));

        var payload = new TextComment("for the fish").ToCell();
        var transfer = new JettonTransfer(7, 300_000, Bob, wallet.Address, null, Coins.Parse("0.05"), ForwardPayload.InReference(payload));
        var moved = wallet.Send(new InternalMessage(ours, Coins.Parse("0.15"), transfer.ToCell()));
        (Balance(ours), Balance(bobs), Supply(minter)).ShouldBe(((UInt128)700_000, (UInt128)300_000, (UInt128)1_000_000));
        var told = moved.SelectMany(t => t.Sent).Single(m => m.Destination == Bob);
        JettonNotification.Read(told.Body).ShouldBe(new(7, 300_000, wallet.Address, ForwardPayload.InReference(payload)));
        (told.Source, told.Value).ShouldBe((bobs, Coins.Parse("0.05")));
        var back = moved.SelectMany(t => t.Sent).Single(m => m.Destination == wallet.Address);
        JettonExcesses.Read(back.Body).ShouldBe(new(7));
        output.WriteLine($"{version}: a transfer costs {moved.Aggregate(Coins.Zero, (sum, t) => sum + t.Fees)} TON in fees");

        var burnt = wallet.Send(new InternalMessage(ours, Coins.Parse("0.1"), new JettonBurn(8, 200_000, wallet.Address).ToCell()));
        (Balance(ours), Supply(minter)).ShouldBe(((UInt128)500_000, (UInt128)800_000));
        var note = burnt.SelectMany(t => t.Sent).Single(m => m.Destination == minter);
        JettonBurnNotification.Read(note.Body).ShouldBe(new(8, 200_000, wallet.Address, wallet.Address));
        (Balance(ours) + Balance(bobs)).ShouldBe(Supply(minter));
    }

    [Fact]
    public void TransferWithTooLittleTon_ComesBack_AndMovesNothing()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, "v5r1");
        var (minter, walletOf) = Deploy(wallet);
        wallet.Send(Mint(minter, wallet.Address, 1_000));
        var ours = walletOf(wallet.Address);
        var transfer = new JettonTransfer(9, 1_000, Bob, wallet.Address, null, Coins.Parse("0.05"), ForwardPayload.None);
        var failed = wallet.Send(new InternalMessage(ours, Coins.Parse("0.02"), transfer.ToCell()));
        // The wallet's own transaction is a success all the same.
        failed[0].Exit.ShouldBe(0);
        failed[1].Exit.ShouldNotBe(0);
        var bounced = failed[1].Sent.ShouldHaveSingleItem();
        (bounced.IsBounced, bounced.Destination).ShouldBe((true, wallet.Address));
        bounced.Body.Parse().LoadUInt32().ShouldBe(uint.MaxValue);
        (Balance(ours), Supply(minter)).ShouldBe(((UInt128)1_000, (UInt128)1_000));
    }

    [Fact]
    public void MoreJettonsThanThereAre_AreNeitherSentNorBurnt()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, "v5r1");
        var (minter, walletOf) = Deploy(wallet);
        wallet.Send(Mint(minter, wallet.Address, 1_000));
        var ours = walletOf(wallet.Address);
        IMessageBody[] tooMuch =
        [
            new JettonTransfer(1, 1_001, Bob, wallet.Address, null, 1, ForwardPayload.None), new JettonBurn(2, 1_001, wallet.Address),
        ];
        foreach (var body in tooMuch)
            wallet.Send(new InternalMessage(ours, Coins.Parse("0.2"), body.ToCell()))[1].Exit.ShouldNotBe(0);
        (Balance(ours), Supply(minter)).ShouldBe(((UInt128)1_000, (UInt128)1_000));
    }

    // The wallet is the minter's owner; the jetton wallet of an owner follows from the contracts' code and data.
    private (Address Minter, Func<Address, Address> WalletOf) Deploy(WalletOnChain owner)
    {
        var code = chain.JettonCode();
        var content = new CellBuilder().StoreUInt(1, 8).StoreBytes("https://example.org/dct.json"u8).Build();
        var minter = new StateInit(
            code.Minter, new CellBuilder().StoreAmount(0).StoreAddress(owner.Address).StoreRef(content).StoreRef(code.Wallet).Build());
        owner.Send(new InternalMessage(minter.Address(), Coins.Parse("0.5"), Cell.Empty, IsBounceable: false, minter));
        chain.Account(minter.Address()).State.ShouldBe("active");
        return (minter.Address(), WalletOf);

        Address WalletOf(Address of) => new StateInit(
            code.Wallet,
            new CellBuilder().StoreAmount(0).StoreAddress(of).StoreAddress(minter.Address()).StoreRef(code.Wallet).Build()).Address();
    }

    private static InternalMessage Mint(Address minter, Address to, UInt128 amount)
    {
        var minted = new JettonInternalTransfer(5, amount, null, to, 0, ForwardPayload.None).ToCell();
        var body = new CellBuilder().StoreUInt(MintOp, 32).StoreUInt(5, 64).StoreAddress(to).StoreCoins(Coins.Parse("0.05")).StoreRef(minted).Build();
        return new(minter, Coins.Parse("0.2"), body);
    }

    private UInt128 Balance(Address jettonWallet) => chain.Call(jettonWallet, "get_wallet_data")[0].Number;

    private UInt128 Supply(Address minter) => chain.Call(minter, "get_jetton_data")[0].Number;
}
