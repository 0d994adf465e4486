using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Simulation;

namespace Dmm.Pipeline.Faults;

/// <summary>A fault campaign's report as people and programs read it.</summary>
internal static class FaultReportText
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, FaultCampaign campaign, FaultReport report)
    {
        var counts = report.Counts;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{campaign.Seeds} seeds from {campaign.FirstSeed} on: {counts.Events:N0} events, {counts.Faults:N0} faults, "
            + $"{counts.Crashes:N0} processes killed, {counts.Orders:N0} orders, {counts.Fills:N0} fills, "
            + $"{counts.RouterTrades:N0} trades of the router in {counts.RoutedEvents:N0} of the events, {report.Failures.Length} violations"));
        foreach (var failure in report.Failures) Write(output, failure);
    }

    public static string ToJson(FaultCampaign campaign, FaultReport report) => JsonSerializer.Serialize(
        new
        {
            firstSeed = campaign.FirstSeed,
            seeds = campaign.Seeds,
            durationSeconds = campaign.Duration.TotalSeconds,
            events = report.Counts.Events,
            faults = report.Counts.Faults,
            crashes = report.Counts.Crashes,
            orders = report.Counts.Orders,
            fills = report.Counts.Fills,
            routedEvents = report.Counts.RoutedEvents,
            routerTrades = report.Counts.RouterTrades,
            violations = report.Failures.Select(f => new
            {
                seed = f.Found.Plan.Seed,
                rule = f.Found.Violation!.Rule.ToString(),
                atSeconds = f.Found.Violation.At.TotalSeconds,
                text = f.Found.Violation.Text,
                shrunk = f.Shrunk.Violation!.ToString(),
                faults = f.Shrunk.Plan.Faults.Select(fault => fault.ToString()),
                timeline = f.Timeline.Select(line => line.ToString().TrimStart()),
            }),
        },
        Unescaped);

    private static void Write(TextWriter output, FaultFailure failure)
    {
        var (found, shrunk) = (failure.Found, failure.Shrunk);
        output.WriteLine();
        output.WriteLine($"seed {found.Plan.Seed}: {found.Violation}");
        if (shrunk != found)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  with {shrunk.Plan.Faults.Length} of {found.Plan.Faults.Length} faults: {shrunk.Violation}"));
        }

        foreach (var fault in shrunk.Plan.Faults) output.WriteLine($"  {fault}");
        foreach (var line in failure.Timeline) output.WriteLine($"  {line}");
    }
}
