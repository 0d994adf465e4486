using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Dmm.Core;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

/// <summary>Gate's wires under test, and the files that are read beside the checkout.</summary>
internal static class Gateios
{
    public static readonly Instrument Btc = new()
    {
        Id = new(0), Venue = "gateio-spot", Symbol = "BTC_USDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.1m), Sizes = new(0.0000000001m), OrderStepLots = 10_000,
    };

    public static readonly Instrument Eth = Btc with { Id = new(1), Symbol = "ETH_USDT", BaseAsset = "ETH", Prices = new(0.01m) };

    public static readonly Instrument BtcPerpetual = new()
    {
        Id = new(2), Venue = "gateio-usdt", Symbol = "BTC_USDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Linear,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.1m), Sizes = new(1m), ContractSize = 0.0001m,
    };

    public static readonly Instrument EthPerpetual =
        BtcPerpetual with { Id = new(3), Symbol = "ETH_USDT", BaseAsset = "ETH", Prices = new(0.01m), Sizes = new(0.1m), ContractSize = 0.01m };

    public static GateioWire Spot => new(GateioProduct.Spot, [Btc, Eth]);

    public static GateioWire Perpetual => new(GateioProduct.UsdtPerpetual, [BtcPerpetual, EthPerpetual]);

    /// <summary>The status and messages that a reply's body gives.</summary>
    public static string Read(string body, Func<byte[], MessageBatch, ParseStatus> parse)
    {
        var batch = new MessageBatch();
        var status = parse(Wires.Bytes(body), batch);
        return Wires.Shown(status, batch);
    }

    /// <summary>The published shapes, by path within the archive: for REST the body, for streams the frames that the venue sends.</summary>
    public static SortedDictionary<string, string[]> Fixtures()
    {
        var fixtures = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        using var gzip = new GZipStream(File.OpenRead(SharedData.SkipUnlessPresent("data", "fixtures", "GateIo.Net-fixtures.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile || entry.DataStream is null) continue;
            using var reader = new StreamReader(entry.DataStream, Encoding.UTF8);
            var name = entry.Name[(entry.Name.IndexOf('/') + 1)..].Replace(".txt", "", StringComparison.Ordinal);
            var text = reader.ReadToEnd();
            fixtures[name] = name.StartsWith("Subscriptions", StringComparison.Ordinal) ? Frames(text) : [Body(text)];
        }

        return fixtures;
    }

    // A REST fixture begins with method, path and whether it is signed, a line each.
    private static string Body(string text) => string.Join('\n', text.Split('\n').Skip(3));

    // "> " is what we say, "< " and "= " what the venue says; a frame goes on until the next mark.
    private static string[] Frames(string text)
    {
        List<StringBuilder> frames = [];
        var isHeard = false;
        foreach (var line in text.Split('\n'))
        {
            var isMarked = line.Length > 0 && line[0] is '<' or '>' or '=';
            if (isMarked) isHeard = line[0] != '>';
            if (!isHeard) continue;
            if (isMarked) frames.Add(new StringBuilder(line[1..]));
            else frames[^1].Append('\n').Append(line);
        }

        return [.. frames.Select(f => f.ToString().Trim())];
    }
}
