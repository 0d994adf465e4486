using System.CommandLine;
using Dmm.Pipeline.Anchoring;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Wallets;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm anchor</c>: the audit log's chain of hashes against the head of it that a contract on TON keeps.</summary>
internal static class AnchorCommand
{
    private static readonly Option<string> Contract = new("--address")
    {
        Description = "the anchor contract, in any form", HelpName = "ADDRESS", Required = true,
    };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "whose anchor it must be by its address, so that it has our code and takes that wallet's postings alone", HelpName = "ADDRESS",
    };

    private static readonly Option<bool> Testnet = new("--testnet") { Description = "an anchor on the test network" };

    private static readonly Option<string[]> Nodes = new("--node")
    {
        Description = $"provider of TON, toncenter itself if not given: {NodeAccess.Expected}. API keys, if any, are in {NodeAccess.KeyVariable} and "
            + NodeAccess.TonapiKeyVariable,
        HelpName = "NODE",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = $"data folder whose archive is meant, which a desk may be writing, unless {StoreAccess.PostgresVariable} is set",
        HelpName = "DIR", DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of sentences" };

    public static Command Create() => new("anchor", "the audit log against the head of its hash chain that a contract on TON keeps")
    {
        Sub("verify", "whether the audit log is what was posted; exit code 1 when that is not proved", Verify),
        Sub("message", "the body that posts the log's present head, to be sent by the owner's wallet; exit code 1 when nothing can be posted", Tell),
        WalletOptions.Sends(new("deploy", "puts the anchor of a wallet on the chain; one wallet has one") { WalletOptions.Json }, DeployAsync),
        WalletOptions.Sends(
            new("post", "posts the log's present head from the anchor's wallet; exit code 1 when the contract does not show it") { WalletOptions.Json },
            PostAsync),
    };

    private static async Task<int> DeployAsync(WalletSession session, ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var run = new AnchorRun(session, terminal.Error.WriteLine);
        AnchorText.WriteDeployed(
            terminal.Output, run.Contract, await run.DeployAsync(cancellation), parse.GetValue(WalletOptions.Testnet),
            parse.GetValue(WalletOptions.Json));
        return ExitCodes.Success;
    }

    private static async Task<int> PostAsync(WalletSession session, ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var run = new AnchorRun(session, terminal.Error.WriteLine);
        var wallet = WalletOptions.Arguments(parse);
        var post = await run.PostAsync(
            new()
            {
                Address = $"{run.Contract.Address}", Owner = $"{session.Address}", IsTestnet = wallet.IsTestnet, Nodes = wallet.Nodes,
                Variable = wallet.Variable, Data = wallet.Data, Postgres = StoreAccess.Variable(StoreAccess.PostgresVariable),
            },
            cancellation);
        AnchorText.WritePosted(terminal.Output, run.Contract, post, parse.GetValue(WalletOptions.Json));
        return ExitCodes.Success;
    }

    private static Command Sub(string name, string description, Func<AnchorReading, ParseResult, Terminal, int> tell)
    {
        var command = new Command(name, description) { Contract, Owner, Testnet, Nodes, Data, Json };
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            return await terminal.GuardAsync(
                async () => tell(await AnchorReading.ReadAsync(Arguments(parse), TimeProvider.System, cancellation), parse, terminal));
        });
        return command;
    }

    private static AnchorArguments Arguments(ParseResult parse) => new()
    {
        Address = parse.GetRequiredValue(Contract), Owner = parse.GetValue(Owner), IsTestnet = parse.GetValue(Testnet), Nodes = parse.GetValue(Nodes) ?? [],
        Variable = StoreAccess.Variable, Data = parse.GetValue(Data) ?? DataFolder.DefaultPath,
        Postgres = StoreAccess.Variable(StoreAccess.PostgresVariable),
    };

    private static int Verify(AnchorReading reading, ParseResult parse, Terminal terminal)
    {
        if (parse.GetValue(Json)) terminal.Output.WriteLine(AnchorText.ToJson(reading));
        else AnchorText.Write(terminal.Output, reading);
        return reading.IsProved ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static int Tell(AnchorReading reading, ParseResult parse, Terminal terminal)
    {
        if (reading.Obstacle is { } obstacle)
        {
            terminal.Error.WriteLine($"nothing to post: {obstacle}");
            return ExitCodes.CheckFailed;
        }

        // The number of the posting tells its answer from any other, and a second run gives the same bytes.
        var post = AnchorPost.After(
            reading.Told, queryId: reading.Told.Sequence + 1, (ulong)reading.Chain.Rows, Hash256.FromHex(reading.Chain.Head));
        if (parse.GetValue(Json)) terminal.Output.WriteLine(AnchorText.ToJson(reading, post));
        else AnchorText.Write(terminal.Output, reading, post, parse.GetValue(Testnet));
        return ExitCodes.Success;
    }
}
