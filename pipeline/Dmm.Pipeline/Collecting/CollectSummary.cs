using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Dmm.Pipeline.Collecting;

/// <summary>How <c>dmm collect</c> ended.</summary>
internal sealed record CollectSummary
{
    private const double BytesPerMegabyte = 1_000_000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Collector { get; init; }

    public required string Bootstrap { get; init; }

    public required string Topic { get; init; }

    public required ImmutableArray<string> Venues { get; init; }

    /// <summary>Queued for the brokers.</summary>
    public required long Records { get; init; }

    /// <summary>Of their bodies.</summary>
    public required long Bytes { get; init; }

    /// <summary>Acknowledged by the brokers.</summary>
    public required long Stored { get; init; }

    /// <summary>Failed, or not acknowledged to the end.</summary>
    public required long Lost { get; init; }

    /// <summary>Frames of venues, or lines of recordings, that could not be read.</summary>
    public required long Rejected { get; init; }

    public required double Seconds { get; init; }

    public double RecordsPerSecond => Seconds > 0 ? Math.Round(Records / Seconds, 1) : 0;

    public bool IsComplete => Lost == 0;

    public static CollectSummary Of(string collector, CollectOptions options, CollectCounters counters, int pending, TimeSpan elapsed) => new()
    {
        Collector = collector, Bootstrap = options.Kafka.Bootstrap, Topic = options.Topic,
        Venues = options.Capture is { } capture ? [.. capture.Groups.Select(g => g.Venue)] : [.. options.Venues.Select(v => v.Name)],
        Records = counters.Records, Bytes = counters.Bytes, Stored = counters.Stored, Lost = counters.Failed + pending,
        Rejected = counters.Rejected, Seconds = Math.Round(elapsed.TotalSeconds, 3),
    };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public void Write(IAnsiConsole screen)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        (string, string)[] rows =
        [
            ("records published", Number(Records)), ("acknowledged", Number(Stored)), ("lost", Number(Lost)), ("frames rejected", Number(Rejected)),
            ("megabytes", (Bytes / BytesPerMegabyte).ToString("N2", CultureInfo.InvariantCulture)),
            ("seconds", Seconds.ToString("N2", CultureInfo.InvariantCulture)),
            ("records a second", RecordsPerSecond.ToString("N0", CultureInfo.InvariantCulture)),
        ];
        foreach (var (what, value) in rows) table.AddRow(what, value);
        screen.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
