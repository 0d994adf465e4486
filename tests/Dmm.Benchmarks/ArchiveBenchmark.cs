using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Testing.Servers;

namespace Dmm.Benchmarks;

/// <summary>Rows a second into the archive, in batches as a journal is followed: into SQLite and into a PostgreSQL of its own.</summary>
internal static class ArchiveBenchmark
{
    private const int Batches = 40;
    private const int EventsABatch = 660;

    // A fill, its order, its markout, a volatility snapshot.
    private const int RowsAnEvent = 4;

    private static readonly FollowedJournal Journal = new("0001-benchmark", 1, "benchmark");
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T12:00:00Z");

    public static void Run()
    {
        Report.Title("archive: batches of 1,980 records, each with its cursor in one transaction");
        var batches = Enumerable.Range(0, Batches).Select(Batch).ToArray();
        var folder = Directory.CreateTempSubdirectory("dmm-archive-");
        try
        {
            using var sqlite = SqliteArchive.Open(Path.Combine(folder.FullName, "archive.db"));
            Measure("SQLite, write-ahead log, synchronous NORMAL", sqlite, batches);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        if (!File.Exists("/usr/lib/postgresql/15/bin/postgres"))
        {
            Report.Note("postgres 15 is not installed: no figure for it");
            return;
        }

        using var server = PostgresServer.Start();
        using var archive = PostgresArchive.Open(server.ConnectionString());
        Measure("PostgreSQL over loopback, unnest, fsync off", archive, batches);
    }

    private static void Measure(string what, IArchive archive, FollowBatch[] batches)
    {
        var warmUp = batches.Length / 4;
        foreach (var batch in batches[..warmUp]) archive.Apply(batch);
        var seconds = new List<double>();
        foreach (var batch in batches[warmUp..])
        {
            var start = Stopwatch.GetTimestamp();
            archive.Apply(batch);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        seconds.Sort();
        const int rows = EventsABatch * RowsAnEvent;
        Report.Figure(what, rows * seconds.Count / seconds.Sum(), "rows/s",
            beside: $"batch {Report.Number(seconds[seconds.Count / 2] * 1e3)} ms at the median, {Report.Number(seconds[^1] * 1e3)} ms at worst");
    }

    private static FollowBatch Batch(int number)
    {
        var first = (long)number * EventsABatch;
        var records = ImmutableArray.CreateBuilder<FollowedRecord>();
        if (number == 0) records.Add(new(new JournalRecord(Header)));
        for (var i = first + 1; i <= first + EventsABatch; i++)
        {
            var (at, trade) = (Start + TimeSpan.FromMilliseconds(100 * i), i.ToString(CultureInfo.InvariantCulture));
            records.Add(new(new JournalRecord(new Stamp(i, at), new Input(new Fill
            {
                Instrument = new(0), TradeId = trade, ClientOrderId = $"order{trade}", Side = Side.Buy, Price = 61_701.1m,
                Quantity = 0.001m * (i % 9 + 1), Fee = 0.0123m, FeeAsset = "USDT", IsMaker = true, VenueTime = at,
            }), InputOrigin.Outside)));
            var cause = new Cause(i, null, at);
            records.Add(new(new Decision(2 * i - 1, cause, new Markout(new(0), trade, Side.Buy, TimeSpan.FromSeconds(5), 1.25)
            {
                MidMoveBps = -0.5, TimeToFill = TimeSpan.FromSeconds(2.5), QuotedHalfSpreadBps = 5.95, IsMaker = true,
            })));
            records.Add(new(new Decision(2 * i, cause, new VolatilitySnapshot(1.5e-9, 12.5, 12.5, true))));
        }

        var last = first + EventsABatch;
        return new()
        {
            Journal = Journal, Run = Header, From = number == 0 ? default : new(1, first, 2 * first), To = new(1, last, 2 * last),
            Records = records.ToImmutable(),
        };
    }

    private static RunHeader Header { get; } = new()
    {
        Run = 1, StartedAt = Start, NextSequence = 1, NextDecision = 1, CodeVersion = "benchmark", Platform = "this machine", ConfigurationHash = "",
        Mode = TradingMode.Paper, State = "{}"u8.ToArray(),
        Instruments = new(
        [
            new Instrument
            {
                Id = new(0), Venue = "binance-usdm", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Linear,
                SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.1m), Sizes = new(0.001m), MinimumSize = 0.001m, MinimumNotional = 5m,
            },
        ]),
        Parameters = QuotingParameters.Dct(new VenueParameters { Instrument = "binance-usdm:BTCUSDT" }),
    };
}
