using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>Our signed messages on the real virtual machine.</summary>
[Collection(TvmCollection.Name)]
public sealed class WalletTvmTests(TvmChain chain, ITestOutputHelper output)
{
    private const string V4 = "v4r2", V5 = "v5r1";

    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    [Theory]
    [InlineData(V4, 3308, 5234)]
    [InlineData(V5, 4939, 7090)]
    public void Wallet_DeploysWithItsFirstMessage_AndSends(string version, int gasOfOne, int gasOfFour)
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, version);
        chain.Account(wallet.Address).State.ShouldNotBe("active");

        wallet.Send(To(Bob, "1.5", new TextComment("deployed").ToCell()));
        chain.Account(wallet.Address).State.ShouldBe("active");
        var one = wallet.Send(To(Bob, "1", new TextComment("hello").ToCell()));
        one[0].Gas.ShouldBe(gasOfOne);
        var sent = one[0].Sent.ShouldHaveSingleItem();
        (sent.Source, sent.Destination, sent.Value).ShouldBe((wallet.Address, Bob, Coins.Parse("1")));
        TextComment.Read(sent.Body).Text.ShouldBe("hello");

        var four = wallet.Send([.. Enumerable.Range(1, 4).Select(i => To(Bob, $"0.0{i}", Cell.Empty))]);
        four[0].Gas.ShouldBe(gasOfFour);
        four[0].Sent.Select(m => m.Value).ShouldBe([Coins.Parse("0.01"), Coins.Parse("0.02"), Coins.Parse("0.03"), Coins.Parse("0.04")]);
        chain.Account(Bob).Balance.ShouldBeGreaterThan(Coins.Parse("2.5"));
        output.WriteLine($"{version}: gas {one[0].Gas} for one message, {four[0].Gas} for four; fees {one[0].Fees} and {four[0].Fees} TON");
    }

    [Theory]
    [InlineData(V4, 33, 34, 35, 36)]
    [InlineData(V5, 133, 134, 135, 136)]
    public void MessageThatMustNotWork_IsRefusedWithItsExitCode(string version, int seqno, int walletId, int signature, int expired)
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, version);
        using var stranger = new Ed25519Signer(new byte[32]);
        wallet.Send(To(Bob, "1", Cell.Empty));
        var transfer = new WalletTransfer(To(Bob, "1", Cell.Empty));
        var before = chain.Account(wallet.Address).Balance;

        var second = wallet.Sign(1, WalletOnChain.Now + 60, To(Bob, "1", Cell.Empty)).ToBoc();
        chain.Send(wallet.Sign(2, WalletOnChain.Now + 60, To(Bob, "1", Cell.Empty)).ToBoc()).Refused.ShouldBe(seqno, "of the future");
        chain.Send(wallet.Forge(WalletOnChain.Of(version, wallet.Contract.PublicKey, 7), signer: null, transfer)).Refused.ShouldBe(walletId);
        chain.Send(wallet.Forge(wallet.Contract, stranger, transfer)).Refused.ShouldBe(signature);
        chain.Send(wallet.Sign(1, WalletOnChain.Now - 1, To(Bob, "1", Cell.Empty)).ToBoc()).Refused.ShouldBe(expired);
        chain.Clock(WalletOnChain.Now + 60);
        chain.Send(second).Refused.ShouldBe(expired, "from the very second on");
        (chain.Account(wallet.Address).Balance, wallet.SeqnoOnChain()).ShouldBe((before, 1u));

        chain.Clock(WalletOnChain.Now + 59);
        chain.Send(second).Refused.ShouldBeNull();
        chain.Send(second).Refused.ShouldBe(seqno, "the same again");
        wallet.SeqnoOnChain().ShouldBe(2u);
    }

    [Fact]
    public void TwoHundredMessages_OfV5_GoOutInTheirOrder()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, V5);
        wallet.Send(To(Bob, "1", Cell.Empty));
        var sent = wallet.Send(
            [.. Enumerable.Range(1, 200).Select(i => new InternalMessage(Bob, (ulong)i * 1_000_000, Cell.Empty, IsBounceable: false))]);
        sent[0].Sent.Select(m => m.Value.Nano).ShouldBe(Enumerable.Range(1, 200).Select(i => (UInt128)i * 1_000_000));
        sent[0].Skipped.ShouldBe(0);
        output.WriteLine($"{V5}: gas {sent[0].Gas} for 200 messages, fees {sent[0].Fees} TON");
    }

    [Theory]
    [InlineData(V4)]
    [InlineData(V5)]
    public void MoreThanTheBalance_UsesUpTheNumber_AndSendsNothing(string version)
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, version);
        wallet.Send(To(Bob, "1", Cell.Empty));
        var done = wallet.Send(To(Bob, "1000000", Cell.Empty)).ShouldHaveSingleItem();
        (done.Exit, done.Action, done.Skipped, done.Sent.Count).ShouldBe((0, 0, 1, 0));
        wallet.Seqno.ShouldBe(2u);
    }

    [Fact]
    public void BatchThatMayFail_IsRefusedByV5_AsItsModeIsBeforeSigning()
    {
        chain.Open(WalletOnChain.Now);
        using var wallet = WalletOnChain.Funded(chain, V5);
        wallet.Send(To(Bob, "1", Cell.Empty));
        var part = new CellBuilder().StoreUInt(WalletV5R1.SignedExternalOp, 32).StoreUInt(WalletV5R1.WalletId(WalletV5R1.MainnetId, 0, 0), 32)
            .StoreUInt(WalletOnChain.Now + 60, 32).StoreUInt(1, 32);
        var unsafeMode = new WalletTransfer(To(Bob, "1", Cell.Empty), SendMode.PayFeesSeparately);
        var outcome = chain.Send(wallet.SignPart(WalletV5Actions.Store(part, [unsafeMode], []).Build()));
        (outcome.Refused ?? outcome.Transactions[0].Exit).ShouldBe(137);
    }

    private static InternalMessage To(Address to, string ton, Cell body) => new(to, Coins.Parse(ton), body, IsBounceable: false);
}
