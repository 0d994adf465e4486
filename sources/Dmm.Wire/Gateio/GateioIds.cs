using System.Globalization;
using Dmm.Core.Kernels;

namespace Dmm.Wire;

/// <summary>Ids of ours as Gate carries them, and Gate's as we keep them.</summary>
public static class GateioIds
{
    private const string Prefix = "t-";

    /// <summary>A client order id as the field <c>text</c> holds it.</summary>
    public static string ToText(string clientOrderId) => Prefix + clientOrderId;

    /// <summary>The client order id in a <c>text</c>; null where it is none of ours: <c>apiv4</c>, <c>web</c>, <c>-</c>, or another
    /// program's.</summary>
    public static string? FromText(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var id = text[Prefix.Length..];
        return id.Length is > 0 and <= OrderIdState.MaximumLength && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) ? id : null;
    }

    /// <summary>
    /// A trade id that is unique at the venue: <c>BTC_USDT:220643714m</c>, because the venue counts each market for itself, and gives both sides of a
    /// trade with ourselves the same number.
    /// </summary>
    public static string TradeId(string symbol, string id, bool isMaker) => $"{symbol}:{id}{(isMaker ? 'm' : 't')}";

    /// <summary>Takes such an id apart; false where it is not one.</summary>
    public static bool TryReadTradeId(string tradeId, out string symbol, out long number)
    {
        (symbol, number) = ("", 0);
        var colon = tradeId.LastIndexOf(':');
        if (colon <= 0 || tradeId[^1] is not ('m' or 't')) return false;
        symbol = tradeId[..colon];
        return long.TryParse(tradeId.AsSpan(colon + 1)[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
