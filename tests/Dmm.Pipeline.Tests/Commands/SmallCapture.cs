using System.Globalization;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>
/// A dozen frames of USD-M BTCUSDT over six seconds, in which the book follows without a gap and equals the venue's top three times.
/// </summary>
internal static class SmallCapture
{
    /// <summary>The line of the delta from update 105 to 110.</summary>
    public const int SecondDelta = 4;

    /// <summary>The line of the top at update 110.</summary>
    public const int SecondTop = 5;

    public static string[] Lines(string symbol = "BTCUSDT") =>
    [
        Snapshot("""["61800.00","1.000"],["61799.90","2.000"]""", """["61800.10","2.000"]"""),
        Delta(100, symbol, 99, 105, 98, """["61799.90","3.000"]""", ""),
        Top(200, symbol, 105, "61800.00", "1.000", "61800.10", "2.000"),
        Trade(300, symbol, 1, "61800.10", "0.010", "false"),
        Delta(1000, symbol, 106, 110, 105, """["61800.00","1.500"]""", """["61800.20","4.000"]"""),
        Top(1100, symbol, 110, "61800.00", "1.500", "61800.10", "2.000"),
        Delta(2000, symbol, 111, 120, 110, "", """["61800.10","0.000"]"""),
        Top(2100, symbol, 120, "61800.00", "1.500", "61800.20", "4.000"),
        Trade(3000, symbol, 2, "61800.00", "0.020", "true"),
        Delta(4000, symbol, 121, 130, 120, """["61799.80","1.000"]""", ""),
        Delta(5000, symbol, 131, 140, 130, "", """["61800.30","1.000"]"""),
        Trade(6000, symbol, 3, "61800.00", "0.005", "true"),
    ];

    /// <summary>The book at update 100 and time 0.</summary>
    public static string Snapshot(string bids, string asks) => At(0, milliseconds =>
        $$$"""{"lastUpdateId":100,"E":{{{milliseconds}}},"T":{{{milliseconds}}},"bids":[{{{bids}}}],"asks":[{{{asks}}}]}""");

    public static string Delta(int at, string symbol, int first, int last, int previous, string bids, string asks) => At(at, milliseconds =>
        $$$"""{"stream":"{{{symbol.ToLowerInvariant()}}}@depth@0ms","data":{"e":"depthUpdate","E":{{{milliseconds}}},"T":{{{milliseconds}}},"s":"{{{symbol}}}","U":{{{first}}},"u":{{{last}}},"pu":{{{previous}}},"b":[{{{bids}}}],"a":[{{{asks}}}]}}""");

    public static string Top(int at, string symbol, int update, string bid, string bidSize, string ask, string askSize) => At(at, milliseconds =>
        $$$"""{"stream":"{{{symbol.ToLowerInvariant()}}}@bookTicker","data":{"e":"bookTicker","u":{{{update}}},"s":"{{{symbol}}}","b":"{{{bid}}}","B":"{{{bidSize}}}","a":"{{{ask}}}","A":"{{{askSize}}}","T":{{{milliseconds}}},"E":{{{milliseconds}}}}}""");

    public static string Trade(int at, string symbol, int id, string price, string size, string isSell) => At(at, milliseconds =>
        $$$"""{"stream":"{{{symbol.ToLowerInvariant()}}}@trade","data":{"e":"trade","E":{{{milliseconds}}},"T":{{{milliseconds}}},"s":"{{{symbol}}}","t":{{{id}}},"p":"{{{price}}}","q":"{{{size}}}","X":"MARKET","m":{{{isSell}}}}}""");

    private static string At(int milliseconds, Func<string, string> frame)
    {
        var instant = 1_723_161_255_000L + milliseconds;
        return $"{instant.ToString(CultureInfo.InvariantCulture)}000000 {frame(instant.ToString(CultureInfo.InvariantCulture))}";
    }
}
