using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>A large swap is on its way to a pool, and is told of before it gets there.</summary>
/// <param name="Venue">The pool's.</param>
/// <param name="Side">Buy: the pool's price will rise.</param>
/// <param name="ImpactBps">How far it would move the pool.</param>
/// <param name="Trace">By what it is taken back.</param>
/// <param name="ValidFor">Until its deadline; null for none.</param>
public sealed record SwapAnnounced(string Venue, Side Side, double ImpactBps, string Trace = "swap", TimeSpan? ValidFor = null) : Happening
{
    public override string Text =>
        $"a {Side} on its way to {Venue} would move it by {Say.Number(ImpactBps)} bps (trace {Trace})"
        + Say.When(ValidFor, span => $", for {Say.Span(span)}");

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("pendingSwap.impactBps", ImpactBps, 0, 1e6, "bps");
        if (ValidFor is { } span) faults.Within("pendingSwap.validFor", span, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    }

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue))
        {
            stage.Deliver(new Input(new PendingSwap
            {
                Instrument = feed.Instrument.Id, Trace = Trace, Side = Side, ImpactBps = ImpactBps,
                ValidUntil = ValidFor is { } span ? stage.Queue.Now + span : Timestamp.None,
            }));
        }
    }
}

/// <summary>What was on its way is carried out, taken back or given up.</summary>
public sealed record SwapGone(string Trace = "swap", string Reason = "taken back") : Happening
{
    public override string Text => $"nothing of trace {Trace} is on its way any more: {Reason}";

    internal override void Take(ScenarioStage stage) => stage.Deliver(new Input(new PendingSwapGone(Trace, Reason)));
}
