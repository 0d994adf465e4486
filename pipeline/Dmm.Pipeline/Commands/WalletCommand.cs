using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Commands;

/// <summary>
/// <c>dmm wallet</c>: keys of TON wallets in sealed files, the addresses that they rule, and what is in them. No key and no word is ever printed.
/// </summary>
internal static class WalletCommand
{
    private static readonly Option<string?> Backup = new("--words")
    {
        Description = "a new file for the 24 words, mode 600, to be written down and deleted; without, the wallet's file alone holds the key",
        HelpName = "FILE",
    };

    private static readonly Option<string> Words = new("--words")
    {
        Description = "the 24 words: a file of mode 600, or - for standard input; never an argument, which everybody on the machine may read",
        HelpName = "FILE|-", Required = true,
    };

    private static readonly Option<bool> Unproven = new("--unproven")
    {
        Description = "takes words that are no mnemonic of TON by their check, as some older software made them",
    };

    public static Command Create() => new("wallet", "keys of TON wallets, sealed with a password, their addresses, and what is in them")
    {
        Sub("new", "draws a key and seals it", [WalletOptions.Sealed, WalletOptions.PasswordFile, Backup], New),
        Sub("import", "seals the key of a mnemonic", [WalletOptions.Sealed, WalletOptions.PasswordFile, Words, Unproven], Import),
        Sub(
            "address", "opens a wallet's file and tells its addresses",
            [WalletOptions.Sealed, WalletOptions.PasswordFile, WalletOptions.Testnet, WalletOptions.Number], Tell),
        WalletLookCommands.Balance(),
        WalletLookCommands.Status(),
    };

    private static Command Sub(string name, string description, Option[] options, Action<ParseResult, TextWriter> run)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            return terminal.Guard(() =>
            {
                run(parse, terminal.Output);
                return ExitCodes.Success;
            });
        });
        return command;
    }

    private static void New(ParseResult parse, TextWriter output)
    {
        var (file, backup) = (parse.GetRequiredValue(WalletOptions.Sealed), parse.GetValue(Backup));
        var password = WalletAccess.Password(parse.GetValue(WalletOptions.PasswordFile));
        if (File.Exists(file)) throw new BadInputException($"{file} is there already: a key is never overwritten. Expected the name of a new file");
        var words = NewMnemonic.Draw();
        // First: a key that is sealed and cannot be written down would be in use before anybody noticed.
        if (backup is not null) WalletAccess.Create(backup, Encoding.UTF8.GetBytes(words + "\n"));
        Seal(file, words, wordsPassword: "", password, isUnproven: false, output);
        output.WriteLine(backup is null
            ? $"There is no copy: whoever loses {file} or its password loses the wallet."
            : $"The words are in {backup}: write them down and delete it.");
    }

    private static void Import(ParseResult parse, TextWriter output)
    {
        var password = WalletAccess.Password(parse.GetValue(WalletOptions.PasswordFile));
        var wordsPassword = Environment.GetEnvironmentVariable(WalletAccess.WordsPasswordVariable) ?? "";
        var words = WalletAccess.Words(parse.GetRequiredValue(Words));
        Seal(parse.GetRequiredValue(WalletOptions.Sealed), words, wordsPassword, password, parse.GetValue(Unproven), output);
    }

    private static void Tell(ParseResult parse, TextWriter output)
    {
        using var signer = WalletAccess.Open(parse.GetRequiredValue(WalletOptions.Sealed), parse.GetValue(WalletOptions.PasswordFile));
        Addresses(signer.PublicKey, parse.GetValue(WalletOptions.Testnet), (int)parse.GetValue(WalletOptions.Number), output);
    }

    private static void Seal(string file, string words, string wordsPassword, string password, bool isUnproven, TextWriter output)
    {
        if (!Mnemonic.TryParse(words, wordsPassword, out var mnemonic, out var fault)) throw new BadInputException(fault);
        if (!isUnproven && !mnemonic!.IsGenuine)
            throw new BadInputException(
                "the words are no mnemonic of TON: a word or their order is wrong, or they have a password that "
                + $"{WalletAccess.WordsPasswordVariable} does not hold. --unproven takes them as they are");
        var seed = mnemonic!.DeriveSeed();
        try
        {
            WalletAccess.Create(file, SealedSeed.Seal(seed, password));
            using var signer = new Ed25519Signer(seed);
            output.WriteLine($"{file} holds the key, sealed");
            Addresses(signer.PublicKey, isTestnet: false, number: 0, output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static void Addresses(Hash256 key, bool isTestnet, int number, TextWriter output)
    {
        var network = isTestnet ? WalletV5R1.TestnetId : WalletV5R1.MainnetId;
        Tell("v5r1", new WalletV5R1(key, walletId: WalletV5R1.WalletId(network, workchain: 0, number)));
        Tell("v4r2", new WalletV4R2(key, walletId: WalletV4R2.DefaultWalletId + (uint)number));

        void Tell(string version, IWalletContract wallet)
        {
            // Before its first message a wallet is not deployed, and money sent to the bounceable form comes back.
            output.WriteLine($"{version}  {wallet.Address.ToString(new AddressForm(IsBounceable: false, isTestnet))}  to fund it");
            output.WriteLine($"      {wallet.Address.ToString(new AddressForm(IsBounceable: true, isTestnet))}  once it is deployed");
            output.WriteLine($"      {wallet.Address}");
        }
    }
}
