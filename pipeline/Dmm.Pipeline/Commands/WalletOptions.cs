using System.CommandLine;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Wallets;

namespace Dmm.Pipeline.Commands;

/// <summary>The options of every command that uses a TON wallet, and how such a command ends.</summary>
internal static class WalletOptions
{
    public static readonly Option<string> Sealed = new("--file") { Description = "the wallet's file, mode 600", HelpName = "FILE", Required = true };

    public static readonly Option<string?> PasswordFile = new("--password-file")
    {
        Description = $"holds the password of the wallet's file; else {WalletAccess.PasswordVariable} does, in the environment", HelpName = "FILE",
    };

    public static readonly Option<bool> Testnet = new("--testnet") { Description = "the test network" };

    public static readonly Option<long> Number = SimulateCommand.WholeNumber(
        "--number", "of the wallet, as one key rules many, each with one swap under way", standard: 0, 0, 0x7FFF);

    public static readonly Option<string[]> Nodes = new("--node")
    {
        Description = $"provider of TON, toncenter itself if not given: {NodeAccess.Expected}. API keys, if any, are in {NodeAccess.KeyVariable} and "
            + NodeAccess.TonapiKeyVariable,
        HelpName = "NODE",
    };

    public static readonly Option<string> Data = new("--data")
    {
        Description = "data folder; its wallets/ keeps what the wallet was told to send", HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of sentences" };

    private static readonly Option<string> Version = VersionOption();

    /// <summary>Gives a command the options that <see cref="Arguments"/> reads.</summary>
    public static Command With(Command command)
    {
        foreach (var option in new Option[] { Sealed, PasswordFile, Version, Number, Testnet, Data, Nodes }) command.Options.Add(option);
        return command;
    }

    public static WalletArguments Arguments(ParseResult parse) => new()
    {
        File = parse.GetRequiredValue(Sealed), PasswordFile = parse.GetValue(PasswordFile), Version = parse.GetValue(Version)!,
        Number = (int)parse.GetValue(Number), IsTestnet = parse.GetValue(Testnet), Data = parse.GetValue(Data) ?? DataFolder.DefaultPath,
        Nodes = parse.GetValue(Nodes) ?? [], Variable = StoreAccess.Variable,
    };

    /// <summary>
    /// A command that sends something: Ctrl-C leaves it in the wallet's log and says so; what is not settled ends with exit code 1.
    /// </summary>
    public static Command Sends(Command command, Func<WalletSession, ParseResult, Terminal, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            using var interruption = new Interruption(cancellation);
            return await terminal.GuardAsync(async () =>
            {
                using var session = WalletSession.Open(Arguments(parse), TimeProvider.System, terminal.Error.WriteLine);
                try
                {
                    return await run(session, parse, terminal, interruption.Token);
                }
                catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
                {
                    terminal.Error.WriteLine(session.Leftover());
                    return ExitCodes.CheckFailed;
                }
                catch (UnsettledException unsettled)
                {
                    terminal.Error.WriteLine(unsettled.Message);
                    return ExitCodes.CheckFailed;
                }
            });
        });
        return With(command);
    }

    private static Option<string> VersionOption()
    {
        var option = new Option<string>("--version")
        {
            Description = $"of the wallet contract: {WalletArguments.V5R1} or {WalletArguments.V4R2}", HelpName = "VERSION",
            DefaultValueFactory = _ => WalletArguments.V5R1,
        };
        option.AcceptOnlyFromAmong(WalletArguments.V5R1, WalletArguments.V4R2);
        return option;
    }
}
