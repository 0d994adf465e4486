using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dmm.Simulation;
using Spectre.Console;

namespace Dmm.Pipeline.Studies;

/// <summary>A <see cref="ComparisonReport"/> for people: a table for each market, two lines for each variant but the first.</summary>
internal static class ComparisonText
{
    private const string Legend =
        "Mean ± standard error. The line below: difference from the first variant, pair by pair; with a star where it is beyond two standard "
        + "errors of at least ten pairs, as about one in fifteen is by chance.";

    private static readonly ImmutableArray<FigureColumn> Columns =
    [
        new("pnl", "PnL, USD", "0.00"), new("inventoryVariance", "inventory variance, 10⁻³ q̂²", "0.00", 1_000),
        new("drawdown", "drawdown, USD", "0.00"),
        new("realisedSpreadBps", "realised spread, bps", "0.00"), new("fillRatio", "fill ratio, %", "0.0", 100), new("fills", "fills", "0.0"),
        new("haltedShare", "halted, %", "0.0", 100),
    ];

    public static void Write(IAnsiConsole screen, ComparisonReport report)
    {
        screen.WriteLine(report.Heading);
        screen.WriteLine(Legend);
        foreach (var market in report.Markets)
        {
            var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Title(market))).AddColumn("variant");
            foreach (var column in Columns) table.AddColumn(new TableColumn(column.Header).RightAligned());
            foreach (var variant in market.Variants)
            {
                table.AddRow([variant.Variant.Name, .. Columns.Select(column => column.Value(variant))]);
                if (variant != market.Variants[0])
                    table.AddRow(["[grey]  difference[/]", .. Columns.Select(column => column.Difference(variant, "[bold]", "*[/]"))]);
            }

            screen.Write(table);
        }
    }

    public static string Markdown(ComparisonReport report)
    {
        var text = new StringBuilder().Append(report.Heading).Append(' ').Append(Legend).Append('\n');
        foreach (var market in report.Markets)
        {
            text.Append($"\n**{Title(market)}**\n\n| variant | {string.Join(" | ", Columns.Select(c => c.Header))} |\n");
            text.Append($"|---|{string.Concat(Columns.Select(_ => "---:|"))}\n");
            foreach (var variant in market.Variants)
            {
                text.Append($"| {variant.Variant.Name} | {string.Join(" | ", Columns.Select(column => column.Value(variant)))} |\n");
                if (variant != market.Variants[0])
                    text.Append($"| difference | {string.Join(" | ", Columns.Select(column => column.Difference(variant, "**", "\\***")))} |\n");
            }
        }

        return text.ToString();
    }

    private static string Title(ComparedMarket market) => market.Arrivals is { } arrivals
        ? string.Create(CultureInfo.InvariantCulture,
            $"{market.Market}: A = {arrivals.Intensity:0.####}/s, κ = {arrivals.Sensitivity:0.###}/bps where fitted")
        : market.Market;

    /// <param name="Name">Of the figure.</param>
    /// <param name="Header">For people.</param>
    /// <param name="Format">Of value and error.</param>
    /// <param name="Scale">Multiplies the figure, to percent for instance.</param>
    private sealed record FigureColumn(string Name, string Header, string Format, double Scale = 1)
    {
        public string Value(ComparedVariant variant) => Text(Figure(variant).Value, Format);

        public string Difference(ComparedVariant variant, string before, string after)
        {
            var difference = Figure(variant).Difference;
            var text = Text(difference, $"+{Format};−{Format};0");
            return difference is { IsCalled: true } ? before + text + after : text;
        }

        private ComparedFigure Figure(ComparedVariant variant) => variant.Figures.Single(figure => figure.Figure.Name == Name);

        private string Text(Estimate? estimate, string format)
        {
            if (estimate is not { } known) return "–";
            var error = known.StandardError is { } standard ? $" ± {Number(standard, Format)}" : "";
            return Number(known.Mean, format) + error;
        }

        private string Number(double value, string format) => (value * Scale).ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }
}
