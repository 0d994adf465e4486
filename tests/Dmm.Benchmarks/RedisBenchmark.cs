using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Dmm.Testing.Servers;
using HdrHistogram;
using Xunit.Sdk;

namespace Dmm.Benchmarks;

/// <summary>
/// Batches of the journal applied to a redis-server of its own over loopback, one after the other. Of eight records one is a fill, four are an
/// order's life, and the rest are positions, profit and a quote.
/// </summary>
internal static class RedisBenchmark
{
    private static readonly InstrumentCatalog Instruments = new(
    [
        new Instrument
        {
            Id = new(0), Venue = "okx", Symbol = "BTC-USDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.1m), Sizes = new(0.0001m),
        },
    ]);

    private static readonly Timestamp Start = Timestamp.Parse("2026-01-01T00:00:00Z");

    public static void Run()
    {
        Report.Title("journal → Redis, a script a batch, over loopback");
        try
        {
            Of(recordsABatch: 8, batches: 4_000);
            Of(recordsABatch: 80, batches: 2_000);
            Of(recordsABatch: 2_000, batches: 200);
        }
        catch (SkipException missing)
        {
            Report.Note(missing.Message);
        }
    }

    private static void Of(int recordsABatch, int batches)
    {
        using var server = RedisServer.Start();
        using var state = RedisState.Open(new() { Connection = server.ConnectionString, Patience = TimeSpan.FromSeconds(10) }, TimeProvider.System);
        var all = Batches(recordsABatch, batches + batches / 10).ToArray();
        var warmUp = batches / 10;
        foreach (var batch in all.AsSpan(0, warmUp)) state.Apply(batch);
        var each = new LongHistogram(TimeSpan.FromMinutes(1).Ticks, 3);
        var whole = Stopwatch.StartNew();
        foreach (var batch in all.AsSpan(warmUp))
        {
            var start = Stopwatch.GetTimestamp();
            state.Apply(batch);
            each.RecordValue(Math.Max(1, Stopwatch.GetElapsedTime(start).Ticks));
        }

        var seconds = whole.Elapsed.TotalSeconds;
        string name = string.Create(CultureInfo.InvariantCulture, $"batches of {recordsABatch}");
        Report.Figure(name, batches / seconds, "batches/s");
        Report.Figure($"{name}: records", batches * recordsABatch / seconds, "records/s");
        Report.Figure($"{name}: Apply p50", Milliseconds(each, 50), "ms");
        Report.Figure($"{name}: Apply p99", Milliseconds(each, 99), "ms");
    }

    private static double Milliseconds(LongHistogram each, double percentile) =>
        each.GetValueAtPercentile(percentile) / (double)TimeSpan.TicksPerMillisecond;

    private static IEnumerable<FollowBatch> Batches(int recordsABatch, int count)
    {
        var journal = new FollowedJournal("0001-bench", 1, "bench");
        var header = new RunHeader
        {
            Run = 1, StartedAt = Start, NextSequence = 1, NextDecision = 1, CodeVersion = "bench", Platform = "bench", ConfigurationHash = "",
            Mode = TradingMode.Paper, Instruments = Instruments,
            Parameters = QuotingParameters.Btc(new VenueParameters { Instrument = "okx:BTC-USDT" }),
            State = ReadOnlyMemory<byte>.Empty,
        };
        var (cursor, number) = (default(FollowCursor), 0L);
        for (var i = 0; i < count; i++)
        {
            var records = ImmutableArray.CreateBuilder<FollowedRecord>();
            var from = cursor;
            if (i == 0)
            {
                records.Add(new(new JournalRecord(header)));
                cursor = cursor with { Run = 1 };
            }

            while (records.Count < recordsABatch)
            {
                var (at, id) = (Start + TimeSpan.FromMilliseconds(++number), $"a{number}");
                void Hear(ControlMessage message)
                {
                    cursor = cursor with { Sequence = cursor.Sequence + 1 };
                    records.Add(new(new JournalRecord(new Stamp(cursor.Sequence, at), new Input(message), InputOrigin.Outside)));
                }

                void Decide(object body)
                {
                    cursor = cursor with { Decision = cursor.Decision + 1 };
                    records.Add(new(new Decision(cursor.Decision, new(cursor.Sequence, null, at), body)));
                }

                Decide(Order(OrderIntentKind.Place, id));
                Hear(Update(id, OrderStatus.Live, 10));
                Hear(FillOf(id, at));
                Decide(Inventory(number));
                Decide(Profit(number));
                Hear(Update(id, OrderStatus.PartiallyFilled, 5));
                Hear(Update(id, OrderStatus.Filled, 0));
                Decide(new VolatilitySnapshot(1e-9, 10, 10, true));
            }

            yield return new() { Journal = journal, Run = header, From = from, To = cursor, Records = records.ToImmutable() };
        }
    }

    private static OrderIntent Order(OrderIntentKind kind, string id) => new()
    {
        Kind = kind, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 617_000, SizeLots = 10, IsPostOnly = true,
    };

    private static OrderUpdate Update(string id, OrderStatus status, long lots) => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 617_000, RemainingLots = lots, Reason = "",
    };

    private static Fill FillOf(string id, Timestamp at) => new()
    {
        Instrument = new(0), TradeId = id, ClientOrderId = id, Side = Side.Buy, Price = 61_700m, Quantity = 0.001m, Fee = 0.01m, FeeAsset = "USDT",
        IsMaker = true, VenueTime = at,
    };

    private static InventorySnapshot Inventory(long number) => new()
    {
        Total = number * 0.001m, Starting = 0, InventoryRatio = 0.1, AppliedFills = number, DuplicateFills = 0, RefusedFills = 0,
        Positions =
        [
            new Position
            {
                Instrument = new(0), Quantity = number * 0.001m, BaseQuantity = number * 0.001m, Average = 61_700m, AllInAverage = 61_710m,
                Basis = number * 61.7m, RealisedOpen = 0, Realised = -0.01m * number, Fees = 0.01m * number, SettlementAsset = "USDT",
                UnconvertedFees = [],
            },
        ],
    };

    private static PnlSnapshot Profit(long number) => new()
    {
        Realised = -0.01m * number, Unrealised = 0.02m * number, OrderFlow = 0.01m * number, StartingMarkToMarket = 0, InventoryNotional = number,
        Drawdown = 0, DeepestDrawdown = 0, SessionStart = Start, Instruments = [], Unvalued = "",
    };
}
