using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Explanation;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Screen;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// Keeps of a replay what a report tells: in bounded memory, whatever the range holds. What comes before the range is warm-up: it only sets where
/// things stand as the range begins.
/// </summary>
/// <param name="instruments">Of every run in the range.</param>
/// <param name="parameters">In force as the replay begins.</param>
/// <param name="from">The range begins.</param>
/// <param name="to">The range ends.</param>
/// <param name="asked">The moment to look at; null for the worst.</param>
internal sealed class IncidentRecorder(
    InstrumentCatalog instruments, QuotingParameters parameters, Timestamp from, Timestamp to, Timestamp? asked) : IReplayCompanion
{
    private readonly Dictionary<(BreakerKind, string), StateBand> _controls = [];
    private readonly Dictionary<string, FillRow> _fillsById = [];
    private readonly NoteBoard _notes = new(instruments);
    private readonly FigureTally _figures = new();
    private readonly double[] _toxicity = [.. instruments.All.Select(_ => 1.0)];
    private QuotingParameters _parameters = parameters;
    private TradingState _state = TradingState.Halted;
    private StateBand? _states;
    private Input _input;
    private Stamp? _closed;
    private bool _hasRun;

    public InstrumentCatalog Instruments { get; } = instruments;

    public ImmutableArray<MarketSeries> Markets { get; } =
        [.. instruments.All.Select(i => new MarketSeries(i, parameters.Venues[i.Id.Index].IsQuoted, from, to))];

    public TimeSeries InventoryRatio { get; } = new(from, to);

    public TimeSeries VolatilityBps { get; } = new(from, to);

    /// <summary>The widening in force for toxic flow: the largest over the markets' last quotes.</summary>
    public TimeSeries Toxicity { get; } = new(from, to);

    public LimitedRows<StateChangeRow> StateChanges { get; } = new(IncidentLimits.Rows);

    public LimitedRows<FillRow> Fills { get; } = new(IncidentLimits.Rows);

    public LimitedRows<EventRow> Events { get; } = new(IncidentLimits.Rows);

    public LimitedRows<RunRow> Runs { get; } = new(IncidentLimits.Rows);

    public MomentWindow Moment { get; } = new(instruments, asked);

    /// <summary>The parameters that were in force last.</summary>
    public QuotingParameters Parameters => _parameters;

    public IncidentFigures Figures()
    {
        Begin();
        return _figures.Total(to);
    }

    /// <summary>How the asset's trading state went.</summary>
    public ImmutableArray<StateSpan> States() => (_states ?? new(from, to, _state)).Spans();

    /// <summary>The controls that asked for anything in the range, in the order in which they are evaluated.</summary>
    public IEnumerable<(BreakerKind Kind, string Subject)> Tripped() =>
        _controls.Where(c => c.Value.Spans().Any(span => span.State > TradingState.Active)).Select(c => c.Key).Order();

    /// <summary>How a control stood.</summary>
    public ImmutableArray<StateSpan> Control((BreakerKind Kind, string Subject) control) =>
        (_controls.GetValueOrDefault(control) ?? new(from, to, TradingState.Active)).Spans();

    void IReplayCompanion.OnRun(RunHeader header, Func<LiveOrdersState> orders) => OnRun(header);

    public void OnRun(RunHeader header)
    {
        var at = header.StartedAt;
        Runs.Add(new(header.Run, header.StartedAt, header.CodeVersion, header.Mode, header.Platform, header.ConfigurationHash));
        if (_hasRun && _closed != new Stamp(header.NextSequence - 1, header.StartedAt) && header.StartedAt >= from)
            Note(new(header.StartedAt, EventKind.Gap, AlertLevel.Warning, "journal",
                $"run {header.Run} begins after a hole: the run before it was not closed, by a crash or because the journal could not be written"));
        (_hasRun, _parameters) = (true, header.Parameters);
        var states = new StateSet(header.State);
        foreach (var market in Markets) market.Begin(states);
        var controls = states.Port("trading-states", TradingStatesState.Starting).Initial;
        var standing = new TradingStates(controls, Instruments, header.Parameters.NumeraireAssets, header.Parameters.Informing(header.Instruments));
        Enter(at, standing.Status.Asset.State);
    
        var tripped = standing.Capture().Tripped;
        foreach (var (kind, subject) in _controls.Keys.Except(tripped.Select(b => (b.Kind, b.Subject))).ToArray())
            _controls[(kind, subject)].Enter(at, TradingState.Active);
        foreach (var breaker in tripped) Enter(at, breaker);
    }

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
        _input = input;
        Moment.OnInput(stamp, input, _parameters);
        if (input.Kind == InputKind.Book) Markets[input.Instrument.Index].OnBook(stamp.At, input.Book);
        if (stamp.At < from) return;
        Begin();
        _figures.OnInput(input);
        if (input.Kind == InputKind.Control) Take(stamp.At, input.Control);
    }

    public void OnDecision(in Decision decision)
    {
        var at = decision.Cause.At;
        var isInRange = at >= from;
        if (isInRange)
        {
            Begin();
            _figures.OnDecision(decision.Body, Instruments);
        }

        Moment.OnDecision(decision, _parameters, isInRange);
        switch (decision.Body)
        {
            case QuoteTarget quote:
                Markets[quote.Instrument.Index].OnQuote(at, quote);
                InventoryRatio.Add(at, quote.Terms.InventoryRatio);
                _toxicity[quote.Instrument.Index] = quote.Terms.ToxicityMultiplier;
                Toxicity.Add(at, _toxicity.Max());
                break;
            case InventorySnapshot inventory:
                InventoryRatio.Add(at, inventory.InventoryRatio);
                break;
            case VolatilitySnapshot { IsReady: true } volatility:
                VolatilityBps.Add(at, volatility.VolatilityBps);
                break;
            case BreakerState breaker:
                Enter(at, breaker);
                break;
            case TradingStateChange change:
                Enter(at, change.To);
                if (isInRange) StateChanges.Add(new(at, change, decision.Cause.Sequence, CauseOf(decision.Cause)));
                break;
            case Markout markout when _fillsById.TryGetValue(markout.TradeId, out var fill):
                fill.Markouts[markout.Horizon] = markout.Bps;
                break;
            case Alert alert when isInRange:
                Note(new(at, EventKind.Alert, alert.Level, alert.Subject, alert.Text));
                break;
        }
    }

    public void OnTaken(in JournalRecord record) => _closed = record.Kind == JournalRecordKind.Clock ? record.Stamp : null;

    /// <summary>The range begins with what comes first in it, in the state that stands by then.</summary>
    private void Begin()
    {
        _states ??= new(from, to, _state);
        _figures.Begin(from, _state);
    }

    private void Enter(Timestamp at, TradingState state)
    {
        if (at >= from) Begin();
        _state = state;
        _states?.Enter(at, state);
        _figures.Enter(at, state);
    }

    private void Enter(Timestamp at, BreakerState breaker)
    {
        var key = (breaker.Kind, breaker.Subject);
        var demand = breaker is { Demand: TradingState.Active, Multiplier: > 1 } ? TradingState.Widened : breaker.Demand;
        if (!_controls.TryGetValue(key, out var band)) _controls[key] = band = new(from, to, TradingState.Active);
        band.Enter(at, demand);
    }

    private void Take(Timestamp at, ControlMessage message)
    {
        switch (message)
        {
            case Fill fill:
                var row = new FillRow(at, fill, Instruments[fill.Instrument]);
                if (Fills.Add(row)) _fillsById.TryAdd(fill.TradeId, row);
                break;
            case ParameterChange change:
                Note(new(at, EventKind.Parameters, AlertLevel.Information, change.Operator,
                    $"{ParameterDifference.Of(_parameters, change.Parameters)}: {change.Reason}"));
                break;
            case OrderUpdate { Status: not OrderStatus.Rejected }:
                break;
            case var _ when _notes.Of(message, at) is { } note:
                Note(new(at, message switch
                {
                    OperatorCommand or CountAcceptance => EventKind.Operator,
                    JournalStatus => EventKind.Gap,
                    _ => EventKind.Alert,
                }, note.Level, note.Subject, note.Text));
                break;
        }
    }

    private void Note(EventRow row) => Events.Add(row);

    private string CauseOf(in Cause cause) => cause.Timer is { } timer
        ? $"timer '{timer}', due {InstantText.Clock(cause.At)}" : InputText.Of(_input, Instruments);
}
