using System.IO.Compression;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>The real recordings, and the feeds over them; a test is skipped where they are absent.</summary>
internal static class RecordedFiles
{
    public static readonly Instrument SpotBtc = BinanceInstruments.BuiltIn(BinanceMarket.Spot, "BTCUSDT", new(0));
    public static readonly Instrument UsdmBtc = BinanceInstruments.BuiltIn(BinanceMarket.UsdMargined, "BTCUSDT", new(1));
    public static readonly Instrument CoinmBtc = BinanceInstruments.BuiltIn(BinanceMarket.CoinMargined, "BTCUSD_PERP", new(2));

    public static CaptureFeed Spot(params string[] paths) =>
        Binance(SpotBtc, paths.Length > 0 ? paths : [Path("spot_btcusdt_20240808.gz"), Path("spot_btcusdt_20240809.gz")]);

    public static CaptureFeed Usdm(params string[] paths) => Binance(UsdmBtc, paths.Length > 0 ? paths : [Path("usdm_btcusdt_20240808.gz")]);

    public static CaptureFeed Coinm(params string[] paths) => Binance(CoinmBtc, paths.Length > 0 ? paths : [Path("cm_btcusd_perp_20240808.gz")]);

    public static string Path(string file) => SharedData.SkipUnlessPresent("data", "binance", file);

    /// <summary>The instruments of the OKX recording, as the venue's own replies in it define them.</summary>
    public static Instrument[] OkxInstruments()
    {
        var listings = OkxCapture.ReadInstruments(SharedData.SkipUnlessPresent("data", "okx", "OKX.0.gz"), BookSequenceRule.ChecksumOnly);
        return
        [
            listings["SPOT"].Require("BTC-USDT", new(0)),
            listings["SWAP"].Require("UNI-USD-SWAP", new(1)),
            listings["FUTURES"].Require("BTC-USD-220527", new(2)),
        ];
    }

    public static CaptureFeed Okx(params Instrument[] instruments) =>
        new(new OkxWire(instruments), OkxCapture.Open, [SharedData.SkipUnlessPresent("data", "okx", "OKX.ws.1.0.gz")]);

    public static CaptureFeed Binance(Instrument instrument, params string[] paths) =>
        new(new BinanceWire(instrument.Venue, [instrument]), BinanceCapture.Open, paths);

    /// <summary>A file in the test's own folder, removed with it.</summary>
    public sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("dmm-capture-").FullName;

        public string Plain(string name, params string[] lines) => Write(name, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));

        public string Gzip(string name, params string[] lines) => Write(name, Zip(string.Concat(lines.Select(l => l + "\n"))));

        public string Write(string name, byte[] bytes)
        {
            var path = System.IO.Path.Combine(_path, name);
            File.WriteAllBytes(path, bytes);
            return path;
        }

        public static byte[] Zip(string text)
        {
            using var bytes = new MemoryStream();
            using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
            return bytes.ToArray();
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }

    /// <summary>Everything that a reader gives, each with its receive time; order books lose their levels.</summary>
    public static List<(Timestamp At, Input Input)> Drawn(IInputReader reader)
    {
        using var owned = reader;
        List<(Timestamp, Input)> drawn = [];
        while (reader.TryRead(out var input, out var at)) drawn.Add((at, input));
        return drawn;
    }

    public static IEnumerable<T> Controls<T>(this IEnumerable<(Timestamp At, Input Input)> drawn)
        where T : ControlMessage => drawn.Where(d => d.Input.Kind == InputKind.Control).Select(d => d.Input.Control).OfType<T>();

    public static int Count(this IEnumerable<(Timestamp At, Input Input)> drawn, InputKind kind) => drawn.Count(d => d.Input.Kind == kind);
}
