namespace Dmm.Wire;

/// <summary>The channels that are used, without the prefix of their market (<c>spot.</c> or <c>futures.</c>).</summary>
internal static class GateioChannels
{
    public const string Book = "order_book_update";
    public const string LimitedBook = "obu";
    public const string Trades = "trades";
    public const string Tops = "book_ticker";
    public const string Tickers = "tickers";
    public const string Orders = "orders";
    public const string Fills = "usertrades";
    public const string Balances = "balances";

    /// <summary>Channels that may be subscribed for other purposes.</summary>
    public static readonly string[] Unused =
    [
        "candlesticks", "order_book", "positions", "position_closes", "autoorders", "priceorders", "liquidates", "public_liquidates",
        "auto_deleverages",
        "reduce_risk_limits", "contract_stats", "margin_balances", "funding_balances", "cross_balances",
    ];

    public static string Prefix(GateioProduct product) => product == GateioProduct.Spot ? "spot." : "futures.";

    /// <summary>The symbol in <c>ob.BTC_USDT.50</c>; empty where the text is not of that form.</summary>
    public static ReadOnlySpan<byte> SymbolOf(ReadOnlySpan<byte> stream)
    {
        if (!stream.StartsWith("ob."u8)) return default;
        var end = stream.LastIndexOf((byte)'.');
        return end > 3 ? stream[3..end] : default;
    }
}
