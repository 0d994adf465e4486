using System.Collections.Immutable;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// The venue's limits by name (<see cref="VenueRequest.Bucket"/>): requests for one, orders for a batch. Those of placing, amending and cancelling,
/// and of asking for one order, hold for each instrument by itself.
/// </summary>
public static class OkxLimits
{
    public const string Place = "place";
    public const string PlaceBatch = "place-batch";
    public const string Amend = "amend";
    public const string AmendBatch = "amend-batch";
    public const string Cancel = "cancel";
    public const string CancelBatch = "cancel-batch";

    /// <summary>New and amended orders of the account, whatever their instruments, beside the limits of each.</summary>
    public const string AccountOrders = "account-orders";
    public const string Switch = "switch";
    public const string Order = "order";
    public const string OpenOrders = "open-orders";
    public const string OrderHistory = "order-history";
    public const string Fills = "fills";
    public const string FillsArchive = "fills-archive";
    public const string Account = "account";
    public const string Book = "book";
    public const string Trades = "trades";
    public const string Public = "public";

    /// <summary>
    /// What the venue publishes, in windows of two seconds. An account that trades little of what it quotes may place and amend fewer orders than
    /// that, which the venue says with a code of its own; it is obeyed.
    /// </summary>
    public static ImmutableSortedDictionary<string, RequestLimits> Published { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new (string Name, int InTwoSeconds)[]
        {
            (Place, 60), (PlaceBatch, 300), (Amend, 60), (AmendBatch, 300), (Cancel, 60), (CancelBatch, 300), (AccountOrders, 1_000), (Switch, 3), (Order, 60),
            (OpenOrders, 60), (OrderHistory, 40), (Fills, 60), (FillsArchive, 10), (Account, 10), (Book, 40), (Trades, 100), (Public, 10),
        }.Select(limit => KeyValuePair.Create(limit.Name, Of(limit.InTwoSeconds))));

    internal static void CollectFaults(ImmutableSortedDictionary<string, RequestLimits> limits, ParameterFaults faults)
    {
        foreach (var name in Published.Keys.Where(name => !limits.ContainsKey(name)))
            faults.Require($"limits.{name}", holds: false, "is missing", "the limit of these requests");
        foreach (var (name, limit) in limits)
        {
            faults.Require($"limits.{name}", Published.ContainsKey(name), "is not known", $"one of {string.Join(", ", Published.Keys)}");
            limit.CollectFaults(faults, $"limits.{name}");
        }
    }

    // Placing, amending and cancelling do not share a limit here: nothing has to be kept back for cancels.
    private static RequestLimits Of(int inTwoSeconds) => new() { PerSecond = inTwoSeconds / 2.0, Burst = inTwoSeconds, CancelReserve = 2 };
}
