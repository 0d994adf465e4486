using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>What the router does at one instant.</summary>
/// <param name="State">Afterwards.</param>
/// <param name="Orders">To the order stage: at most one placement, under the next id, or one cancel.</param>
/// <param name="Decisions">For the record: intents, legs, outcomes and alerts, in order.</param>
public readonly record struct RouteStep(RouterState State, ImmutableArray<OrderIntent> Orders, ImmutableArray<object> Decisions)
{
    /// <summary>Quotes have to make way from now on, or may come back.</summary>
    public bool IsWayChanged { get; init; }

    internal RouteStep Keep(RouteTrade trade) =>
        this with { State = State with { Trade = trade, Trades = Math.Max(State.Trades, trade.Number) } };

    internal RouteStep Tell(object decision) => this with { Decisions = Decisions.Add(decision) };
}
