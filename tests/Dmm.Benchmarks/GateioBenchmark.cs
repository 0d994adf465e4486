using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>Gate's hot channels, bytes to message: books as the venue writes them, of ten levels, and trades.</summary>
internal static class GateioBenchmark
{
    private const int Repeats = 200_000;
    private const int Different = 64;

    public static void Run()
    {
        Report.Title("gateio: frames of the hot channels, bytes → message");
        var spot = new GateioWire(GateioProduct.Spot, [Instrument(GateioProduct.Spot, 0.0000000001m)]);
        var contracts = new GateioWire(GateioProduct.UsdtPerpetual, [Instrument(GateioProduct.UsdtPerpetual, 1m)]);
        Measure("spot.order_book_update, 10 levels", spot, i => SpotBook(i));
        Measure("spot.trades", spot, i => Text(
            $"{{\"time\":1790359171,\"time_ms\":1790359171120,\"channel\":\"spot.trades\",\"event\":\"update\",\"result\":{{\"id\":{220_643_714 + i},\"id_market\":{220_643_714 + i},\"create_time\":1790359171,\"create_time_ms\":\"1790359171119.653000\",\"side\":\"sell\",\"currency_pair\":\"BTC_USDT\",\"amount\":\"0.002984\",\"price\":\"83790.9\",\"range\":\"{220_643_714 + i}-{220_643_714 + i}\",\"trade_mode\":0}}}}"));
        Measure("futures.order_book_update, 10 levels", contracts, i => ContractBook(i));
        Measure("futures.trades", contracts, i => Text(
            $"{{\"time\":1790359195,\"time_ms\":1790359195732,\"channel\":\"futures.trades\",\"event\":\"update\",\"result\":[{{\"id\":{842_235_619 + i},\"size\":-3,\"create_time\":1790359195,\"create_time_ms\":1790359195732,\"price\":\"83746.9\",\"contract\":\"BTC_USDT\"}}]}}"));
    }

    private static void Measure(string name, GateioWire wire, Func<int, string> frame)
    {
        byte[][] frames = [.. Enumerable.Range(0, Different).Select(i => Encoding.UTF8.GetBytes(frame(i)))];
        var batch = new MessageBatch();
        if (frames.Any(f => !wire.TryTake(f, batch))) throw new InvalidDataException($"{name}: a frame does not give one message");
        var measured = Measured.Of(() => frames, all =>
        {
            for (var i = 0; i < Repeats; i++) wire.Parse(all[i % Different], Timestamp.None, batch);
        });
        Report.Figure(name, measured.MedianSeconds / Repeats * 1e9, "ns", atMost: 1_000, beside: $"best {Report.Number(measured.LeastSeconds / Repeats * 1e9)}");
        Report.Figure("allocated", measured.BytesPerItem(Repeats), "B/frame", atMost: 0);
    }

    private static bool TryTake(this GateioWire wire, byte[] frame, MessageBatch batch) => wire.Parse(frame, Timestamp.None, batch) == ParseStatus.Parsed && batch.Count == 1;

    private static string SpotBook(int i) => Text(
        $"{{\"time\":1606294781,\"time_ms\":1606294781236,\"channel\":\"spot.order_book_update\",\"event\":\"update\",\"result\":{{\"t\":1606294781123,\"e\":\"depthUpdate\",\"E\":1606294781,\"s\":\"BTC_USDT\",\"U\":{48_776_301 + 6 * i},\"u\":{48_776_306 + 6 * i},\"b\":[{Levels(i, "[\"{0}\",\"{1}\"]", "0.0213")}],\"a\":[{Levels(i + 7, "[\"{0}\",\"{1}\"]", "1.6135")}]}}}}");

    private static string ContractBook(int i) => Text(
        $"{{\"time\":1615366381,\"time_ms\":1615366381123,\"channel\":\"futures.order_book_update\",\"event\":\"update\",\"result\":{{\"t\":1615366381417,\"s\":\"BTC_USDT\",\"U\":{2_517_661_101 + 6 * i},\"u\":{2_517_661_106 + 6 * i},\"b\":[{Levels(i, "{{\"p\":\"{0}\",\"s\":{1}}}", "58794")}],\"a\":[{Levels(i + 7, "{{\"p\":\"{0}\",\"s\":{1}}}", "0")}],\"l\":\"100\"}}}}");

    private static string Levels(int i, string shape, string size) => string.Join(
        ',', Enumerable.Range(0, 5).Select(k => string.Format(CultureInfo.InvariantCulture, shape, Text($"{83_790 + i + k}.{k}"), size)));

    private static Instrument Instrument(GateioProduct product, decimal lot) => new()
    {
        Id = new(0), Venue = GateioInstruments.Venue(product), Symbol = "BTC_USDT", BaseAsset = "BTC", QuoteAsset = "USDT",
        Kind = product == GateioProduct.Spot ? ContractKind.Spot : ContractKind.Linear, SequenceRule = BookSequenceRule.ContiguousRange,
        Prices = new(0.1m), Sizes = new(lot),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
