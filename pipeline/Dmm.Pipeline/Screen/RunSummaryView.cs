using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>Something of a run that its totals do not hold: its seed, its journal, the digest of its decisions.</summary>
/// <param name="Key">In JSON, camelCase.</param>
/// <param name="Label">In the table.</param>
/// <param name="Value">A text or a number.</param>
internal sealed record RunFact(string Key, string Label, object Value);

/// <summary>The end of a run: a table for people, a line of JSON for programs.</summary>
internal static class RunSummaryView
{
    // Below it a table would leave its values no room beside their labels.
    private const int TableWidthMin = 90;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>One line, facts first; money and quantities are exact, what is not known is null.</summary>
    public static string ToJson(RunTotals totals, IReadOnlyList<RunFact> facts)
    {
        var line = new JsonObject();
        foreach (var fact in facts) line.Add(fact.Key, JsonSerializer.SerializeToNode(fact.Value, Json));
        foreach (var (name, value) in JsonSerializer.SerializeToNode(totals, Json)!.AsObject()) line.Add(name, value?.DeepClone());
        return line.ToJsonString(Json);
    }

    public static void Write(IAnsiConsole screen, RunTotals totals, IReadOnlyList<RunFact> facts)
    {
        (string Label, string Text)[] rows =
        [
            .. Rows(totals).Select(row => (Markup.Escape(row.Label), Markup.Escape(DeskText.Plain(row.Text)))),
            .. facts.Select(fact => (Markup.Escape(fact.Label), Markup.Escape(DeskText.Plain(DeskText.Of($"{fact.Value}"))))),
        ];
        if (screen.Profile.Width < TableWidthMin)
        {
            foreach (var (label, text) in rows) screen.MarkupLine($"[bold]{label}[/]: {text}");
        }
        else
        {
            var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn(new TableColumn("what").NoWrap()).AddColumn("value");
            foreach (var (label, text) in rows) table.AddRow(label, text);
            screen.Write(table);
        }

        if (totals.Unvalued.Length > 0)
            screen.MarkupLine($"[yellow]Not in these sums, for want of a rate: {Markup.Escape(DeskText.Plain(totals.Unvalued))}[/]");
        if (totals.OrdersOpen > 0) screen.MarkupLine(DeskText.Of($"[yellow]{totals.OrdersOpen} orders may still rest.[/]"));
    }

    private static IEnumerable<(string Label, string Text)> Rows(RunTotals t)
    {
        yield return ("run", DeskText.Of($"{t.Seconds:N1} s of {t.Asset}; {t.Events:N0} events, {t.MarketDataEvents:N0} of them market data"));
        yield return ("decided", DeskText.Of($"{t.Decisions:N0}: {t.Quotes:N0} quotes, {t.BreakerChanges:N0} breaker changes, ")
            + DeskText.Of($"{t.StateChanges:N0} trading state changes, {t.Alerts:N0} alerts"));
        yield return ("trading state", string.Join(", ", t.States.Select(s => DeskText.Of($"{s.State} {s.Seconds:N1} s ({s.Share * 100:0.0} %)"))));
        yield return ("orders", DeskText.Of($"{t.OrdersPlaced:N0} placed, {t.OrdersAmended:N0} amended, {t.OrdersCancelled:N0} cancelled, ")
            + DeskText.Of($"{t.OrdersRejected:N0} rejected")
            + (t.FillRatio is { } ratio ? DeskText.Of($"; {ratio * 100:0.0} % filled, in part at least") : ""));
        yield return ("fills", DeskText.Of($"{t.Fills:N0}: {t.Buys:N0} buys, {t.Sells:N0} sells; ")
            + DeskText.Of($"{t.TradedVolume:N1} {t.Asset}, {t.TradedNotional:N2} {t.Numeraire}"));
        yield return ("order-flow profit", DeskText.Of($"{DeskText.SignedMoney(t.OrderFlowPnl)} {t.Numeraire}: ")
            + DeskText.Of($"realised {DeskText.SignedMoney(t.RealisedPnl)} (after {DeskText.Money(t.Fees)} of fees and gas), ")
            + DeskText.Of($"unrealised {DeskText.SignedMoney(t.UnrealisedPnl)}"));
        yield return ("starting inventory", DeskText.Of($"{DeskText.SignedMoney(t.StartingMarkToMarket)} {t.Numeraire}, marked to market"));
        yield return ("deepest drawdown", DeskText.Of($"{DeskText.Money(t.DeepestDrawdown)} {t.Numeraire}"));
        yield return ("inventory", DeskText.Of($"{t.InventoryEnd:N1} {t.Asset} at the end, between {t.InventoryMin:N1} and {t.InventoryMax:N1}; ")
            + DeskText.Of($"|q̂| up to {t.InventoryRatioMax:0.00}"));
        yield return ("mean markouts", t.Markouts.IsEmpty
            ? "none"
            : string.Join(", ", t.Markouts.Select(m => DeskText.Of($"{m.HorizonSeconds:0.#} s {DeskText.SignedBps(m.MeanBps)}"))) + " bps");
    }
}
