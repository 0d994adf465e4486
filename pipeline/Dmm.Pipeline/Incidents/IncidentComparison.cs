using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;

namespace Dmm.Pipeline.Incidents;

/// <summary>The figures of a range side by side, for every report that has columns.</summary>
internal static class IncidentComparison
{
    /// <summary>What the columns can tell, and what they cannot.</summary>
    public const string Caveat =
        "Inputs are those recorded. Fills stay as they were: they are of the orders that were really placed, and none comes or goes because a "
        + "quote differs, so inventory and profit follow the record. Recorded order updates are left out; each order of a tried engine counts as "
        + "carried out at once, without latency or refusal, and its quotes move no market. Quotes, widths, states and orders are what the changed "
        + "parameters would have made of this course.";

    /// <summary>Why there is a column for the parameters as they were.</summary>
    public const string WhyUnchanged =
        "“Same rules, unchanged” is the record's own parameters under these rules: hold the changed column against it, as what already differs "
        + "between it and the record is owed to the rules.";

    /// <summary>Titles of the columns; the record's first.</summary>
    public static ImmutableArray<string> Columns(IncidentReport report) => report.WhatIf is not { } whatIf ? ["as recorded"]
        : report.Unchanged is null ? ["as recorded", whatIf.Changes.Text]
        : ["as recorded", "same rules, unchanged", whatIf.Changes.Text];

    /// <summary>Name and unit of each figure, and its text in each column.</summary>
    public static ImmutableArray<(string Name, ImmutableArray<string> Values)> Rows(IncidentReport report)
    {
        ImmutableArray<IncidentFigures> all =
        [
            report.Recorded.Figures(), .. new[] { report.Unchanged, report.WhatIf }.OfType<WhatIfOutcome>().Select(o => o.Recorder.Figures()),
        ];
        return
        [
            Row("inputs", f => DeskText.Count(f.Inputs)),
            Row("decisions", f => DeskText.Count(f.Decisions)),
            Row("quotes", f => DeskText.Count(f.Quotes)),
            Row("quotes with a side withheld", f => DeskText.Count(f.QuotesCut)),
            Row("half-spread δ, mean, bps", f => Mean(f.HalfSpreadMeanBps)),
            Row("quoted spread, mean, bps", f => Mean(f.SpreadMeanBps)),
            Row("volatility σ, mean, bps", f => Mean(f.VolatilityMeanBps)),
            Row("largest inventory q̂", f => DeskText.Of($"{f.InventoryRatioMax:0.000}")),
            Row("orders placed", f => DeskText.Count(f.OrdersPlaced)),
            Row("orders amended", f => DeskText.Count(f.OrdersAmended)),
            Row("orders cancelled", f => DeskText.Count(f.OrdersCancelled)),
            Row("fills (as recorded)", f => DeskText.Count(f.Fills)),
            Row("controls tripped", f => DeskText.Count(f.BreakerTrips)),
            Row("trading-state changes", f => DeskText.Count(f.StateChanges)),
            Row("alerts", f => DeskText.Count(f.Alerts)),
            .. Enum.GetValues<TradingState>().Where(state => all.Any(f => f.States.Any(s => s.State == state)))
                .Select(state => Row($"time {state}", f => Time(f.States.FirstOrDefault(s => s.State == state)))),
        ];

        (string, ImmutableArray<string>) Row(string name, Func<IncidentFigures, string> value) => (name, [.. all.Select(value)]);
    }

    private static string Mean(double? bps) => bps is { } value ? DeskText.Bps(value) : "–";

    private static string Time(StateTime time) => DeskText.Of($"{time.Seconds:N1} s, {time.Share * 100:0.0} %");
}
