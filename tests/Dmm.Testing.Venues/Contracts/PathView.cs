using Dmm.Core.Messages;
using Dmm.Testing.Servers;

namespace Dmm.Testing.Venues;

/// <summary>
/// The engine's end of an order path: what it was told of each order, held against the venue's truth at that moment. An end that was told must be the
/// order's end at the venue; nothing else is certain, and nothing else is believed.
/// </summary>
public sealed class PathView(FakeMarket market, VenueRig rig)
{
    private readonly Lock _lock = new();
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, OrderUpdate> _ends = new(StringComparer.Ordinal);

    /// <summary>Every word on an order, in the order told.</summary>
    public Told<OrderUpdate> Updates { get; } = new();

    /// <summary>Every word on the path itself.</summary>
    public Told<AdapterStatus> Statuses { get; } = new();

    /// <summary>What was told and cannot be true.</summary>
    public IReadOnlyList<string> Violations
    {
        get { lock (_lock) return [.. _violations, .. _ends.Values.Select(Untruth).OfType<string>()]; }
    }

    /// <summary>Told of each update, as the path is of everything that the engine hears.</summary>
    public Action<OrderUpdate>? Heard { get; set; }

    public ValueTask WriteAsync(Input input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        switch (input.Control)
        {
            case OrderUpdate update:
                lock (_lock) Judge(update);
                Heard?.Invoke(update);
                Updates.Take(update);
                break;
            case AdapterStatus status:
                Statuses.Take(status);
                break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The order's end, once it is told.</summary>
    public async Task<OrderUpdate> EndAsync(string clientOrderId) =>
        (await Updates.One(u => u.ClientOrderId == clientOrderId && IsEnd(u))).First(u => u.ClientOrderId == clientOrderId && IsEnd(u));

    /// <summary>The first word on an order.</summary>
    public Task FirstWordAsync(string clientOrderId) => Updates.One(u => u.ClientOrderId == clientOrderId);

    private void Judge(OrderUpdate update)
    {
        if (_ends.TryGetValue(update.ClientOrderId, out var end))
        {
            if (!IsEnd(update)) _violations.Add($"{update.ClientOrderId} was told as {end.Status}, and then as {update.Status}");
            return;
        }

        if (!IsEnd(update)) return;
        _ends[update.ClientOrderId] = update;
        if (Untruth(update) is { } untruth) _violations.Add(untruth);
    }

    private string? Untruth(OrderUpdate update)
    {
        var there = market.Find(rig.OnTheWire(update.ClientOrderId));
        var isTrue = update.Status switch
        {
            OrderStatus.Filled => there?.Status == OrderStatus.Filled,
            // Of a post-only order that was taken and ended at once a venue may say either.
            OrderStatus.Rejected => there is null or { IsOpen: false, FilledLots: 0 },
            _ => there?.Status == update.Status,
        };
        var truth = there?.Status.ToString() ?? "not there";
        return isTrue ? null : $"{update.ClientOrderId} was told as {update.Status} ({update.Reason}): at the venue it is {truth}";
    }

    private static bool IsEnd(OrderUpdate update) => update.Status >= OrderStatus.Filled;
}
