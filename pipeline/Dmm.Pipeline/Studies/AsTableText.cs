using System.Globalization;
using Dmm.Simulation;
using Spectre.Console;

namespace Dmm.Pipeline.Studies;

/// <summary>An <see cref="AsTableReport"/> for people.</summary>
internal static class AsTableText
{
    public static void Write(IAnsiConsole screen, AsTableReport report)
    {
        screen.WriteLine(Text($"Avellaneda and Stoikov 2008, Tables 1 to 3: {report.Paths} paths a row, seed {report.Seed}."));
        screen.WriteLine("Each figure: ours ± its standard error | the paper's.");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("γ").AddColumn("strategy");
        foreach (var name in (string[])["spread", "profit", "std of profit", "std of final q"]) table.AddColumn(new TableColumn(name).RightAligned());
        table.AddColumn("verdict");
        foreach (var row in report.Rows)
        {
            table.AddRow(
                Text($"{row.RiskAversion}"), row.Strategy == AcademicStrategy.Inventory ? "inventory" : "symmetric",
                Cell(row.Spread, "0.00"), Cell(row.Profit, "0.0"), Cell(row.ProfitDeviation, "0.0"), Cell(row.FinalInventoryDeviation, "0.0"),
                row.IsWithin ? "[green]within[/]" : $"[red]{string.Join(", ", Outside(row))}[/]");
        }

        screen.Write(table);
        var outside = report.Rows.Count(row => !row.IsWithin);
        screen.MarkupLine(outside == 0
            ? "[green]Every figure is within its bounds[/]: spread 0.02, profit 3·√(s²/1000 + s²/N), dispersions 15 %."
            : $"[red]{outside} of {report.Rows.Length} rows are out of bounds.[/]");
    }

    private static IEnumerable<string> Outside(AcademicRow row)
    {
        foreach (var (name, figure) in new[]
        {
            ("spread", row.Spread), ("profit", row.Profit), ("std of profit", row.ProfitDeviation), ("std of final q", row.FinalInventoryDeviation),
        })
        {
            if (!figure.IsWithin) yield return Text($"{name} is off by {figure.Ours - figure.Paper:+0.00;-0.00}, bound {figure.Tolerance:0.00}");
        }
    }

    // An error of nothing is left out: no chance enters the spread.
    private static string Cell(AcademicFigure figure, string format)
    {
        string Number(double value, string with) => value.ToString(with, CultureInfo.InvariantCulture);
        var error = figure.StandardError == 0 ? "" : $" ± {Number(figure.StandardError, "0.00")}";
        return Markup.Escape($"{Number(figure.Ours, format)}{error} | {Number(figure.Paper, format)}") + (figure.IsWithin ? "" : " [red]✗[/]");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
