using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Incidents;

namespace Dmm.Pipeline.Screen;

/// <summary>The latest things that a person should have seen.</summary>
internal sealed class NoteBoard(InstrumentCatalog instruments)
{
    private const int NotesKept = 64;

    private readonly RecentItems<DeskNote> _notes = new(NotesKept);

    public long Alerts { get; private set; }

    public ImmutableArray<DeskNote> NewestFirst() => _notes.NewestFirst();

    /// <summary>A decision worth a note; others leave none.</summary>
    public void Take(object decision, Timestamp at)
    {
        if (decision is Alert) Alerts++;
        if (Of(decision, at) is { } note) _notes.Add(note);
    }

    /// <summary>An input worth a note; others leave none.</summary>
    public void Take(ControlMessage message, Timestamp at)
    {
        if (Of(message, at) is { } note) _notes.Add(note);
    }

    /// <summary>What is to be said of a decision; null for one that shows elsewhere.</summary>
    public static DeskNote? Of(object decision, Timestamp at) => decision switch
    {
        Alert alert => new(at, alert.Level, alert.Subject, alert.Text),
        HedgeIntent hedge => new(at, AlertLevel.Warning, "hedge", DeskText.Of($"{DeskText.Word(hedge.Side)} {hedge.Quantity}: {hedge.Reason}")),
        RouteOutcome { Result: not RouteResult.Missed } end => new(at, AlertLevel.Information, "router", RouteText.Outcome(end)),
        TreasuryIntent treasury =>
            new(at, AlertLevel.Information, "treasury", DeskText.Of($"{treasury.Action} {treasury.Amount} {treasury.Asset}: {treasury.Reason}")),
        _ => null,
    };

    /// <summary>What is to be said of an input; null for one that shows elsewhere.</summary>
    public DeskNote? Of(ControlMessage message, Timestamp at) => message switch
    {
        FeedStatus { State: FeedState.Connected } feed => new(at, AlertLevel.Information, feed.Venue, feed.Detail.Length == 0 ? "feed is up" : $"feed is up: {feed.Detail}"),
        FeedStatus feed => new(at, AlertLevel.Warning, feed.Venue, $"feed {DeskText.Word(feed.State)}: {feed.Detail}"),
        OperatorCommand command => new(at, command.Action == OperatorAction.Kill ? AlertLevel.Critical : AlertLevel.Information, "operator",
            $"{command.Action} by {command.Operator}: {command.Reason}"),
        CountAcceptance acceptance => new(at, AlertLevel.Information, "operator",
            $"count of {acceptance.Subject} accepted by {acceptance.Operator}: {acceptance.Reason}"),
        ParameterChange change => new(at, AlertLevel.Information, "operator", $"parameters changed by {change.Operator}: {change.Reason}"),
        JournalStatus journal => new(at, journal.IsWritable ? AlertLevel.Information : AlertLevel.Critical, "journal", journal.Detail),
        AdapterStatus adapter =>
            new(at, adapter.AcceptsOrders ? AlertLevel.Information : AlertLevel.Warning, adapter.Venue,
                adapter.AcceptsOrders ? "takes orders again" : $"takes no orders: {adapter.Reason}"),
        OrderUpdate { Status: OrderStatus.Rejected } refused =>
            new(at, AlertLevel.Warning, instruments[refused.Instrument].Name, $"{DeskText.Word(refused.Side)} order rejected: {refused.Reason}"),
        _ => null,
    };
}
