using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>Our jetton bodies against the standard jetton's contracts on the real virtual machine.</summary>
[Collection(TvmCollection.Name)]
public sealed class JettonTvmTests(TvmChain chain, ITestOutputHelper output)
{
    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    [Theory]
    [InlineData("v4r2")]
    [InlineData("v5r1")]
    public void Jettons_AreMintedSentAndBurnt_AndTheSupplyIsTheirSum(string version)
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, version);
        var jetton = JettonOnChain.Deploy(chain, wallet);
        var (ours, bobs) = (jetton.WalletOf(wallet.Address), jetton.WalletOf(Bob));
        chain.Call(jetton.Minter, "get_wallet_address", new CellBuilder().StoreAddress(wallet.Address).Build())[0].Address.ShouldBe(ours);

        wallet.Send(jetton.Mint(wallet.Address, 1_000_000));
        (jetton.Balance(ours), jetton.Supply()).ShouldBe(((UInt128)1_000_000, (UInt128)1_000_000));

        var payload = new TextComment("for the fish").ToCell();
        var transfer = new JettonTransfer(7, 300_000, Bob, wallet.Address, null, Coins.Parse("0.05"), ForwardPayload.InReference(payload));
        var moved = wallet.Send(new InternalMessage(ours, Coins.Parse("0.15"), transfer.ToCell()));
        (jetton.Balance(ours), jetton.Balance(bobs), jetton.Supply()).ShouldBe(((UInt128)700_000, (UInt128)300_000, (UInt128)1_000_000));
        var told = moved.SelectMany(t => t.Sent).Single(m => m.Destination == Bob);
        JettonNotification.Read(told.Body).ShouldBe(new(7, 300_000, wallet.Address, ForwardPayload.InReference(payload)));
        (told.Source, told.Value).ShouldBe((bobs, Coins.Parse("0.05")));
        var back = moved.SelectMany(t => t.Sent).Single(m => m.Destination == wallet.Address);
        JettonExcesses.Read(back.Body).ShouldBe(new(7));
        output.WriteLine($"{version}: a transfer costs {moved.Aggregate(Coins.Zero, (sum, t) => sum + t.Fees)} TON in fees");

        var burnt = wallet.Send(new InternalMessage(ours, Coins.Parse("0.1"), new JettonBurn(8, 200_000, wallet.Address).ToCell()));
        (jetton.Balance(ours), jetton.Supply()).ShouldBe(((UInt128)500_000, (UInt128)800_000));
        var note = burnt.SelectMany(t => t.Sent).Single(m => m.Destination == jetton.Minter);
        JettonBurnNotification.Read(note.Body).ShouldBe(new(8, 200_000, wallet.Address, wallet.Address));
        (jetton.Balance(ours) + jetton.Balance(bobs)).ShouldBe(jetton.Supply());
    }

    [Fact]
    public void TransferWithTooLittleTon_ComesBack_AndMovesNothing()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, "v5r1");
        var jetton = JettonOnChain.Deploy(chain, wallet);
        wallet.Send(jetton.Mint(wallet.Address, 1_000));
        var ours = jetton.WalletOf(wallet.Address);
        var transfer = new JettonTransfer(9, 1_000, Bob, wallet.Address, null, Coins.Parse("0.05"), ForwardPayload.None);
        var failed = wallet.Send(new InternalMessage(ours, Coins.Parse("0.02"), transfer.ToCell()));
        // The wallet's own transaction is a success all the same.
        failed[0].Exit.ShouldBe(0);
        failed[1].Exit.ShouldNotBe(0);
        var bounced = failed[1].Sent.ShouldHaveSingleItem();
        (bounced.IsBounced, bounced.Destination).ShouldBe((true, wallet.Address));
        bounced.Body.Parse().LoadUInt32().ShouldBe(uint.MaxValue);
        (jetton.Balance(ours), jetton.Supply()).ShouldBe(((UInt128)1_000, (UInt128)1_000));
    }

    [Fact]
    public void MoreJettonsThanThereAre_AreNeitherSentNorBurnt()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, "v5r1");
        var jetton = JettonOnChain.Deploy(chain, wallet);
        wallet.Send(jetton.Mint(wallet.Address, 1_000));
        var ours = jetton.WalletOf(wallet.Address);
        IMessageBody[] tooMuch =
        [
            new JettonTransfer(1, 1_001, Bob, wallet.Address, null, 1, ForwardPayload.None), new JettonBurn(2, 1_001, wallet.Address),
        ];
        foreach (var body in tooMuch)
            wallet.Send(new InternalMessage(ours, Coins.Parse("0.2"), body.ToCell()))[1].Exit.ShouldNotBe(0);
        (jetton.Balance(ours), jetton.Supply()).ShouldBe(((UInt128)1_000, (UInt128)1_000));
    }
}
