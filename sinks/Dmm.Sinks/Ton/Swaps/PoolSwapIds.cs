using System.Globalization;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Names of swaps as a wallet's intents: the pool's, the order's and a number, so that what a log holds tells whose it was.</summary>
internal static class PoolSwapIds
{
    private const string Kind = "swap";
    private const int TagLength = 8;

    public static string Of(FoundPool pool, string clientOrderId, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}.{Tag(pool)}.{clientOrderId}.{number}");

    /// <summary>The order that an intent is a swap of at that pool; null where it is none.</summary>
    public static string? OrderOf(FoundPool pool, string intentId) =>
        intentId.Split('.') is [Kind, var tag, { Length: > 0 } order, _] && tag == Tag(pool) ? order : null;

    private static string Tag(FoundPool pool) => pool.Pool.Account.ToString()[..TagLength];
}
