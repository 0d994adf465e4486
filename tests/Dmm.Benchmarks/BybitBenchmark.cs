using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>Bybit's hot channels, bytes to message: book deltas of ten levels and trades, as the venue writes them for contracts and for spot.</summary>
internal static class BybitBenchmark
{
    private const int Repeats = 200_000;
    private const int Different = 64;

    public static void Run()
    {
        Report.Title("bybit: frames of the hot channels, bytes → message");
        var linear = new BybitWire("bybit-linear", BybitProduct.Linear, 50, [Instrument("bybit-linear", ContractKind.Linear, 0.001m)]);
        var spot = new BybitWire("bybit-spot", BybitProduct.Spot, 50, [Instrument("bybit-spot", ContractKind.Spot, 0.000001m)]);
        Measure("linear orderbook.50, 10 levels", linear, i => Text(
            $"{{\"topic\":\"orderbook.50.BTCUSDT\",\"type\":\"delta\",\"ts\":1758841134603,\"data\":{Book(i)},\"cts\":1758841134598}}"));
        Measure("linear publicTrade", linear, i => Text(
            $"{{\"topic\":\"publicTrade.BTCUSDT\",\"type\":\"snapshot\",\"ts\":1758841135824,\"data\":[{{\"T\":1758841135823,\"s\":\"BTCUSDT\",\"S\":\"Buy\",\"v\":\"0.020\",\"p\":\"{109_378 + i}.90\",\"L\":\"ZeroPlusTick\",\"i\":\"2a74ac78-691c-5b54-9dbe-5aafe83646{i:x2}\",\"BT\":false,\"RPI\":false,\"seq\":457514743450}}]}}"));
        Measure("spot orderbook.50, 10 levels", spot, i => Text(
            $"{{\"topic\":\"orderbook.50.BTCUSDT\",\"ts\":1758841134603,\"type\":\"delta\",\"data\":{Book(i)},\"cts\":1758841134598}}"));
        Measure("spot publicTrade", spot, i => Text(
            $"{{\"topic\":\"publicTrade.BTCUSDT\",\"ts\":1761520812165,\"type\":\"snapshot\",\"data\":[{{\"i\":\"22400000009702629{i:00}\",\"T\":1761520812163,\"p\":\"{114_513 + i}.1\",\"v\":\"0.00862\",\"S\":\"Sell\",\"seq\":111156121170,\"s\":\"BTCUSDT\",\"BT\":false,\"RPI\":false}}]}}"));
    }

    private static void Measure(string name, BybitWire wire, Func<int, string> frame)
    {
        byte[][] frames = [.. Enumerable.Range(0, Different).Select(i => Encoding.UTF8.GetBytes(frame(i)))];
        var batch = new MessageBatch();
        if (frames.Any(f => wire.Parse(f, Timestamp.None, batch) != ParseStatus.Parsed || batch.Count != 1))
            throw new InvalidDataException($"{name}: a frame does not give one message");
        var measured = Measured.Of(() => frames, all =>
        {
            for (var i = 0; i < Repeats; i++) wire.Parse(all[i % Different], Timestamp.None, batch);
        });
        Report.Figure(name, measured.MedianSeconds / Repeats * 1e9, "ns", atMost: 1_000, beside: $"best {Report.Number(measured.LeastSeconds / Repeats * 1e9)}");
        Report.Figure("allocated", measured.BytesPerItem(Repeats), "B/frame", atMost: 0);
    }

    private static string Book(int i) => Text(
        $"{{\"s\":\"BTCUSDT\",\"b\":[{Levels(i, 109_378)}],\"a\":[{Levels(i, 109_390)}],\"u\":{14_869_255 + i},\"seq\":{457_514_742_271 + i}}}");

    private static string Levels(int i, int price) =>
        string.Join(',', Enumerable.Range(0, 5).Select(k => Text($"[\"{price + k}.{(i + k) % 10}0\",\"{k}.{273 + i}\"]")));

    private static Instrument Instrument(string venue, ContractKind kind, decimal lot) => new()
    {
        Id = new(0), Venue = venue, Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = kind, SequenceRule = BookSequenceRule.RisingId,
        Prices = new(0.1m), Sizes = new(lot),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
