using System.CommandLine;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary>The command line of <c>dmm</c>.</summary>
internal static class DmmCommand
{
    /// <summary>Runs one command line, writing to the two given.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parse = Create().Parse(arguments);
        var exitCode = await parse.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return parse.Errors.Count > 0 ? ExitCodes.BadInput : exitCode;
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("A reactive stream-processing market maker for the DCT token on TON exchanges and mirrored venues.")
        {
            ReplayCommand.Create(),
            ExplainCommand.Create(),
            QuoteCommand.Create(),
            TopologyCommand.Create(),
            VenueCommand.Create(),
        };
        root.SetAction(parse => Welcome(root, new Terminal(parse).Screen));
        return root;
    }

    private static int Welcome(RootCommand root, IAnsiConsole screen)
    {
        screen.MarkupLine("[bold]dmm[/], the market maker of Dmm.Reactive: recorded or live frames in, books, volatility, quotes and breakers out,");
        screen.MarkupLine("every decision a pure function of its stamped inputs.\n");
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("type").AddColumn("get");
        foreach (var command in root.Subcommands) table.AddRow($"[green]dmm {command.Name}[/]", Markup.Escape(command.Description ?? ""));
        table.AddRow("[green]dmm COMMAND --help[/]", "all options of one command");
        screen.Write(table);
        screen.MarkupLine(
            "\nTry: [green]dmm topology[/], or [green]dmm replay --capture FILE --venue binance-usdm --symbol BTCUSDT[/] with a recorded feed.");
        return ExitCodes.Success;
    }
}
