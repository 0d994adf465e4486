using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venues;
using Dmm.Testing.Venues;
using Dmm.Wire;
using HdrHistogram;

namespace Dmm.Benchmarks;

/// <summary>
/// The whole of <c>dmm run --venue okx:…</c> against a fake OKX on loopback, in this process so that one clock measures: from the venue changing its
/// book until an order request that answers it has arrived there. The touch moves by more than a refresh may wait for, about ten times a second, and
/// stands where it was whenever the volatility is sampled, so that quotes do not widen.
/// </summary>
internal static class LoopbackBenchmark
{
    private const string Key = "key", Secret = "secret", Phrase = "phrase";
    private const long BidTicks = 9_970, NearBidTicks = 10_010, AskTicks = 10_030, Lots = 50_000;
    private const int MovesPerSecond = 10;

    // Volatility warms up over a half-life, of which this is the least.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(65);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(115);

    private static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "okx", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    public static void Run()
    {
        Report.Title($"loopback: a desk at a fake OKX, {Length.TotalSeconds:0} s of {MovesPerSecond} moves a second after {WarmUp.TotalSeconds:0} s of warm-up");
        var data = Directory.CreateTempSubdirectory("dmm-loopback-");
        try
        {
            RunAsync(data.FullName).GetAwaiter().GetResult();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string data)
    {
        using var market = new FakeMarket([Dct], TimeProvider.System);
        var arrivals = new Arrivals();
        await using var venue = new FakeVenue(new TimedDialect(new OkxDialect([Dct], new(Key, Secret), Phrase), arrivals), market, TimeProvider.System);
        market.Rest(Dct, Side.Buy, BidTicks, Lots);
        market.Rest(Dct, Side.Sell, AskTicks, Lots);
        var options = new OkxOptions
        {
            RestUrl = venue.Url, PublicSocketUrl = new(venue.SocketUrl, "/ws/v5/public"), PrivateSocketUrl = new(venue.SocketUrl, "/ws/v5/private"),
            Credentials = new(Key, Secret, Phrase),
        }.Checked();
        var duration = string.Create(CultureInfo.InvariantCulture, $"{(WarmUp + Length).TotalSeconds:0}s");
        using var output = new StringWriter();
        var run = new VenueRun(
            RunOptions.Read("1", "calm", "1", duration, data, log: null, isPlain: false, isJson: true, ["volatility.halfLife=60s", string.Create(CultureInfo.InvariantCulture, $"inventory.target={FakeMarket.OpeningBalance}")]),
            [new OkxConnection(options, [Dct.Symbol], TimeProvider.System)], [], StoreAccess.Embedded, new(output, TextWriter.Null),
            TimeProvider.System);
        var trading = run.RunAsync(CancellationToken.None);
        var moves = await MoveAsync(market, arrivals, trading);
        await trading;
        arrivals.Print(moves);
        var facts = JsonDocument.Parse(output.ToString()).RootElement;
        foreach (var (name, percentile) in (ReadOnlySpan<(string, string)>)[("P50", "50"), ("P99", "99"), ("P999", "99.9")])
        {
            if (facts.TryGetProperty($"frameToOrder{name}Us", out var microseconds))
                Report.Figure($"frame read → request leaves, p{percentile}", microseconds.GetDouble(), "µs", beside: $"of {facts.GetProperty("frameToOrderCount")} orders");
        }
    }

    /// <returns>How many moves were counted.</returns>
    private static async Task<int> MoveAsync(FakeMarket market, Arrivals arrivals, Task trading)
    {
        var moves = 0;
        var near = 0L;
        // The sampling grid lies on whole seconds: in between the touch goes there and back.
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / MovesPerSecond));
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < WarmUp + Length - TimeSpan.FromSeconds(2) && !trading.IsCompleted && await pace.WaitForNextTickAsync())
        {
            var millisecond = DateTimeOffset.UtcNow.Millisecond;
            if (near == 0 && millisecond is < 50 or > 750) continue;
            var isCounted = Stopwatch.GetElapsedTime(began) > WarmUp;
            if (isCounted) arrivals.Expect();
            if (near == 0)
            {
                near = market.Rest(Dct, Side.Buy, NearBidTicks, Lots);
            }
            else
            {
                market.Withdraw(Dct, near);
                near = 0;
            }

            if (isCounted) moves++;
        }

        if (near != 0) market.Withdraw(Dct, near);
        return moves;
    }

    /// <summary>The first order request after each move.</summary>
    private sealed class Arrivals
    {
        private readonly LongHistogram _microseconds = new(1, 60_000_000, 3);
        private readonly Lock _lock = new();
        private long? _expectedSince;

        public void Expect()
        {
            lock (_lock) _expectedSince = Stopwatch.GetTimestamp();
        }

        public void Take()
        {
            lock (_lock)
            {
                if (_expectedSince is not { } since) return;
                _microseconds.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(since).TotalMicroseconds));
                _expectedSince = null;
            }
        }

        public void Print(int moves)
        {
            if (_microseconds.TotalCount == 0)
            {
                Report.Note($"no order request answered any of {moves} moves");
                return;
            }

            foreach (var percentile in (ReadOnlySpan<double>)[50, 99, 99.9])
            {
                Report.Figure($"book changes → order request at the venue, p{percentile.ToString(CultureInfo.InvariantCulture)}",
                    _microseconds.GetValueAtPercentile(percentile), "µs", beside: $"of {_microseconds.TotalCount}, {moves} moves");
            }
        }
    }

    /// <summary>A dialect whose order requests are timed as they arrive.</summary>
    private sealed class TimedDialect(IVenueDialect dialect, Arrivals arrivals) : IVenueDialect
    {
        public VenueOperation Operation(FakeRequest request)
        {
            var operation = dialect.Operation(request);
            if (operation is VenueOperation.Place or VenueOperation.PlaceBatch or VenueOperation.Amend or VenueOperation.AmendBatch
                or VenueOperation.Cancel or VenueOperation.CancelBatch) arrivals.Take();
            return operation;
        }

        public FakeAnswer Answer(FakeRequest request, FakeMarket market) => dialect.Answer(request, market);

        public FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal) => dialect.Refuse(request, refusal);

        public ISocketDialect? Connect(FakeRequest request, FakeMarket market) => dialect.Connect(request, market);
    }
}
