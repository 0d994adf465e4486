using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Screen;

/// <summary>
/// A run as lines of text, for files, pipes and plain terminals: a line each for a fill, a change of the trading state or of a control, and an alert,
/// and one on how things stand every so often. Time (UTC) and kind come first, in columns that stay; no escape codes. Single-threaded, on the
/// engine's thread; nothing is written before <see cref="Write"/>.
/// </summary>
/// <param name="instruments">The catalogue of the run.</param>
/// <param name="model">Follows the same run, and is told of everything before this one.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="opening">How the run stands as it begins.</param>
/// <param name="every">Between two lines on how things stand, on the engine's clock.</param>
internal sealed class PlainLines(
    InstrumentCatalog instruments, DeskModel model, TextWriter output, DeskOpening opening, TimeSpan every) : IDecisionSink
{
    private readonly StringBuilder _lines = new();
    private readonly CountedFills _counted = new(opening.Inventory?.AppliedFills ?? 0);
    private readonly NoteBoard _notes = new(instruments);
    private readonly Queue<DeskNote> _heard = new();
    private Timestamp _next = opening.At + every;

    public void OnInput(in Stamp stamp, in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        if (input.Control is Fill fill) _counted.Take(fill);
        else if (_notes.Of(input.Control, stamp.At) is { } note) _heard.Enqueue(note);
    }

    public void OnDecision(in Decision decision)
    {
        var at = decision.Cause.At;
        AddHeard(at);
        switch (decision.Body)
        {
            case InventorySnapshot positions when _counted.Take(positions) is { } fill:
                var name = instruments[fill.Instrument].Name;
                Add(at, "fill", DeskText.Of(
                    $"{name,-20} {DeskText.Word(fill.Side),-4} {fill.Quantity,12} @ {fill.Price,-12} fee {fill.Fee:0.########} {fill.FeeAsset}"));
                break;
            case TradingStateChange change:
                Add(at, "state", DeskText.Of($"{Word(change.To),-12} x{change.Multiplier:0.##} from {Word(change.From)}")
                    + (change.Reason.Length > 0 ? $": {change.Reason}" : ""));
                break;
            case BreakerState breaker:
                Add(at, "breaker", DeskText.Of($"{Word(breaker.Demand),-12} x{breaker.Multiplier:0.##} ")
                    + DeskText.Of($"{breaker.Kind} {breaker.Subject}: {breaker.Reason}"));
                break;
            case Alert or HedgeIntent or TreasuryIntent or RouteOutcome when NoteBoard.Of(decision.Body, at) is { } note:
                Add(note);
                break;
        }
    }

    /// <summary>Puts out what has come since the last call; between two slices of work.</summary>
    /// <param name="now">The engine's clock.</param>
    public void Write(Timestamp now)
    {
        AddHeard(now);
        if (now >= _next)
        {
            Status(model.Snapshot(now));
            while (_next <= now) _next += every;
        }

        if (_lines.Length == 0) return;
        output.Write(_lines);
        output.Flush();
        _lines.Clear();
    }

    private void Status(DeskSnapshot desk)
    {
        var market = desk.Markets.FirstOrDefault(m => m.Quote is { FairValue: > 0 });
        var mid = market?.Quote is { } quote ? DeskText.Price(market.Instrument, quote.FairValue, 1) : "none";
        var (sigma, delta) = market?.Quote is { Terms: var terms } ? (terms.VolatilityBps, terms.HalfSpreadBps) : (0, 0);
        var totals = desk.Totals;
        Add(desk.Now, "status",
            DeskText.Of($"{Word(desk.State),-12} x{desk.Multiplier:0.##} mid {mid,-10} sigma {sigma,6:0.00} delta {delta,6:0.00} ")
            + DeskText.Of($"inventory {desk.Inventory,10:0.0} ratio {desk.InventoryRatio,5:0.00} ")
            + DeskText.Of($"profit {totals.OrderFlowPnl,10:0.00} drawdown {desk.Pnl?.Drawdown ?? 0,8:0.00} ")
            + DeskText.Of($"orders {totals.OrdersOpen,3} fills {totals.Fills,6} events {totals.Events,9} {desk.EventsPerSecond,8:0}/s"));
    }

    /// <summary>An input is heard of before what timers decided ahead of it leaves: it waits, so that the lines are in the order of time.</summary>
    private void AddHeard(Timestamp until)
    {
        while (_heard.TryPeek(out var note) && note.At <= until) Add(_heard.Dequeue());
    }

    private void Add(DeskNote note) => Add(note.At, "note", DeskText.Of($"{Word(note.Level),-12} {note.Subject}: {note.Text}"));

    private void Add(Timestamp at, string kind, string text)
    {
        var clock = at.ToDateTimeOffset().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        _lines.Append(clock).Append(' ').Append(kind.PadRight(8)).Append(DeskText.Plain(text).TrimEnd()).Append('\n');
    }

    private static string Word(AlertLevel level) => level.ToString().ToLowerInvariant();

    private static string Word(TradingState state) => DeskStyle.Word(state).ToLowerInvariant();
}
