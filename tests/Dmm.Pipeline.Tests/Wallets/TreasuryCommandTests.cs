using Dmm.Pipeline.Tests.Commands;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Wallets;

/// <summary><c>dmm treasury</c>, whole, against a fake node: what it prints, what it signs, and what it does when it is run again.</summary>
public sealed class TreasuryCommandTests : IAsyncDisposable
{
    private static readonly Address Treasury = FakeJetton.At(0xB0);

    private WalletDesk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Burn_IsSettledByItsTrace_AndTheSupplyShowsIt()
    {
        var run = await Burn("1000.000000001", "--id", "burn-1");
        Lines(run.Output).ShouldBe(
        [
            "burn burn-1: settled",
            "asked     1000.000000001 DCT",
            "settled   1000.000000001 DCT",
            "TON       0.1 sent along, 0 passed on, 0.094 came back: the way cost 0.006, the wallet's own fees 0.002",
            "supply    100000 DCT before, 98999.999999999 DCT now: it fell by what was burnt, 1000.000000001 DCT",
        ]);
        run.ExitCode.ShouldBe(0);
        var errors = Lines(run.Error);
        errors[0].ShouldStartWith($"burn-1: burn 1000.000000001 of {WalletDesk.Minter}; --id burn-1 means this one, however often");
        errors[1].ShouldBe("burn-1: kept in the wallet's log");
        errors[2].ShouldStartWith("burn-1: signed for number 0 and sent; it may be taken until 2025-12-01 ");
        errors[^1].ShouldBe("burn-1: taken by the chain: all of it went its way, the wallet's own fees were 0.002 TON");
        _desk.Jetton.BalanceOf(_desk.Address).ShouldBe(5_000 * (UInt128)WalletDesk.Nano - 1_000_000_000_001);

        var json = (await Burn("1000.000000001", "--id", "burn-1", "--json")).Json;
        (json.GetProperty("isSettled").GetBoolean(), json.GetProperty("settled").GetString()).ShouldBe((true, "1000000000001"));
        json.GetProperty("supplyBefore").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null, "it was signed already");
        _desk.Chain.Batches.Count.ShouldBe(1, "the same id is the same burn");
    }

    [Fact]
    public async Task SupplyThatOthersMove_IsSaidToBeMoved_AndTheBurnIsSettledAllTheSame()
    {
        _desk.Chain.BeforeBatch = () => _desk.Jetton.Burn(FakeJetton.At(0xEE), 7 * (UInt128)WalletDesk.Nano);
        var run = await Burn("10");
        run.ExitCode.ShouldBe(0);
        Lines(run.Output)[^1].ShouldBe(
            "supply    100000 DCT before, 99983 DCT now: expected 99990 DCT; others burnt 7 DCT meanwhile, or the node is behind");
    }

    [Fact]
    public async Task TransferOfATaxedJetton_TellsWhatArrived()
    {
        await _desk.DisposeAsync();
        _desk = new(taxBps: 100);
        var run = await Transfer("1000", Treasury);
        run.ExitCode.ShouldBe(0);
        var lines = Lines(run.Output);
        lines[1..4].ShouldBe(
        [
            $"asked     1000 DCT to {Treasury}",
            "settled   990 DCT: 10 DCT were kept on the way, a transfer tax of 100 bps",
            "TON       0.1 sent along, 0.000000001 passed on, 0.093999999 came back: the way cost 0.006, the wallet's own fees 0.002",
        ]);
        _desk.Jetton.BalanceOf(Treasury).ShouldBe(990 * (UInt128)WalletDesk.Nano);
        var json = (await _desk.Run(
            "treasury", "transfer", "--amount", "100", "--jetton", $"{WalletDesk.Minter}", "--to", $"{Treasury}", "--json")).Json;
        (json.GetProperty("kind").GetString(), json.GetProperty("tax").GetString()).ShouldBe(("transfer", "1000000000"));
    }

    [Fact]
    public async Task TransferToTheZeroAddress_IsNamedForWhatItIs()
    {
        var zero = new Address(0, default);
        var run = await Transfer("5", zero);
        run.ExitCode.ShouldBe(0);
        const string note = "the receiver is the zero address, which is nobody's: what is sent there is out of reach, and the supply does not fall. "
            + "dmm treasury burn makes it fall";
        run.Error.ShouldContain($"note: {note}");
        Lines(run.Output).ShouldContain($"note      {note}");
        Lines(run.Output)[^1].ShouldBe("supply    100000 DCT before, 100000 DCT now: as it was");
    }

    [Fact]
    public async Task Interrupted_ItStaysInTheLog_AndTheSameCommandGoesOnWithIt_AndNeverSendsTwice()
    {
        _desk.Chain.IsDeaf = true;
        var stopped = await _desk.RunUntilSent("treasury", "burn", "--amount", "3", "--jetton", $"{WalletDesk.Minter}");
        (stopped.ExitCode, stopped.Output).ShouldBe((1, ""));
        var id = Lines(stopped.Error)[0].Split(':')[0];
        Lines(stopped.Error)[^1].ShouldBe(
            $"interrupted: {id} stays in {_desk.Log}. The same command again goes on with it, and sends nothing twice");

        _desk.Chain.IsDeaf = false;
        var again = await Burn("3");
        again.ExitCode.ShouldBe(0);
        Lines(again.Error)[0].ShouldBe($"{id}: goes on where it was interrupted");
        Lines(again.Output)[0].ShouldBe($"burn {id}: settled");
        _desk.Chain.Came.Select(a => a.Hash).Distinct().Count().ShouldBe(1, "the same bytes");
        _desk.Jetton.BalanceOf(_desk.Address).ShouldBe(4_997 * (UInt128)WalletDesk.Nano);

        // It has its end: the same command is another burn now, and the id the same.
        (await Burn("3")).ExitCode.ShouldBe(0);
        (await Burn("3", "--id", id)).ExitCode.ShouldBe(0);
        _desk.Jetton.BalanceOf(_desk.Address).ShouldBe(4_994 * (UInt128)WalletDesk.Nano);
    }

    [Fact]
    public async Task OtherBurnThanTheOneUnderWay_ComesAfterIt()
    {
        _desk.Chain.IsDeaf = true;
        var stopped = await _desk.RunUntilSent("treasury", "burn", "--amount", "3", "--jetton", $"{WalletDesk.Minter}", "--id", "three");
        stopped.ExitCode.ShouldBe(1);
        _desk.Chain.IsDeaf = false;
        var run = await Burn("4", "--id", "four");
        run.ExitCode.ShouldBe(0);
        run.Error.ShouldContain("three is under way from before: its end comes first");
        run.Error.ShouldContain("three: taken by the chain: all of it went its way");
        _desk.Jetton.BalanceOf(_desk.Address).ShouldBe(4_993 * (UInt128)WalletDesk.Nano);
    }

    [Fact]
    public async Task IdOfAnotherOperation_IsRefused_AndNothingIsSigned()
    {
        (await Burn("1", "--id", "mine")).ExitCode.ShouldBe(0);
        await Refused($"--id mine is another operation in {_desk.Log}: expected the arguments that it had, or another id", "2", "--id", "mine");
        _desk.Chain.Batches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RefusalOnTheWay_IsNotSettled_AndTellsTheExitCode()
    {
        // Somebody else spends them between the look and the burn.
        _desk.Chain.BeforeBatch = () => _desk.Jetton.Burn(_desk.Address, 4_500 * (UInt128)WalletDesk.Nano);
        var run = await Burn("1000", "--id", "late");
        run.ExitCode.ShouldBe(1);
        Lines(run.Output)[0].ShouldBe(
            "burn late: NOT settled: a contract on the way refused with exit code 706, and the jettons are the owner's as before");
        var json = (await Burn("1000", "--id", "late", "--json")).Json;
        (json.GetProperty("settlement").GetString(), json.GetProperty("exit").GetInt32(), json.GetProperty("settled").GetString())
            .ShouldBe(("refused", 706, "0"));
    }

    [Fact]
    public async Task TooLittleTon_IsNotSigned()
    {
        _desk.Chain.Balance = Coins.Parse("0.19");
        var run = await Burn("1", "--id", "poor");
        run.ExitCode.ShouldBe(1);
        Lines(run.Output)[0].ShouldStartWith("burn poor: NOT settled: not sent: the wallet has 0.19 TON: expected 0.2");
        _desk.Chain.Came.ShouldBeEmpty();
    }

    [Fact]
    public async Task AmountThatIsNone_OrMoreThanThereIs_IsRefusedBeforeAnythingIsSigned()
    {
        foreach (var none in new[] { "0", "-1", "1e3", "1.0000000001", "1,5", ".5", "1." })
            await Refused($"--amount '{none}': expected digits above zero, with a point and at most 9 decimals", none);
        await Refused(
            $"the jetton wallet {_desk.Jetton.WalletOf(_desk.Address)} has 5000: expected the 5000.000000001 of --amount. Nothing was signed",
            "5000.000000001");
        await Refused($"--decimals 6: the minter {WalletDesk.Minter} tells 9. Expected the same, or none", "1", "--decimals", "6");
        _desk.Chain.Came.ShouldBeEmpty();
        File.ReadAllText(_desk.Log).ShouldBeEmpty();
    }

    [Fact]
    public async Task JettonThatTellsNoDecimals_NeedsThemGiven()
    {
        await _desk.DisposeAsync();
        _desk = new(content: FakeJetton.OffChain("https://example.org/dct.json"));
        await Refused($"the minter {WalletDesk.Minter} does not tell its decimals on the chain: expected them in --decimals", "1");
        (await Burn("1.5", "--decimals", "9")).Output.ShouldContain("settled   1.5 tokens");
    }

    [Fact]
    public async Task AddressesOfTheTestNetwork_OrTheWalletItself_AreRefused()
    {
        var ofTests = Treasury.ToString(new AddressForm(IsBounceable: true, IsTestOnly: true));
        var run = await _desk.Run("treasury", "transfer", "--amount", "1", "--jetton", $"{WalletDesk.Minter}", "--to", ofTests);
        (run.ExitCode, run.Error.TrimEnd()).ShouldBe(
            (2, $"--to '{ofTests}' is of the test network: expected an address of the main network, or --testnet beside it"));
        (await Transfer("1", _desk.Address)).Error.TrimEnd().ShouldBe($"--to {_desk.Address} is the wallet itself: expected somebody else's address");
        (await _desk.Run("treasury", "transfer", "--amount", "1", "--jetton", $"{WalletDesk.Minter}")).ExitCode.ShouldBe(2);
    }

    private async Task Refused(string fault, string amount, params string[] more)
    {
        var run = await Burn(amount, more);
        (run.ExitCode, run.Error.TrimEnd(), run.Output).ShouldBe((2, fault, ""));
    }

    private Task<CommandRun> Burn(string amount, params string[] more) =>
        _desk.Run(["treasury", "burn", $"--amount={amount}", "--jetton", $"{WalletDesk.Minter}", .. more]);

    private Task<CommandRun> Transfer(string amount, Address to) =>
        _desk.Run("treasury", "transfer", "--amount", amount, "--jetton", $"{WalletDesk.Minter}", "--to", $"{to}");

    private static string[] Lines(string output) => output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
