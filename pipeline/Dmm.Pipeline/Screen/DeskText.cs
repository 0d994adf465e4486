using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Spectre.Console.Rendering;

namespace Dmm.Pipeline.Screen;

/// <summary>How numbers and words are written on the desk's screens: the same in every culture, and harmless to the terminal.</summary>
internal static class DeskText
{
    // More decimals than this tell a trader nothing.
    private const int PriceDecimalsMaximum = 10;

    public static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Clock(Timestamp at) => at.ToDateTimeOffset().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Bps(double bps) => Of($"{bps:0.00}");

    public static string SignedBps(double bps) => Of($"{bps:+0.00;-0.00;0.00}");

    public static string Money(decimal amount) => Of($"{amount:N2}");

    public static string SignedMoney(decimal amount) => Of($"{amount:+#,0.00;-#,0.00;0.00}");

    public static string Count(long count) => Of($"{count:N0}");

    public static string Percent(double share) => Of($"{share * 100:0.0} %");

    /// <summary>A price, to the decimals of the instrument's tick and so many more.</summary>
    public static string Price(Instrument instrument, double price, int moreDecimals = 0) =>
        price.ToString($"F{Math.Min(instrument.Prices.Decimals + moreDecimals, PriceDecimalsMaximum)}", CultureInfo.InvariantCulture);

    public static string Price(Instrument instrument, decimal price) =>
        price.ToString($"F{Math.Min(instrument.Prices.Decimals, PriceDecimalsMaximum)}", CultureInfo.InvariantCulture);

    public static string Size(Instrument instrument, decimal size) =>
        size.ToString($"N{Math.Min(instrument.Sizes.Decimals, 4)}", CultureInfo.InvariantCulture);

    /// <summary>An inventory: as many digits as its magnitude asks for.</summary>
    public static string Quantity(decimal quantity) =>
        Math.Abs(quantity) >= 1_000 ? Of($"{quantity:N1}") : Of($"{quantity:0.####}");

    /// <summary>Few characters for the scale of a bar: 12.5k, 3M.</summary>
    public static string Short(decimal quantity) => Math.Abs(quantity) switch
    {
        >= 1_000_000 => Of($"{quantity / 1_000_000:0.##}M"),
        >= 1_000 => Of($"{quantity / 1_000:0.##}k"),
        _ => Of($"{quantity:0.##}"),
    };

    public static string Word(Side side) => side == Side.Buy ? "buy" : "sell";

    public static string Word(FeedState state) => state switch
    {
        FeedState.Connected => "connected",
        FeedState.Disconnected => "disconnected",
        FeedState.Resyncing => "resyncing",
        _ => "ended",
    };

    public static string Word(OrderStatus status) => status switch
    {
        OrderStatus.PendingNew => "pending",
        OrderStatus.PendingUnknown => "unknown",
        OrderStatus.Live => "resting",
        OrderStatus.PartiallyFilled => "partly",
        OrderStatus.PendingCancel => "ending",
        _ => "ended",
    };

    /// <summary>The text without anything that a terminal would obey: reasons come from venues.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var plain = new StringBuilder(text);
        for (var i = 0; i < plain.Length; i++)
            if (char.IsControl(plain[i])) plain[i] = ' ';
        return plain.ToString();
    }

    /// <summary>Columns that the text takes on a terminal.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The text in at most so many columns, its end cut off and marked by an ellipsis.</summary>
    public static string Within(string text, int width)
    {
        var plain = Plain(text);
        if (Width(plain) <= width) return plain;
        if (width <= 1) return width == 1 ? "…" : "";
        return (Segment.Truncate(new Segment(plain), width - 1)?.Text.TrimEnd() ?? "") + "…";
    }

    /// <summary>The text broken between words into lines of at most so many columns.</summary>
    public static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? Within(word, width) : $"{line} {word}";
        }

        if (line.Length > 0) yield return line;
    }
}
