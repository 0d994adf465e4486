namespace Dmm.Pipeline.Tests.Commands;

/// <summary>
/// 130 seconds of USD-M BTCUSDT at 61800.00 to 61800.10, a delta every half second, past the volatility's warm-up. At 100 s 0.6 is sold far below our
/// bids, at 110 s 0.4 bought far above our asks.
/// </summary>
internal static class TradedCapture
{
    private const string Symbol = "BTCUSDT";

    public static IEnumerable<string> Lines()
    {
        yield return SmallCapture.Snapshot("""["61800.00","9.000"],["61700.00","9.000"]""", """["61800.10","9.000"],["61900.00","9.000"]""");
        for (var i = 1; i < 260; i++)
        {
            // Two levels far from the touch take turns, so that each delta says something.
            yield return SmallCapture.Delta(i * 500, Symbol, 100 + i, 100 + i, 99 + i, $"""["61600.00","{1 + i % 2}.000"]""", "");
            if (i == 200) yield return SmallCapture.Trade(100_100, Symbol, 1, "61750.00", "0.600", "true");
            if (i == 220) yield return SmallCapture.Trade(110_100, Symbol, 2, "61850.00", "0.400", "false");
        }
    }
}
