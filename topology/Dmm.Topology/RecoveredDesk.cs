using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Topology;

/// <summary>
/// Where the process that wrote a journal stood when it ended, however it ended: derived from the first record of its last run and what follows. What
/// its last input led to is derived too, though it may never have been recorded or sent.
/// </summary>
public sealed record RecoveredDesk
{
    // What outlives a long absence: what is owned and owed, what is latched, and what fills taught. Markets have gone on meanwhile.
    private static readonly HashSet<string> LastingStates =
    [
        "orders", "positions", "pnls", "kill-switch", "drawdown", "inventory-limits", "toxicities", "fill-qualities", "flow-adjustments",
        "trading-states", "drift", "router",
    ];

    private static readonly Timestamp Latest = new(DateTime.MaxValue.Ticks);

    private static readonly HashSet<BreakerKind> LastingBreakers = [BreakerKind.Kill, BreakerKind.Pause, BreakerKind.Drawdown, BreakerKind.Inventory, BreakerKind.Drift];

    /// <summary>First record of the last run.</summary>
    public required RunHeader Run { get; init; }

    /// <summary>The clock, counters and states at the journal's end.</summary>
    public required EngineStart Reached { get; init; }

    /// <summary>In force at the journal's end.</summary>
    public required QuotingParameters Parameters { get; init; }

    /// <summary>Records replayed to get there.</summary>
    public required long Records { get; init; }

    /// <summary>Orders that may rest at a venue, and by which ids the next ones go.</summary>
    public OrderStageState Orders => StateSet.Read<OrderStageState>(Reached.States, "orders");

    /// <summary>Orders that may rest at a venue, of an engine whose states these are.</summary>
    public static LiveOrdersState LiveOrdersOf(ReadOnlyMemory<byte> states) => StateSet.Read<OrderStageState>(states, "orders").Live;

    /// <summary>What is held, and which fills are counted.</summary>
    public PositionLedgerState Ledger => StateSet.Read<PositionLedgerState>(Reached.States, "positions");

    /// <summary>The highest epoch of an owner that the journal's runs tell of; 0 when there is none.</summary>
    /// <exception cref="JournalException">The journal is damaged, or cannot be read.</exception>
    public static int EpochOf(IJournalReader journal) => journal.RunAt(Latest) is { } run
        ? StateSet.Read<OrderStageState>(journal.Inputs(run).First().Header!.State, "orders").Ids.Epoch
        : 0;

    /// <summary>Reads a journal to its end.</summary>
    /// <param name="journal">Nobody writes it meanwhile.</param>
    /// <param name="topology">Gives the topology of a run.</param>
    /// <returns>Null when no run was ever begun.</returns>
    /// <exception cref="JournalException">The journal is damaged.</exception>
    /// <exception cref="ReplayDivergedException">Other code wrote it, and comes to other results.</exception>
    public static RecoveredDesk? From(IJournalReader journal, Func<RunHeader, ITopology> topology)
    {
        // Sought from the end: a journal may have thousands of runs.
        if (journal.RunAt(Latest) is not { } run) return null;
        RunHeader? last = null;
        QuotingParameters? parameters = null;
        using var driver = new ReplayDriver(topology, new UnheardLog());
        foreach (var record in journal.Inputs(run))
        {
            driver.Play([record]);
            if (record.Header is { } header) (last, parameters) = (header, header.Parameters);
            // A run that a change of parameters ends may have been the last thing that was written.
            if (record.Kind == JournalRecordKind.Input && record.Input is { Kind: InputKind.Control, Control: ParameterChange change })
                parameters = change.Parameters;
        }

        return new() { Run = last!, Reached = driver.Capture(), Parameters = parameters!, Records = driver.Records };
    }

    /// <summary>
    /// Where the next process begins. After a short absence it goes on with everything, and its clock runs through the time between, so that timers
    /// fire and volatility goes on; after a longer one it goes on with what lasts, and everything else warms up anew.
    /// </summary>
    /// <param name="now">The host's time.</param>
    /// <param name="epoch">Of the new owner, above that of all before: part of the ids of its orders.</param>
    public EngineStart Resume(Timestamp now, int epoch)
    {
        var orders = Orders;
        if (epoch <= orders.Ids.Epoch) throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"expected above {orders.Ids.Epoch}");
        var start = IsShortAbsence(now)
            // One unit later, as for any two runs that are not one process's: its states differ from those the run before ended with.
            ? Reached with { At = Reached.At + Timestamp.Unit }
            : Reached with { At = Timestamp.Max(now, Reached.At + Timestamp.Unit), States = Lasting() };
        return start with { States = StateSet.With(start.States, "orders", orders with { Ids = OrderIdState.Fresh(orders.Ids.Session, epoch) }) };
    }

    /// <summary>A control that starts fresh says nothing until it changes, so what is merged from it must start fresh with it.</summary>
    private ReadOnlyMemory<byte> Lasting()
    {
        var states = StateSet.Only(Reached.States, LastingStates);
        var trading = StateSet.Read<TradingStatesState>(states, "trading-states");
        var flow = StateSet.Read<FlowAdjustmentsState>(states, "flow-adjustments");
        states = StateSet.With(states, "trading-states",
            new TradingStatesState([VolatilityBreaker.WarmingUp, .. trading.Tripped.Where(b => LastingBreakers.Contains(b.Kind))], []));
        return StateSet.With(states, "flow-adjustments",
            new FlowAdjustmentsState([.. flow.Instruments.Select(f => f with { ImbalanceMultiplier = 1 })]));
    }

    /// <summary>Shorter than the half-life of the volatility estimate.</summary>
    public bool IsShortAbsence(Timestamp now) => now - Reached.At < Parameters.Volatility.HalfLife;
}
