using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>A journaled <see cref="ToyQuoter"/> over a journal in memory, with its effects in the journal's list of calls.</summary>
public sealed class JournaledRun : IDecisionSink
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T11:59:58Z");

    public static readonly InstrumentCatalog Instruments = new(
    [
        new Instrument
        {
            Id = new InstrumentId(0), Venue = "toy", Symbol = "DCTTON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new DecimalGrid(0.01m), Sizes = new DecimalGrid(1m),
        },
    ]);

    public static readonly QuotingParameters Parameters = QuotingParameters.Dct(new VenueParameters { Instrument = "toy:DCTTON" });

    private readonly List<Decision> _effects = [];
    private readonly QuotingParameters _parameters;

    public JournaledRun(MemoryJournal? journal = null, Timestamp? start = null, bool begin = true, QuotingParameters? parameters = null)
    {
        Journal = journal ?? new MemoryJournal();
        StartedAt = start ?? Start;
        _parameters = parameters ?? Parameters;
        if (begin) Begin();
    }

    public MemoryJournal Journal { get; }

    public Timestamp StartedAt { get; }

    public JournaledEngine Engine { get; private set; } = null!;

    /// <summary>What left.</summary>
    public IReadOnlyList<Decision> Effects => _effects;

    /// <summary>Called with each effect as it leaves.</summary>
    public Action<Decision> OnEffect { get; set; } = _ => { };

    public string[] EffectLines => [.. _effects.Select(e => e.ToString())];

    public void Begin() => Engine = new JournaledEngine(
        parameters => new ToyQuoter(parameters), Instruments, _parameters, EngineStart.Fresh(StartedAt), new RunIdentity("1", "test", "none", TradingMode.Shadow), Journal, this);

    public void OnDecision(in Decision decision)
    {
        Journal.Calls.Add($"effect {decision.Number}");
        _effects.Add(decision);
        OnEffect(decision);
    }

    public Timestamp At(double seconds) => StartedAt + TimeSpan.FromSeconds(seconds);

    public Stamp Take(double seconds, ControlMessage message) => Engine.Take(At(seconds), new Input(message));

    /// <summary>What was called during the action, without the calls before it.</summary>
    public string[] CallsOf(Action action)
    {
        var before = Journal.Calls.Count;
        action();
        return [.. Journal.Calls.Skip(before)];
    }

    public static ReferenceRate Rate(decimal rate = 1) => new("TON", "USDT", rate, Timestamp.None);

    public static GasPrice Gas(decimal gas) => new(gas, Timestamp.None);

    public static ParameterChange Sized(double ratio) => new(Parameters with { HedgeThresholdRatio = ratio }, "test", "a change");
}
