using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Spectre.Console;

namespace Dmm.Pipeline.Explanation;

/// <summary>A <see cref="QuoteExplanation"/> for people.</summary>
internal static class QuoteExplanationText
{
    public static void Write(IAnsiConsole screen, QuoteExplanation explanation)
    {
        screen.MarkupLine(Escaped($"[bold]Input {explanation.Sequence}[/], {explanation.At}: {explanation.Input}"));
        foreach (var quote in explanation.Quotes)
        {
            screen.WriteLine();
            screen.MarkupLine(
                Escaped($"[bold]{quote.Instrument}[/], decision {quote.Decision}, {When(quote.Cause, explanation.Sequence)}; trading state {quote.State}"));
            screen.Write(Terms(quote));
            screen.Write(Levels(quote));
            if (quote.Withheld.Length > 0) screen.MarkupLine(Escaped($"[yellow]Withheld: {quote.Withheld}[/]"));
        }

        foreach (var instrument in explanation.Unquoted) screen.MarkupLine(Escaped($"\n[yellow]{instrument} had no quote yet.[/]"));
        screen.WriteLine();
        screen.Write(Controls(explanation));
    }

    private static string When(Cause cause, long sequence) => cause switch
    {
        { Timer: { } timer } => $"made by timer '{timer}' at {cause.At}, after input {cause.Sequence}",
        _ when cause.Sequence == sequence => "made by this input",
        _ => $"made by input {cause.Sequence} at {cause.At} and still in force",
    };

    private static Table Terms(ExplainedQuote quote)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("term").AddColumn(new TableColumn("value").RightAligned()).AddColumn("unit")
            .AddColumn("why");
        foreach (var term in quote.Terms)
            table.AddRow(Markup.Escape(term.Name), term.Value.ToString("#,0.######", CultureInfo.InvariantCulture), Markup.Escape(term.Unit),
                Markup.Escape(term.Sentence));
        return table;
    }

    private static Table Levels(ExplainedQuote quote)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("side").AddColumn(new TableColumn($"price, {quote.QuoteAsset}").RightAligned())
            .AddColumn(new TableColumn($"size, {quote.SizeUnit}").RightAligned())
                .AddColumn(new TableColumn("from the fair value, bps").RightAligned());
        // As a book is read: asks above bids, the best of each in the middle.
        foreach (var level in quote.Levels.Where(l => l.Side == Side.Sell).Reverse().Concat(quote.Levels.Where(l => l.Side == Side.Buy)))
        {
            table.AddRow(
                level.Side == Side.Sell ? "[red]ask[/]" : "[green]bid[/]", Text($"{level.Price:#,0.##########}"), Text($"{level.Size:0.##########}"),
                Text($"{level.DistanceBps:+0.00;-0.00;0.00}"));
        }

        if (quote.Levels.IsEmpty) table.AddRow("none", "", "", "");
        return table;
    }

    private static Table Controls(QuoteExplanation explanation)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("control").AddColumn("of").AddColumn("demands").AddColumn("×")
            .AddColumn("since").AddColumn("why");
        foreach (var control in explanation.Controls)
        {
            table.AddRow(
                control.Kind.ToString(), Markup.Escape(control.Subject), control.IsAtRest ? "[green]nothing[/]" : $"[yellow]{control.Demand}[/]",
                Text($"{control.Multiplier:0.##}"), control.Since is { } since ? Time(since) : "the start", Markup.Escape(control.Reason));
        }

        return table;
    }

    private static string Time(Timestamp at) => at.ToDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Escaped(FormattableString text) =>
        string.Format(CultureInfo.InvariantCulture, text.Format,
            [.. text.GetArguments().Select(a => (object)Markup.Escape(Convert.ToString(a, CultureInfo.InvariantCulture) ?? ""))]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
