using System.Collections.Immutable;
using System.Text;

namespace Dmm.Pipeline.Incidents;

/// <summary>Puts a report on disk.</summary>
internal static class IncidentFiles
{
    /// <summary>Writes <c>report.html</c> and <c>report.png</c> into the report's folder, over those of a former look.</summary>
    /// <returns>Their paths.</returns>
    public static ImmutableArray<string> Write(IncidentReport report)
    {
        var folder = Directory.CreateDirectory(report.Options.Out).FullName;
        var page = Path.Combine(folder, "report.html");
        File.WriteAllText(page, IncidentPage.Html(report), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return [page, IncidentPlot.Save(report, Path.Combine(folder, "report.png"))];
    }
}
