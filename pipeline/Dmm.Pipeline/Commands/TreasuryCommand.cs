using System.CommandLine;
using Dmm.Pipeline.Wallets;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm treasury</c>: burns jettons, or sends them on, and believes neither before its trace shows it.</summary>
internal static class TreasuryCommand
{
    private static readonly Option<string> Amount = new("--amount")
    {
        Description = "in tokens, with a point and as many decimals as the jetton has", HelpName = "N", Required = true,
    };

    private static readonly Option<string> Jetton = new("--jetton") { Description = "the jetton's minter", HelpName = "ADDRESS", Required = true };

    private static readonly Option<string> To = new("--to")
    {
        Description = "who gets them: the owner's address", HelpName = "ADDRESS", Required = true,
    };

    private static readonly Option<int?> Decimals = new("--decimals")
    {
        Description = "of the jetton, where its minter does not tell them on the chain", HelpName = "N",
    };

    private static readonly Option<string?> Id = new("--id")
    {
        Description = "of the operation, 1 to 64 letters, digits, hyphens, points and underscores: the same again is the same, and happens once. "
            + "Without, what was interrupted goes on, or one is drawn and printed",
        HelpName = "NAME",
    };

    public static Command Create() => new("treasury", "burns jettons or sends them on, settled by the trace")
    {
        WalletOptions.Sends(
            new("burn", "destroys jettons: the supply falls; exit code 1 when that is not settled")
            {
                Amount, Jetton, Decimals, Id, WalletOptions.Json,
            },
            (session, parse, terminal, cancellation) => RunAsync(session, Order(parse, TreasuryKind.Burn), parse, terminal, cancellation)),
        WalletOptions.Sends(
            new("transfer", "sends jettons on: the supply stays; exit code 1 when that is not settled")
            {
                Amount, Jetton, To, Decimals, Id, WalletOptions.Json,
            },
            (session, parse, terminal, cancellation) => RunAsync(session, Order(parse, TreasuryKind.Transfer), parse, terminal, cancellation)),
    };

    private static TreasuryOrder Order(ParseResult parse, TreasuryKind kind)
    {
        var arguments = WalletOptions.Arguments(parse);
        return new(
            kind, arguments.Read("--jetton", parse.GetRequiredValue(Jetton)), parse.GetRequiredValue(Amount),
            kind == TreasuryKind.Transfer ? arguments.Read("--to", parse.GetRequiredValue(To)) : null, parse.GetValue(Decimals), parse.GetValue(Id));
    }

    private static async Task<int> RunAsync(
        WalletSession session, TreasuryOrder order, ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var report = await TreasuryRun.RunAsync(session, order, terminal.Error.WriteLine, cancellation);
        if (parse.GetValue(WalletOptions.Json)) terminal.Output.WriteLine(report.ToJson());
        else report.Write(terminal.Output);
        return report.IsSettled ? ExitCodes.Success : ExitCodes.CheckFailed;
    }
}
