using Dmm.Sinks.Ton;
using Dmm.Ton.Tests.Vectors;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Messages;

public sealed class WalletTests
{
    private static readonly Address Someone = new(0, new Hash256([.. new byte[31], 1]));

    private static readonly WalletTransfer Transfer = new(new InternalMessage(Someone, 1, Cell.Empty));

    [Fact]
    public void BatchThatIsEmptyOrTooLarge_IsRefused()
    {
        foreach (IWalletContract wallet in new IWalletContract[] { new WalletV4R2(default), new WalletV5R1(default) })
        {
            foreach (var count in new[] { 0, wallet.TransfersMax + 1 })
            {
                Should.Throw<ArgumentException>(() => wallet.SignedPart(1, 2, [.. Enumerable.Repeat(Transfer, count)]))
                    .Message.ShouldContain($"{count} messages in a batch: expected 1 to {wallet.TransfersMax}");
            }

            wallet.SignedPart(1, 2, [.. Enumerable.Repeat(Transfer, wallet.TransfersMax)]).Depth.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void ModeThatV5Refuses_IsRefusedBeforeSigning() =>
        Should.Throw<ArgumentException>(() => new WalletV5R1(default).SignedPart(1, 2, [Transfer with { Mode = SendMode.PayFeesSeparately }]))
            .Message.ShouldContain("expected one with IgnoreErrors");

    [Fact]
    public void KeyOfAnotherWallet_SignsNothing()
    {
        using var signer = new Ed25519Signer(new byte[32]);
        Should.Throw<ArgumentException>(() => SignedExternal.Sign(new WalletV5R1(default), signer, 1, 2, [Transfer]))
            .Message.ShouldContain("the wallet's");
        Should.Throw<ArgumentException>(() => new Ed25519Signer(new byte[31])).Message.ShouldContain("a seed of 31 bytes: expected 32");
    }

    [Fact]
    public void MessageThatNoNodeTakes_IsRefused()
    {
        using var signer = new Ed25519Signer(new byte[32]);
        var wallet = new WalletV5R1(signer.PublicKey);
        WalletTransfer Long(int i, int length) => new(new InternalMessage(Someone, (ulong)i, new TextComment(new string('x', length)).ToCell()));
        SignedExternal.Sign(wallet, signer, 1, 2, [.. Enumerable.Range(1, 255).Select(i => Long(i, 100))]).ToBoc().Length
            .ShouldBeLessThan(SignedExternal.BytesMax);
        // The comment is one cell, the messages differ.
        Should.Throw<ArgumentException>(() => SignedExternal.Sign(wallet, signer, 1, 2, [.. Enumerable.Range(1, 255).Select(i => Long(i, 300 + i))]))
            .Message.ShouldContain("expected at most 65535 and 512, which is what nodes take");
        Should.Throw<ArgumentException>(() => SignedExternal.Sign(wallet, signer, 1, 2, [Long(1, 64_770)])).Message.ShouldContain("cells deep");
    }

    [Fact]
    public void Batch_OfV5_IsReadBackInItsOrder()
    {
        WalletTransfer[] transfers =
            [.. Enumerable.Range(1, 255).Select(i => new WalletTransfer(new InternalMessage(Someone, (ulong)i, Cell.Empty)))];
        WalletV5Actions.ReadTransfers(WalletV5Actions.Store(new(), transfers, []).Build().Refs[0]).ShouldBe(transfers);
    }

    [Fact]
    public void Wallets_OfOneKey_AreToldApartByTheirIds()
    {
        Address[] addresses =
        [
            new WalletV5R1(default).Address, new WalletV5R1(default, walletId: WalletV5R1.WalletId(WalletV5R1.MainnetId, 0, 1)).Address,
            new WalletV5R1(default, walletId: WalletV5R1.WalletId(WalletV5R1.TestnetId, 0, 0)).Address, new WalletV4R2(default).Address,
            new WalletV4R2(default, walletId: 7).Address, new WalletV4R2(default, workchain: -1).Address,
        ];
        addresses.Distinct().Count().ShouldBe(addresses.Length);
        Should.Throw<ArgumentOutOfRangeException>(() => WalletV5R1.WalletId(WalletV5R1.MainnetId, 0, 32_768));
    }

    [Theory]
    [InlineData("hospital stove", "has 2 words: expected 24")]
    [InlineData(WalletVectors.Mnemonic0 + "s", "words 24 are not in the list")]
    public void MnemonicThatIsNone_SaysWhereAndNeverWhich(string text, string expected)
    {
        Mnemonic.TryParse(text, "", out var mnemonic, out var fault).ShouldBeFalse();
        mnemonic.ShouldBeNull();
        fault.ShouldContain(expected);
        foreach (var word in text.Split(' ').Where(w => w.Length > 5)) fault.ShouldNotContain(word);
    }

    [Fact]
    public void MnemonicWithAWordExchanged_IsNotGenuine()
    {
        var text = WalletVectors.Mnemonic0.Replace("hospital", " HOSPITAL ");
        KeyVectors.Words(text).IsGenuine.ShouldBeTrue();
        KeyVectors.Words(text.Replace("road", "roof")).IsGenuine.ShouldBeFalse();
        var other = KeyVectors.Words(text, "a password");
        other.HasPassword.ShouldBeTrue();
        other.DeriveSeed().ShouldNotBe(KeyVectors.Words(text).DeriveSeed());
    }

    // Drawn, and its key derived, by @ton/crypto 3.3.0.
    [Fact]
    public void MnemonicWithAPassword_IsGenuineWithItAlone()
    {
        const string words =
            "bottom priority mobile pear similar vast carbon body shadow south very recycle diary liar that diet draw announce roof fog peace desk " +
            "all portion";
        var mnemonic = KeyVectors.Words(words, "fish & chips");
        mnemonic.IsGenuine.ShouldBeTrue();
        KeyVectors.Words(words).IsGenuine.ShouldBeFalse();
        KeyVectors.Words(words, "other").IsGenuine.ShouldBeFalse();
        KeyVectors.Words(WalletVectors.Mnemonic0, "fish & chips").IsGenuine.ShouldBeFalse("it needs no password");
        using var signer = new Ed25519Signer(mnemonic.DeriveSeed());
        signer.PublicKey.ToString().ShouldBe("4523791d77d92dd87b930d71abd570d1b8bbf230202597595021e2b9707752ba");
    }

    [Fact]
    public void Words_AreTheListOfBip39() =>
        (MnemonicWords.All.Length, MnemonicWords.All[0], MnemonicWords.All[^1], MnemonicWords.Contains("zoo"))
        .ShouldBe((2048, "abandon", "zoo", true));
}
