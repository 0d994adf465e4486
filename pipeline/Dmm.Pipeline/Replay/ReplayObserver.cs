using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Replay;

/// <summary>Follows a replay: digests and counts its decisions, and remembers since when each feed has been halted.</summary>
/// <param name="instruments">The catalogue of the run.</param>
/// <param name="series">Collects what a picture needs; null when none is asked for.</param>
/// <param name="log">Told of what its readers care for.</param>
/// <param name="tally">Adds up what trading came to.</param>
internal sealed class ReplayObserver(InstrumentCatalog instruments, ReplaySeries? series, RunLog log, TradingTally tally) : IDecisionSink, IDisposable
{
    private readonly Dictionary<string, Timestamp> _haltedSince = [];
    private readonly ReplacedLadders _replaced = new(instruments);

    public DecisionDigest Digest { get; } = new(instruments);

    public long Quotes { get; private set; }

    public long OrderIntents { get; private set; }

    /// <summary>What cancelling and placing every ladder anew would have taken.</summary>
    public long OrderIntentsReplacing => _replaced.Messages;

    public long BreakerChanges { get; private set; }

    public long StateChanges { get; private set; }

    public long Alerts { get; private set; }

    /// <summary>Since when the instrument's feed has been halted without a break; null when it is not.</summary>
    public Timestamp? HaltedSince(Instrument instrument) => _haltedSince.TryGetValue(instrument.Name, out var since) ? since : null;

    public void OnInput(in Stamp stamp, in Input input)
    {
        if (input.Kind != InputKind.Control) return;
        tally.OnInput(stamp, input);
        if (input.Control is Fill fill) series?.Add(stamp.At, fill);
    }

    public void OnDecision(in Decision decision)
    {
        Digest.OnDecision(decision);
        tally.OnDecision(decision);
        series?.Add(decision);
        switch (decision.Body)
        {
            case QuoteTarget target:
                Quotes++;
                _replaced.Add(target);
                break;
            case OrderIntent:
                OrderIntents++;
                break;
            case BreakerState breaker:
                BreakerChanges++;
                Follow(breaker, decision.Cause.At);
                log.BreakerChanged(decision.Cause.At, breaker);
                break;
            case TradingStateChange change:
                StateChanges++;
                log.StateChanged(decision.Cause.At, change);
                break;
            case Alert:
                Alerts++;
                break;
        }
    }

    public void Dispose() => Digest.Dispose();

    private void Follow(BreakerState breaker, Timestamp at)
    {
        if (breaker.Kind != BreakerKind.Staleness) return;
        if (breaker.Demand >= TradingState.Halted) _haltedSince.TryAdd(breaker.Subject, at);
        else _haltedSince.Remove(breaker.Subject);
    }
}
