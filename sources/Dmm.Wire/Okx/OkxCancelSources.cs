namespace Dmm.Wire;

/// <summary>Why an order was cancelled, as the venue numbers it.</summary>
/// <remarks>Source: OKX API v5 documentation, order channel, <c>cancelSource</c>.</remarks>
internal static class OkxCancelSources
{
    /// <summary>In words; empty where we asked for it ourselves, or nothing is said.</summary>
    /// <param name="source">The venue's number; may be empty.</param>
    /// <param name="reason">The venue's words, which only replies have; may be empty.</param>
    public static string Words(string source, string reason) => source switch
    {
        "" => reason,
        "1" => "",
        "0" => "cancelled by the venue",
        "3" or "6" => "cancelled by the venue's risk control",
        "9" => "cancelled: balance does not suffice after funding",
        "13" or "14" => "cancelled: not to be filled at once",
        "15" or "27" or "43" => "cancelled: price beyond the venue's limit",
        "20" => "cancelled by the dead-man's switch",
        "31" => "cancelled: post-only would have taken liquidity",
        "32" => "cancelled: would have traded with an order of this account",
        "33" => "cancelled: too many matches in one order",
        _ => reason.Length > 0 ? reason : $"cancelled by the venue, source {source}",
    };
}
