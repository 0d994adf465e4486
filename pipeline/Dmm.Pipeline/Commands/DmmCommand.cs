using System.CommandLine;

namespace Dmm.Pipeline.Commands;

/// <summary>The command line of <c>dmm</c>.</summary>
internal static class DmmCommand
{
    /// <summary>Runs one command line, writing to the two given.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For what goes wrong, and what is going on.</param>
    /// <param name="cancellation">Ends the command as an interruption does.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var parse = Create().Parse(arguments);
        var exitCode = await parse.InvokeAsync(new InvocationConfiguration
        {
            // A command that has something to put in order before it ends handles signals itself.
            Output = output, Error = error, ProcessTerminationTimeout = null,
        }, cancellation);
        return parse.Errors.Count > 0 ? ExitCodes.BadInput : exitCode;
    }

    /// <summary>Every command and option there is.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand("A reactive stream-processing market maker for the DCT token on TON exchanges and mirrored venues.")
        {
            RunCommand.Create(),
            ReplayCommand.Create(),
            ExplainCommand.Create(),
            QuoteCommand.Create(),
            SimulateCommand.Create(),
            TopologyCommand.Create(),
            ScenarioCommand.Create(),
            VenueCommand.Create(),
            HealthCommand.Create(),
            AcceptBalanceCommand.Create(),
            CollectCommand.Create(),
            WalletCommand.Create(),
            AnchorCommand.Create(),
            TreasuryCommand.Create(),
        };
        root.SetAction(RunCommand.InvokeAsync);
        return root;
    }
}
