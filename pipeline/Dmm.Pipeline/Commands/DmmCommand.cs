using System.CommandLine;
using Spectre.Console;

namespace Dmm.Pipeline.Commands;

/// <summary>The command line of <c>dmm</c>.</summary>
internal static class DmmCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("A reactive stream-processing market maker for the DCT token on TON exchanges and mirrored venues.")
        {
            ReplayCommand.Create(),
            QuoteCommand.Create(),
            TopologyCommand.Create(),
            ExplainCommand.Create(),
        };
        root.SetAction(_ => Welcome(root));
        return root;
    }

    private static int Welcome(RootCommand root)
    {
        AnsiConsole.MarkupLine("[bold]dmm[/], the market maker of Dmm.Reactive: recorded or live frames in, books, volatility, quotes and breakers out,");
        AnsiConsole.MarkupLine("every decision a pure function of its stamped inputs.\n");
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("type").AddColumn("get");
        foreach (var command in root.Subcommands) table.AddRow($"[green]dmm {command.Name}[/]", Markup.Escape(command.Description ?? ""));
        table.AddRow("[green]dmm COMMAND --help[/]", "all options of one command");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine("\nTry: [green]dmm topology[/], or the recorded exchange feed of the README's first example.");
        return 0;
    }
}
