using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Wallets;

/// <summary><c>dmm wallet balance</c> and <c>status</c>.</summary>
public sealed class WalletLookTests : IAsyncDisposable
{
    private readonly WalletDesk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task WalletThatIsNotDeployed_TellsWhatIsInIt_AndTheAddressToFund()
    {
        var other = new FakeJettonContract(FakeJetton.At(0xD2), content: FakeJetton.OffChain("https://example.org/x.json"));
        _desk.Chain.Add(other);
        var run = await _desk.Run("wallet", "balance", "--jetton", $"{WalletDesk.Minter}", "--jetton", $"{other.Minter}");
        run.Error.ShouldBe("");
        Lines(run.Output)[..^1].ShouldBe(
        [
            $"wallet   {_desk.Address.ToString(new AddressForm(IsBounceable: false))}  v5r1",
            "         not deployed yet: its first message does that",
            "TON      10",
            $"jetton   5000 DCT  of {WalletDesk.Minter}, in {_desk.Jetton.WalletOf(_desk.Address)}",
            $"jetton   0 smallest units  of {other.Minter}, in {other.WalletOf(_desk.Address)}",
        ]);
        run.ExitCode.ShouldBe(0);
        File.Exists(_desk.Log).ShouldBeFalse("a look takes no log");
    }

    [Fact]
    public async Task WalletThatHasSent_TellsItsNextNumber_AsJsonToo()
    {
        (await _desk.Run("treasury", "burn", "--amount", "1000", "--jetton", $"{WalletDesk.Minter}")).ExitCode.ShouldBe(0);
        (await _desk.Run("wallet", "balance")).Output.ShouldContain("deployed; its next number is 1");
        var json = (await _desk.Run("wallet", "balance", "--json", "--jetton", $"{WalletDesk.Minter}")).Json;
        (json.GetProperty("isDeployed").GetBoolean(), json.GetProperty("seqno").GetInt32()).ShouldBe((true, 1));
        json.GetProperty("nanotons").GetString().ShouldBe($"{_desk.Chain.Balance.Nano}");
        json.GetProperty("jettons")[0].GetProperty("units").GetString().ShouldBe($"{4_000 * WalletDesk.Nano}");
    }

    [Fact]
    public async Task OtherVersionAndNumber_AreOtherWallets()
    {
        var run = await _desk.Run("wallet", "balance", "--version", "v4r2", "--number", "3");
        var other = new WalletV4R2(_desk.Wallet.PublicKey, walletId: WalletV4R2.DefaultWalletId + 3).Address;
        Lines(run.Output)[0].ShouldBe($"wallet   {other.ToString(new AddressForm(IsBounceable: false))}  v4r2");
        (await _desk.Run("wallet", "balance", "--version", "v3")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task MinterThatIsNone_IsNamed()
    {
        var run = await _desk.Run("wallet", "balance", "--jetton", $"{FakeJetton.At(0x77)}");
        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Error.ShouldStartWith($"get_jetton_data of {FakeJetton.At(0x77)} is not told: ");
    }

    [Fact]
    public async Task Log_TellsWhatIsUnderWay_AndHowTheLastEnded_ThoughAnotherProcessHasIt()
    {
        (await _desk.Run("wallet", "status")).Output.TrimEnd().ShouldBe($"{_desk.Log}: 0 ended, nothing under way");
        (await _desk.Run("treasury", "burn", "--amount", "1", "--jetton", $"{WalletDesk.Minter}", "--id", "first")).ExitCode.ShouldBe(0);
        _desk.Chain.IsDeaf = true;
        (await _desk.RunUntilSent("treasury", "burn", "--amount", "2", "--jetton", $"{WalletDesk.Minter}", "--id", "second")).ExitCode.ShouldBe(1);
        using var held = new Dmm.Sinks.Ton.SendLogFile(_desk.Log);
        var lines = Lines((await _desk.Run("wallet", "status")).Output);
        lines[0].ShouldBe($"{_desk.Log}: 1 ended, something under way");
        lines[1].ShouldStartWith("signed   second: for number 1, 1 time(s), until 2025-12-01 ");
        lines[2].ShouldBe("ended    first: taken by the chain: all of it went its way, the wallet's own fees were 0.002 TON");
        var second = await _desk.Run("treasury", "burn", "--amount", "2", "--jetton", $"{WalletDesk.Minter}", "--id", "second");
        (second.ExitCode, second.Output).ShouldBe((2, ""));
        second.Error.ShouldContain($"{_desk.Log} cannot be opened for this sender alone");
    }

    private static string[] Lines(string output) => output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
