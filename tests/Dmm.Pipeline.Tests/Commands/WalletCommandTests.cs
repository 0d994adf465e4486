using Dmm.Pipeline.Running;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Commands;

public sealed class WalletCommandTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly ScratchFolder _folder = new();
    private readonly string _password;

    public WalletCommandTests()
    {
        _password = _folder["password"];
        File.WriteAllText(_password, Password + "\n");
    }

    private string Sealed => _folder["wallet.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NewWallet_ItsWordsImported_AndItsFileOpened_TellTheSameAddresses_AndNoSecret()
    {
        var made = await CommandRun.Of("wallet", "new", "--file", Sealed, "--words", _folder["words"], "--password-file", _password);
        (made.ExitCode, made.Error).ShouldBe((0, ""));
        var imported = await CommandRun.Of(
            "wallet", "import", "--file", _folder["again.json"], "--words", _folder["words"], "--password-file", _password);
        var told = await CommandRun.Of("wallet", "address", "--file", Sealed, "--password-file", _password);
        Addresses(imported.Output).ShouldBe(Addresses(made.Output));
        told.Output.ReplaceLineEndings("\n").TrimEnd().ShouldBe(Addresses(made.Output));
        var words = File.ReadAllText(_folder["words"]).Trim();
        foreach (var text in new[] { made.Output, imported.Output, told.Output, File.ReadAllText(Sealed) })
        {
            text.ShouldNotContain(Password);
            text.ShouldNotContain(string.Join(' ', words.Split(' ')[..2]));
        }

        Mnemonic.TryParse(words, "", out var mnemonic, out _).ShouldBeTrue();
        using var signer = new Ed25519Signer(mnemonic!.DeriveSeed());
        told.Output.ShouldContain(new WalletV5R1(signer.PublicKey).Address.ToString());
        told.Output.ShouldContain(new WalletV4R2(signer.PublicKey).Address.ToString(new AddressForm(IsBounceable: false)));
        var third = await CommandRun.Of("wallet", "address", "--file", Sealed, "--password-file", _password, "--number", "3", "--testnet");
        third.Output.ShouldContain(
            new WalletV5R1(signer.PublicKey, walletId: WalletV5R1.WalletId(WalletV5R1.TestnetId, 0, 3)).Address.ToString());
        third.Output.ShouldContain(new WalletV4R2(signer.PublicKey, walletId: WalletV4R2.DefaultWalletId + 3).Address.ToString());
    }

    [Fact]
    public async Task WrongPassword_IsCalledSo_AndADamagedFileIsCalledDamaged()
    {
        await CommandRun.Of("wallet", "new", "--file", Sealed, "--password-file", _password);
        File.WriteAllText(_folder["other"], "battery staple");
        await Refused(
            $"{Sealed}: wrong password: the file is whole, and its seal does not open with it",
            "address", "--file", Sealed, "--password-file", _folder["other"]);
        File.WriteAllText(_folder["short"], "secret");
        await Refused(
            $"the password in {_folder["short"]} has 6 characters: expected at least 8", "address", "--file", Sealed, "--password-file",
                _folder["short"]);
        var text = await File.ReadAllTextAsync(Sealed);
        await File.WriteAllTextAsync(Sealed, text.Replace("\"passes\": 3", "\"passes\": 4", StringComparison.Ordinal));
        await Refused(
            $"{Sealed}: the file is damaged: its checksum is not that of its content. Expected what was written, from a backup",
            "address", "--file", Sealed, "--password-file", _password);
        await Refused($"there is no {_folder["none"]}: expected a file", "address", "--file", _folder["none"], "--password-file", _password);
    }

    [Fact]
    public async Task KeyThatIsThere_IsNeverOverwritten()
    {
        await CommandRun.Of("wallet", "new", "--file", Sealed, "--password-file", _password);
        var before = await File.ReadAllBytesAsync(Sealed);
        await Refused(
            $"{Sealed} is there already: a key is never overwritten. Expected the name of a new file",
            "new", "--file", Sealed, "--words", _folder["words"], "--password-file", _password);
        (await File.ReadAllBytesAsync(Sealed)).ShouldBe(before);
        File.Exists(_folder["words"]).ShouldBeFalse("of a key that was not kept");
    }

    [Fact]
    public async Task WordsThatAreNone_AreRefusedByTheirPlaces_AndNotByTheirText()
    {
        SecretFile.Create(_folder["few"], "abandon abandon"u8);
        await Refused("the mnemonic has 2 words: expected 24", "import", "--file", Sealed, "--words", _folder["few"], "--password-file", _password);
        var wrong = string.Join(' ', Enumerable.Repeat("abandon", 23).Append("zzzz"));
        SecretFile.Create(_folder["unknown"], System.Text.Encoding.UTF8.GetBytes(wrong));
        await Refused(
            "the mnemonic's words 24 are not in the list of 2,048: expected English ones of BIP 39",
            "import", "--file", Sealed, "--words", _folder["unknown"], "--password-file", _password);
        SecretFile.Create(_folder["order"], System.Text.Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat("abandon", 24))));
        var run = await CommandRun.Of("wallet", "import", "--file", Sealed, "--words", _folder["order"], "--password-file", _password);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith("the words are no mnemonic of TON");
        File.Exists(Sealed).ShouldBeFalse();
        var taken = await CommandRun.Of(
            "wallet", "import", "--file", Sealed, "--words", _folder["order"], "--password-file", _password, "--unproven");
        taken.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task NoPassword_IsSaidWithTheVariablesName()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(WalletAccess.PasswordVariable) is not null, "the environment has a wallet's password");
        await Refused(
            "DMM_WALLET_PASSWORD is not set: expected the password of the wallet's file in the environment, or in --password-file",
            "new", "--file", Sealed);
    }

    private static string Addresses(string output) =>
        string.Join('\n', output.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith('v') || line.StartsWith(' ')));

    private static async Task Refused(string fault, params string[] arguments)
    {
        var run = await CommandRun.Of(["wallet", .. arguments]);
        (run.ExitCode, run.Error.TrimEnd()).ShouldBe((2, fault));
        run.Output.ShouldBeEmpty();
    }
}
