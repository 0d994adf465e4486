using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Simulation.Scenarios;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Tests.Pools;

/// <summary>Swaps on their way, through the journal: replayed byte for byte over runs that end while they last, and explained.</summary>
public sealed class PendingSwapJournalTests : IDisposable
{
    private static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:05:00Z");

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RecordedSwaps_AreReplayedByteForByte_AndExplained()
    {
        var journal = _folder["journal"];
        var (seen, gone) = Record(journal);
        var reader = new SegmentJournalReader(journal);
        reader.Runs().Count().ShouldBeGreaterThan(2);
        // Some runs begin while a swap is on its way: their first record has it.
        reader.Runs().Count(run => Encoding.UTF8.GetString(run.State.Span).Contains("\"Trace\":\"whale\"", StringComparison.Ordinal))
            .ShouldBeGreaterThan(0);
        var replay = await CommandRun.Of("replay", "--journal", journal, "--verify", "--json");
        replay.ExitCode.ShouldBe(0, replay.Output + replay.Error);
        replay.Json.GetProperty("identical").GetInt64().ShouldBe(reader.DecisionsFrom(1L).Count());

        var explained = await ExplainedAsync(journal, seen);
        explained.ShouldContain(
            $"swap on its way to pool:DCT/TON, trace whale: may move it down by 84.5 bps, until {Start + TimeSpan.FromMinutes(5)}");
        explained.ShouldContain("swaps on their way, down");
        explained.ShouldNotContain("swaps on their way, up");
        explained.ShouldContain("the bid keeps off as far as announced sales may move a pool");
        explained = await ExplainedAsync(journal, gone);
        explained.ShouldContain("nothing of trace whale is on its way any more: its block was invalidated");
        explained.ShouldNotContain("swaps on their way,");
    }

    /// <summary>As it is told, on one line.</summary>
    private static async Task<string> ExplainedAsync(string journal, long sequence)
    {
        var explained = await CommandRun.Of("explain", "--journal", journal, "--seq", $"{sequence}");
        return string.Join(' ', explained.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A standing market of two order books and a pool; a swap is seen, decays over several runs and is taken back.</summary>
    /// <returns>The numbers of those two inputs.</returns>
    private static (long Seen, long Gone) Record(string journal)
    {
        var market = ScenarioMarket.TwoVenuesAndPool();
        var parameters = market.Parameters with { InputsPerRun = 500 };
        ITopology Topology(QuotingParameters p) => Configurations.Topology(market.Instruments, p, TradingMode.Shadow);
        using var writer = SegmentJournalWriter.Open(new() { Directory = journal });
        using var engine = new JournaledEngine(
            Topology, market.Instruments, parameters, EngineStart.Fresh(Start, Topology(parameters)),
            Configurations.Identity(parameters, TradingMode.Shadow), writer, new Nobody());
        var (at, id) = (Start, 0L);
        Stand(130);
        var seen = Take(new PendingSwap
        {
            Instrument = new(2), Trace = "whale", Side = Side.Sell, ImpactBps = 84.5, ValidUntil = Start + TimeSpan.FromMinutes(5),
        });
        // More inputs than a run has, within the swap's lifetime.
        for (var i = 0; i < 600; i++) Take(new GasPrice(0.06m, at));
        Stand(9);
        var gone = Take(new PendingSwapGone("whale", "its block was invalidated"));
        Stand(3);
        engine.Close();
        return (seen.Sequence, gone.Sequence);

        Stamp Take(ControlMessage message) => engine.Take(at += TimeSpan.FromMilliseconds(1), new Input(message));

        void Stand(int seconds)
        {
            for (var end = at + TimeSpan.FromSeconds(seconds); at < end; at += TimeSpan.FromSeconds(0.5))
            {
                id++;
                engine.Take(at, new Input(new ReferenceRate("TON", "USDT", 3m, at)));
                foreach (var instrument in market.Instruments.All) engine.Take(at, new Input(Book(instrument, instrument.IsPool ? 33_333 : 10_000)));
            }
        }

        BookUpdate Book(Instrument instrument, long mid) => new()
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = at, ReceiveTime = at, FirstUpdateId = id, LastUpdateId = id,
            PreviousUpdateId = -1, BidCount = 1, Levels = new BookLevel[] { new(mid - 1, 5_000), new(mid + 1, 5_000) },
        };
    }

    private sealed class Nobody : IDecisionSink
    {
        public void OnDecision(in Decision decision)
        {
        }
    }
}
