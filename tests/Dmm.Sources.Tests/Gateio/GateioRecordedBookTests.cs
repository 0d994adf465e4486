using System.Globalization;
using System.IO.Compression;
using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>Books of ten spot pairs from a recording of 2021: the REST book where it was fetched, and the updates around it.</summary>
public sealed class GateioRecordedBookTests(ITestOutputHelper output)
{
    [Fact]
    public void EachChain_WithoutAGap_FromTheRestBookOn()
    {
        var (instruments, wire) = Listed();
        var books = Run(wire, Messages(), skip: null, out var deltas, out var trades);
        output.WriteLine($"{deltas} updates and {trades} trades of {instruments.Length} pairs");
        deltas.ShouldBe(172);
        trades.ShouldBe(9);
        books.Select(b => b.Counters.Gaps).ShouldAllBe(gaps => gaps == 0);
        books.Select(b => b.Counters.Snapshots).ShouldAllBe(snapshots => snapshots == 1);
        books.Select(b => b.Status).ShouldAllBe(status => status == BookStatus.Valid);
        books.Sum(b => b.Counters.Deltas + b.Counters.Duplicates).ShouldBe(172);
    }

    [Fact]
    public void WithoutOneUpdate_OneGapAtTheNext()
    {
        var (instruments, wire) = Listed();
        var omg = Array.FindIndex(instruments, i => i.Symbol == "OMG_USDT");
        var books = Run(wire, Messages(), skip: 59_231_876, out _, out _);
        books[omg].Counters.Gaps.ShouldBe(1);
        books[omg].Status.ShouldBe(BookStatus.Gap);
        books.Sum(b => b.Counters.Gaps).ShouldBe(1);
    }

    private static OrderBook[] Run(GateioWire wire, IEnumerable<(string Url, byte[] Body)> messages, long? skip, out int deltas, out int trades)
    {
        OrderBook[] books = [.. wire.Instruments.Select(i => new OrderBook(i, OrderBookState.Empty))];
        var batch = new MessageBatch();
        (deltas, trades) = (0, 0);
        foreach (var (url, body) in messages)
        {
            var status = url.Length == 0
                ? wire.Parse(body, Timestamp.None, batch)
                : wire.ParseSnapshot(wire.Instruments.Single(i => url.Contains($"={i.Symbol}&", StringComparison.Ordinal)), body, Timestamp.None, batch);
            status.ShouldNotBe(ParseStatus.Rejected, Encoding.UTF8.GetString(body));
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch[i].Kind == InputKind.Trade) trades++;
                if (batch[i].Kind != InputKind.Book) continue;
                var update = batch[i].Book;
                if (!update.IsSnapshot) deltas++;
                if (update.LastUpdateId != skip) books[update.Instrument.Index].Apply(in update);
            }
        }

        return books;
    }

    private static (Instrument[] Instruments, GateioWire Wire) Listed()
    {
        var listing = GateioInstruments.Parse(GateioProduct.Spot, Lines("GATEIO.0.gz").First(l => l.Url.Contains("currency_pairs", StringComparison.Ordinal)).Body);
        string[] symbols = ["INK_USDT", "HAI_ETH", "BTC_USDC", "NANO_USDT", "QTUM3S_USDT", "DIS_USDT", "NEO_BTC", "FAST_USDT", "ZKS_ETH", "OMG_USDT"];
        Instrument[] instruments =
        [
            .. symbols.Select((s, i) => listing.Require(s, new(i))).Select(i =>
                // Resting orders from before a coarser tick: the recording's far levels are finer than the listing says.
                i.Symbol is "NEO_BTC" or "ZKS_ETH" ? i with { Prices = new(0.00000001m) } : i),
        ];
        return (instruments, new GateioWire(GateioProduct.Spot, instruments));
    }

    /// <summary>Frames and REST books in the order in which they came; a frame has no address.</summary>
    private static IEnumerable<(string Url, byte[] Body)> Messages() =>
        Lines("GATEIO.ws.1.0.gz").Where(l => l.Url.Length == 0).Concat(Lines("GATEIO.http.0.0.gz")).OrderBy(l => l.At).Select(l => (l.Url, l.Body));

    private static IEnumerable<(string Url, decimal At, byte[] Body)> Lines(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(SharedData.SkipUnlessPresent("data", "gateio", file)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var isRest = line.StartsWith("https://", StringComparison.Ordinal);
            if (line.Length == 0 || line.StartsWith("configuration", StringComparison.Ordinal) || line.StartsWith("wss://", StringComparison.Ordinal)) continue;
            var url = isRest ? line[..line.IndexOf(" -> ", StringComparison.Ordinal)] : "";
            var rest = isRest ? line[(url.Length + 4)..] : line;
            var colon = rest.IndexOf(": ", StringComparison.Ordinal);
            yield return (url, decimal.Parse(rest[..colon], CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(rest[(colon + 2)..]));
        }
    }
}
