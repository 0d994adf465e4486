using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Faults;

/// <summary>Each invariant is seen to fail where somebody breaks it on purpose; without that, none of them would prove anything.</summary>
public sealed class FaultCheckerTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    [Fact]
    public void SoundDeskWithoutFaults_HoldsEveryInvariant() => FaultRun.Of(Plan(), new()).Violation.ShouldBeNull();

    [Fact]
    public void FillToldAgainUnderAnotherId_IsFound() => Breaks(FaultRule.Ledger, Mutant.OfPath((path, intent) =>
    {
        if (path.Venue.Record.Fills.LastOrDefault() is { } fill) path.Tell(fill with { TradeId = $"{fill.TradeId}0000" });
        return intent;
    }));

    [Fact]
    public void FillThatDoesNotCount_IsFound() => Breaks(
        FaultRule.Ledger, Mutant.Deaf(input => input is not { Kind: InputKind.Control, Control: Fill { TradeId: [.., '7'] } }));

    [Fact]
    public void InventoryCountedWrongly_IsFound() => Breaks(FaultRule.Ledger, Mutant.OfPipeline(decision =>
        [decision is InventorySnapshot { AppliedFills: > 2 } inventory ? inventory with { Total = inventory.Total + 0.1m } : decision]));

    [Fact]
    public void CancelsThatAreNotSent_AreFound() =>
        Breaks(FaultRule.CancelBound, Mutant.OfPath((_, intent) => intent.Kind == OrderIntentKind.Cancel ? null : intent));

    [Fact]
    public void CancelTakenForDone_IsFound() => Breaks(FaultRule.InventedEnd, Mutant.OfPath((path, intent) =>
    {
        if (intent.Kind != OrderIntentKind.Cancel) return intent;
        path.Tell(Update(intent, OrderStatus.Cancelled));
        return null;
    }));

    [Fact]
    public void PlacementTakenForRefusedAndSent_IsFound() => Breaks(FaultRule.InventedEnd, Mutant.OfPath((path, intent) =>
    {
        if (intent.Kind == OrderIntentKind.Place) path.Tell(Update(intent, OrderStatus.Rejected));
        return intent;
    }));

    [Fact]
    public void PlacementSentUnderAnIdOfItsOwn_IsFound() => Breaks(FaultRule.OrderId, Mutant.OfPath((_, intent) =>
        intent.Kind == OrderIntentKind.Place ? intent with { ClientOrderId = intent.ClientOrderId + "0" } : intent));

    [Fact]
    public void IdGivenTwice_IsFound() => Breaks(FaultRule.OrderId, Mutant.OfPipeline(decision =>
        [decision is OrderIntent { Kind: OrderIntentKind.Place } placed ? placed with { ClientOrderId = placed.ClientOrderId[..^1] } : decision]));

    [Fact]
    public void TwoOrdersWhereOneWasMeant_AreFound() => Breaks(FaultRule.OneOrderALevel, Mutant.OfPipeline(decision =>
        decision is OrderIntent { Kind: OrderIntentKind.Place } placement
            ? [placement, placement with { ClientOrderId = placement.ClientOrderId + "0", SizeLots = 10 }]
            : [decision]));

    [Fact]
    public void AmendmentToMoreThanIsLeft_IsFound() => Breaks(FaultRule.Remaining, Mutant.OfPipeline(decision =>
        [decision is OrderIntent { Kind: OrderIntentKind.Amend } amendment ? amendment with { SizeLots = amendment.SizeLots + 500 } : decision]));

    [Fact]
    public void NotionalAboveTheCap_IsFound() => Breaks(FaultRule.NotionalCap, Mutant.OfPipeline(decision =>
        [decision is OrderIntent { Kind: OrderIntentKind.Place, Side: Side.Sell } placed ? placed with { PriceTicks = 2 * placed.PriceTicks } : decision]));

    [Fact]
    public void SizesBeyondTheLimits_AreFound() => Breaks(FaultRule.InventoryLimit, Mutant.OfPipeline(decision =>
        [decision is OrderIntent { Kind: OrderIntentKind.Place } placement ? placement with { SizeLots = 2 * placement.SizeLots } : decision]));

    [Fact]
    public void OrdersOfOthersSweptAlong_AreFound() => Breaks(FaultRule.ForeignOrder, Mutant.OfPath((_, intent) => intent, sweep: ""));

    [Fact]
    public void KillThatIsNotHeard_IsFound() => Breaks(
        FaultRule.Latch, Mutant.Deaf(input => input is not { Kind: InputKind.Control, Control: OperatorCommand { Action: OperatorAction.Kill } }),
        new Fault(1, FaultKind.Kill, "", FaultPlan.WarmUp, TimeSpan.FromSeconds(20), 1));

    [Fact]
    public void OrderWhoseEndIsNotTold_IsFound() => Breaks(FaultRule.OrderEnds, Mutant.Deaf(
        input => input is not { Kind: InputKind.Control, Control: OrderUpdate { Status: OrderStatus.Cancelled, ClientOrderId: [.., '3'] } }));

    [Fact]
    public void OrderMovedAgainAndAgain_IsFound() => Breaks(FaultRule.Pace, Mutant.OfPipeline(decision =>
        decision is OrderIntent { Kind: OrderIntentKind.Place } placement
            ? [placement, .. Enumerable.Repeat(placement with { Kind = OrderIntentKind.Amend }, 100)]
            : [decision]));

    [Fact]
    public void WhatThrows_IsFound() => Breaks(FaultRule.Fault, Mutant.OfPipeline(decision =>
        decision is InventorySnapshot ? throw new InvalidOperationException("on purpose") : [decision]));

    private static void Breaks(FaultRule rule, FaultSettings mutant, params ImmutableArray<Fault> faults) =>
        FaultRun.Of(Plan(faults), mutant).Violation.ShouldNotBeNull().Rule.ShouldBe(rule);

    private static FaultPlan Plan(params ImmutableArray<Fault> faults) => new(Seed: 3, Duration, faults);

    private static OrderUpdate Update(OrderIntent intent, OrderStatus status) => new()
    {
        Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Status = status, Side = intent.Side, PriceTicks = intent.PriceTicks,
        RemainingLots = 0, Reason = "",
    };
}
