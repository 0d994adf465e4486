using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <param name="IsJournalClosed">The journal cannot be written.</param>
/// <param name="ClosedVenues">Venues whose order path is closed, in ordinal order.</param>
public sealed record OrderGatesState(bool IsJournalClosed, ImmutableArray<string> ClosedVenues)
{
    public static readonly OrderGatesState Open = new(false, []);
}

/// <summary>
/// What the edges say of the way out: a journal that cannot be written halts the asset, a closed order path halts the instruments of that venue. Each
/// ends as soon as the edge says so; the edge that closes it also decides how long it must have been well. Other messages are passed over. There is
/// no number to show: value and threshold are 0.
/// </summary>
public sealed class OrderGates(OrderGatesState initial, InstrumentCatalog instruments) : IBreaker<ControlMessage, OrderGatesState>
{
    private readonly ImmutableArray<string> _venues = [.. instruments.All.Select(i => i.Venue).Distinct()];
    private OrderGatesState _state = initial;

    public OrderGatesState Capture() => _state;

    public ImmutableArray<BreakerState> Take(in ControlMessage message, Timestamp now) => message switch
    {
        JournalStatus journal when journal.IsWritable == _state.IsJournalClosed => [Turn(journal)],
        AdapterStatus adapter when _venues.Contains(adapter.Venue)
            && adapter.AcceptsOrders == _state.ClosedVenues.Contains(adapter.Venue) => [Turn(adapter)],
        _ => [],
    };

    private BreakerState Turn(JournalStatus journal)
    {
        _state = _state with { IsJournalClosed = !journal.IsWritable };
        return Describe(BreakerKind.Journal, BreakerSubjects.Asset, journal.IsWritable,
            $"journal {(journal.IsWritable ? "can" : "cannot")} be written: {journal.Detail}");
    }

    private BreakerState Turn(AdapterStatus adapter)
    {
        var closed = _state.ClosedVenues;
        closed = adapter.AcceptsOrders ? closed.Remove(adapter.Venue) : closed.Add(adapter.Venue).Sort(StringComparer.Ordinal);
        _state = _state with { ClosedVenues = closed };
        var verb = adapter.AcceptsOrders ? "takes orders again" : "takes no orders";
        return Describe(BreakerKind.OrderPath, adapter.Venue, adapter.AcceptsOrders, $"{adapter.Venue} {verb}: {adapter.Reason}");
    }

    private static BreakerState Describe(BreakerKind kind, string subject, bool isOpen, string reason) => new()
    {
        Kind = kind, Subject = subject, Demand = isOpen ? TradingState.Active : TradingState.Halted, Multiplier = 1, Value = 0, Threshold = 0,
        Reason = reason,
    };
}
