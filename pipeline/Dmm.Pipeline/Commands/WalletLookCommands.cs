using System.CommandLine;
using System.Globalization;
using Dmm.Pipeline.Wallets;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm wallet balance</c> and <c>status</c>: what the chain says of a wallet, and what its log does. Neither takes the log, which a desk
/// may have.</summary>
internal static class WalletLookCommands
{
    private const int EndedShown = 10;

    private static readonly Option<string[]> Jettons = new("--jetton")
    {
        Description = "minter of a jetton whose balance is wanted, too; may be given several times", HelpName = "ADDRESS",
        DefaultValueFactory = _ => [],
    };

    public static Command Balance()
    {
        var command = WalletOptions.With(new Command("balance", "TON and jettons in a wallet, whether it is deployed, and its next number")
        {
            Jettons, WalletOptions.Json,
        });
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            return await terminal.GuardAsync(() => TellAsync(parse, terminal, cancellation));
        });
        return command;
    }

    public static Command Status()
    {
        var command = WalletOptions.With(new Command("status", "what a wallet was told to send: what is under way, and how the last of it ended"));
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            return terminal.Guard(() => Tell(WalletOptions.Arguments(parse), terminal.Output));
        });
        return command;
    }

    private static async Task<int> TellAsync(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var arguments = WalletOptions.Arguments(parse);
        var minters = parse.GetValue(Jettons)!.Select(text => arguments.Read("--jetton", text)).ToArray();
        var options = arguments.OpenNodes();
        using var signer = arguments.OpenKey();
        using var client = VenueHttp.Client();
        var wallet = arguments.Contract(signer.PublicKey);
        var node = TonNodes.Of(client, options, TimeProvider.System);
        var holding = await WalletHolding.ReadAsync(
            wallet, node, new(node, TimeProvider.System), minters, terminal.Error.WriteLine, TimeProvider.System, cancellation);
        if (parse.GetValue(WalletOptions.Json)) terminal.Output.WriteLine(holding.ToJson());
        else holding.Write(terminal.Output, arguments.Version, arguments.IsTestnet);
        return ExitCodes.Success;
    }

    private static int Tell(WalletArguments arguments, TextWriter output)
    {
        using var signer = arguments.OpenKey();
        var file = arguments.LogOf(arguments.Contract(signer.PublicKey).Address);
        IReadOnlyList<SendRecord> records;
        SenderState state;
        try
        {
            records = SendLogFile.Look(file);
            state = records.Aggregate(SenderState.Initial, (before, record) => before.With(record));
        }
        catch (Exception damaged) when (damaged is WalletFileException or InvalidOperationException)
        {
            throw new BadInputException(damaged.Message.Contains(file, StringComparison.Ordinal) ? damaged.Message : $"{file}: {damaged.Message}");
        }

        var underWay = state.IsIdle ? "nothing" : "something";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {state.Ended.Count} ended, {underWay} under way"));
        if (state.Flight is { } flight)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"signed   {flight.Intent.Id}: for number {flight.Seqno}, {flight.Attempts.Length} time(s), until "
                + $"{SendProgress.Time(flight.Last.ValidUntil)}; not after {SendProgress.Time(flight.Intent.Deadline)}"));
        }

        foreach (var waiting in state.Queue) output.WriteLine($"waiting  {waiting.Id}: not after {SendProgress.Time(waiting.Deadline)}");
        foreach (var ended in records.OfType<SendRecord.Ended>().TakeLast(EndedShown))
            output.WriteLine($"ended    {ended.IntentId}: {SendProgress.Text(ended.Outcome)}");
        return ExitCodes.Success;
    }
}
