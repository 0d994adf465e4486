using System.Globalization;
using Dmm.Core;
using Spectre.Console;

namespace Dmm.Pipeline.Replay;

/// <summary>A <see cref="RunSummary"/> for people.</summary>
internal static class RunSummaryText
{
    public static void Write(IAnsiConsole screen, RunSummary run)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("what").AddColumn("value");
        table.AddRow("recorded", Text($"{Instant(run.From)} to {Instant(run.To)}, {(run.To - run.From).TotalSeconds:N1} s"));
        table.AddRow("read", Text($"{run.Frames:N0} frames, {run.BookEvents:N0} of them book events; {run.Rejected:N0} rejected"));
        table.AddRow("replayed", Text($"in {run.Seconds:N2} s, {run.FramesPerSecond:N0} frames/s"));
        table.AddRow("decided",
            Text($"{run.Decisions:N0}: {run.Quotes:N0} quotes, {run.OrderIntents:N0} order intents, {run.BreakerChanges:N0} breaker changes, ")
            + Text($"{run.StateChanges:N0} trading state changes, {run.Alerts:N0} alerts"));
        if (run.OrderIntentsReplacing > 0)
            table.AddRow("order intents saved",
                Text($"{Saved(run):0.0} % of the {run.OrderIntentsReplacing:N0} that replacing each changed ladder would take"));
        AddTrading(table, run);
        table.AddRow("decisions' SHA-256", run.DecisionsSha256);
        if (run.Journal is { } journal) table.AddRow("journal", Markup.Escape(journal));
        if (run.Plot is { } plot) table.AddRow("picture", Markup.Escape(plot));
        screen.Write(table);
        screen.Write(Books(run));
        if (!run.IsSound)
            screen.MarkupLine($"[red]The built book differs from the venue's own top in {run.OracleChecked - run.OracleMatched} of {run.OracleChecked} checks.[/]");
        foreach (var notice in run.Books.Select(b => b.Notice).OfType<string>()) screen.MarkupLine($"[yellow]{Markup.Escape(Sentence(notice))}[/]");
    }

    private static double Saved(RunSummary run) => 100 * (1 - (double)run.OrderIntents / run.OrderIntentsReplacing);

    private static void AddTrading(Table table, TradingSummary run)
    {
        if (run.IsShadow)
        {
            table.AddRow("traded", "nothing: shadow mode, no order was sent");
            return;
        }

        var reasons = run.FillReasons;
        table.AddRow("traded",
            Text($"{run.Fills:N0} fills: {reasons.Queue:N0} by our place in the queue, {reasons.Through:N0} traded through, ")
            + Text($"{reasons.Crossed:N0} crossed, {reasons.Taken:N0} taken; {run.FillRatio ?? 0:P1} of orders"));
        var fees = run.Fees is { } paid ? Text($"{paid:N2}") : "unvalued";
        table.AddRow("earned", run.OrderFlowPnl is { } earned
            ? Text($"{earned:N2} = {run.RealisedPnl:N2} realised + {run.UnrealisedPnl:N2} unrealised; {fees} fees, {run.Drawdown:N2} drawdown")
            : "not valued");
        table.AddRow("held", Text($"{run.InventoryEnd:0.########} at the end, {run.InventoryMax:0.########} at most, from the target"));
        if (run.Markout1s is { } one)
            table.AddRow("mean markout", Text($"{one:0.000} bps after 1 s") + (run.Markout5s is { } five ? Text($", {five:0.000} bps after 5 s") : ""));
    }

    private static Table Books(RunSummary run)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("book").AddColumn("at the end")
            .AddColumn(new TableColumn("equal to the venue's top").RightAligned()).AddColumn(new TableColumn("gaps").RightAligned())
            .AddColumn(new TableColumn("resyncs").RightAligned()).AddColumn(new TableColumn("crossings").RightAligned())
            .AddColumn(new TableColumn("wrong checksums").RightAligned());
        foreach (var book in run.Books)
        {
            table.AddRow(
                Markup.Escape(book.Instrument), book.IsValid ? "[green]valid[/]" : $"[yellow]{book.Status}[/]",
                book.OracleChecked == 0 ? "not checked" : Text($"{book.OracleMatched:N0} of {book.OracleChecked:N0}"),
                Text($"{book.Gaps:N0}"), Text($"{book.Resyncs:N0}"), Text($"{book.Crossings:N0}"), Text($"{book.ChecksumMismatches:N0}"));
        }

        return table;
    }

    private static string Sentence(string notice) => $"{char.ToUpperInvariant(notice[0])}{notice[1..]}.";

    private static string Instant(Timestamp at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
