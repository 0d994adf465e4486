using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Replay;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// Gives the inputs of a journal to an engine with other parameters, beside the replay of what was done. Nothing is compared with the record.
/// <list type="table">
/// <item><term>market data, rates, commands, fills</term><description>taken as recorded: no fill comes or goes because a quote
/// differs</description></item>
/// <item><term>order updates, feedback</term><description>left out, as they are of orders that were really placed; each order of this engine
/// counts as carried out at once instead</description></item>
/// <item><term>books of a live run</term><description>taken less the orders that really rested, as they show those</description></item>
/// <item><term>a run rolls</term><description>this engine goes on with its own state</description></item>
/// <item><term>a run begins after a hole</term><description>it begins with the state recorded there, but for the orders</description></item>
/// <item><term>the engine throws</term><description><see cref="Failure"/> says so; nothing more is taken</description></item>
/// </list>
/// </summary>
/// <param name="changes">Laid over the parameters of each run.</param>
/// <param name="outcome">Hears of what comes of it.</param>
internal sealed class WhatIfReplay(WhatIfChanges changes, IncidentRecorder outcome) : IReplayCompanion, IDisposable
{
    // Apart from the ids of every order in the record.
    private static readonly OrderIdState OrderIds = OrderIdState.Fresh("wif", epoch: 0);

    private readonly RecordedOrders _recorded = new();
    private Engine? _engine;
    private RunHeader? _pending;
    private Stamp? _closed;

    /// <summary>What ended it before the end of the range; null when nothing did.</summary>
    public string? Failure { get; private set; }

    /// <summary>Recorded order updates that were left out.</summary>
    public long UpdatesIgnored { get; private set; }

    public void OnRun(RunHeader header, Func<LiveOrdersState> orders)
    {
        _pending = header;
        _recorded.GoOn(orders);
    }

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
        if (Failure is null) _recorded.Reach(stamp.At);
    }

    public void OnDecision(in Decision decision)
    {
        if (Failure is null) _recorded.Reach(decision.Cause.At);
    }

    public void OnTaken(in JournalRecord record)
    {
        if (Failure is not null) return;
        _recorded.Look();
        try
        {
            Take(record);
            outcome.OnTaken(record);
        }
        catch (Exception ended) when (ended is EngineFaultException or ParameterException or JsonException or InvalidOperationException)
        {
            Failure = ended.Message;
        }

        _closed = record.Kind == JournalRecordKind.Clock ? record.Stamp : null;
    }

    public void Dispose() => _engine?.Dispose();

    private void Take(in JournalRecord record)
    {
        if (record.Kind == JournalRecordKind.Run)
        {
            Begin(_pending!);
        }
        else if (record.Kind == JournalRecordKind.Clock)
        {
            _engine!.AdvanceTo(record.Stamp.At);
        }
        else if (record.Origin == InputOrigin.Outside)
        {
            if (record.Input is { Kind: InputKind.Control, Control: OrderUpdate }) UpdatesIgnored++;
            else _engine!.Take(record.Stamp.At, Completed(record));
        }

        _recorded.Before(record.Stamp.At);
    }

    /// <summary>When and how wide a filled order was quoted, which the order itself can tell only here.</summary>
    private Input Completed(in JournalRecord record) =>
        record.Input is { Kind: InputKind.Control, Control: Fill { QuotedAt.IsKnown: false } fill }
        && _recorded.Before(record.Stamp.At).Find(fill.ClientOrderId) is { } order
            ? new(fill with { QuotedAt = order.PlacedAt, QuotedHalfSpreadBps = order.QuotedHalfSpreadBps })
            : record.Input;

    private void Begin(RunHeader header)
    {
        var run = header with { Parameters = changes.Apply(header.Parameters) };
        var isShadow = header.Mode == TradingMode.Shadow;
        var isRoll = _engine is not null && _closed == new Stamp(header.NextSequence - 1, header.StartedAt);
        var states = isRoll ? _engine!.Capture().States : isShadow ? header.State : WithoutOrders(header.State);
        var at = isRoll ? Timestamp.Max(_engine!.Time, header.StartedAt) : header.StartedAt;
        _engine?.Dispose();
        if (!isRoll) _recorded.Begin(new StateSet(header.State));
        outcome.OnRun(run with { State = states });
        // The orders that rested show in books of live runs only, and in shadow none ever rest.
        var topology = new QuotingTopology(header.Instruments, run.Parameters, OrderIds, TradingMode.Shadow,
            header.Mode == TradingMode.Live ? () => _recorded.Before(_engine?.Time ?? at) : null);
        _engine = null;
        _engine = new Engine(topology, new(at, header.NextSequence - 1, header.NextDecision - 1, states), outcome);
    }

    private static ReadOnlyMemory<byte> WithoutOrders(ReadOnlyMemory<byte> states)
    {
        if (states.IsEmpty || JsonNode.Parse(states.Span) is not JsonObject all) return states;
        all.Remove("orders");
        return JsonSerializer.SerializeToUtf8Bytes(all);
    }
}
