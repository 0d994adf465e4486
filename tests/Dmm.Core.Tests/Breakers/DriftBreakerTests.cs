using System.Collections.Immutable;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

/// <summary>The account holds 1,000 DCT beside what the ledger knows of; a lot is 1 DCT, the grace 5 s, and a drift halts after 30 s.</summary>
public sealed class DriftBreakerTests
{
    private readonly Driven<DriftInput, DriftBreakerState> _drift = new(Create(DriftBreakerState.Starting));

    [Fact]
    public void FirstQuietCount_TellsWhatElseIsHeld()
    {
        _drift.Take(0, Held(40)).Take(10, Count(1_040)).Take(100, Held(70)).Take(110, Count(1_070)).Until(500);
        _drift.Said.ShouldBeEmpty();
    }

    [Fact]
    public void FillNearTheFirstCount_AnotherCountIsWaitedFor()
    {
        // The venue had the fill already, the ledger not yet: taken for what is held, it would be an alarm for ever.
        _drift.Take(0, Count(1_040)).Take(0.1, Held(40)).Take(20, Count(1_040)).Take(60, Held(70)).Take(80, Count(1_070)).Until(500);
        _drift.Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(-1, false)]
    [InlineData(1.01, true)]
    [InlineData(-1.01, true)]
    public void OneLot_IsTolerated(decimal drift, bool isAlarm)
    {
        Known().Take(100, Count(1_000 + drift)).Until(120);
        _drift.Said.Count.ShouldBe(isAlarm ? 1 : 0);
    }

    [Fact]
    public void MissedFill_WarnsAfterTheGraceAndHaltsTheVenueWhenItLasts()
    {
        Known().Take(100, Count(975)).Until(104.9);
        _drift.Said.ShouldBeEmpty();
        _drift.Until(105);
        (_drift.Last!.Kind, _drift.Last.Demand, _drift.Last.Value, _drift.Last.Threshold).ShouldBe((BreakerKind.Drift, TradingState.Active, 25, 1));
        _drift.Until(500).Said.ShouldBe([
            "105 Active ×1: okx counts 25 DCT less than fills explain",
            "130 Halted ×1: okx counts 25 DCT less than fills explain, for too long: quotes are cancelled",
        ]);
        _drift.Last.Subject.ShouldBe("okx");
    }

    [Fact]
    public void FillOnItsWay_IsNoDrift()
    {
        // Told after the count that has it, and before one that has it not yet.
        Known().Take(100, Count(975)).Take(104, Held(-25)).Take(200, Held(-60)).Take(203, Count(975)).Take(210, Count(940)).Until(500);
        _drift.Said.ShouldBeEmpty();
    }

    [Fact]
    public void LateFillThatMakesUpForAllOfIt_EndsTheHaltOnceThatHasLasted()
    {
        Known().Take(100, Count(975)).Take(140, Held(-10)).Take(150, Held(-25)).Until(500);
        _drift.Said[2..].ShouldBe(["180 Active ×1: okx counts as much DCT as fills explain"]);
    }

    [Fact]
    public void CountThatAgrees_EndsTheHaltUnlessItDiffersAgain()
    {
        Known().Take(100, Count(975)).Take(140, Count(1_000)).Take(160, Count(970)).Take(170, Count(1_000)).Until(500);
        _drift.Said[2..].ShouldBe(["200 Active ×1: okx counts as much DCT as fills explain"]);
    }

    [Fact]
    public void CountsThatKeepDiffering_DoNotPutOffTheAlarm()
    {
        Known();
        for (var at = 100; at < 140; at += 2) _drift.Take(at, Count(975));
        _drift.Said.Select(s => s.Split(':')[0]).ShouldBe(["105 Active ×1", "130 Halted ×1"]);
    }

    [Fact]
    public void AcceptedCount_IsHeldFromThenOn_AndTheHaltEndsAtOnce()
    {
        // A deposit of 500; 20 were sold since.
        Known().Take(100, Count(1_500)).Until(140);
        _drift.Take(150, Held(-20)).Take(160, Count(1_480)).Take(170, Accept("okx"));
        _drift.Take(180, Count(1_480)).Take(190, Held(-25)).Take(200, Count(1_475)).Until(500);
        _drift.Said.ShouldBe([
            "105 Active ×1: okx counts 500 DCT more than fills explain",
            "130 Halted ×1: okx counts 500 DCT more than fills explain, for too long: quotes are cancelled",
            "170 Active ×1: okx's count is accepted by ann: deposit",
        ]);
        // What is counted otherwise later is a drift again.
        _drift.Take(510, Count(1_400)).Until(600);
        _drift.Said.Count.ShouldBe(5);
    }

    [Fact]
    public void Halt_HoldsOverARestart_UntilTheCountIsAccepted()
    {
        Known().Take(100, Count(1_500)).Until(140);
        _drift.Restore(Create);
        _drift.Take(150, Accept("okx")).Until(500);
        _drift.Last!.Demand.ShouldBe(TradingState.Active);
        _drift.Said.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("gate", "ann", "deposit")]
    [InlineData("okx", "", "deposit")]
    [InlineData("okx", "ann", " ")]
    public void AcceptanceOfAnotherVenue_OrThatNobodyAnswersFor_ChangesNothing(string subject, string by, string reason)
    {
        Known().Take(100, Count(1_500)).Until(140).Take(150, new(new CountAcceptance(subject, by, reason))).Until(500);
        _drift.Said.Count.ShouldBe(2);
    }

    [Fact]
    public void AcceptanceWhereNothingDiffers_ChangesNothing()
    {
        Known().Take(100, Accept("okx")).Take(110, Count(1_025)).Until(120);
        _drift.Said.ShouldHaveSingleItem();
    }

    [Fact]
    public void Contract_IsCountedForItself_AndHaltsAlone()
    {
        var swap = Market.Instruments.All[0] with { Id = new(1), Symbol = "DCT-USDT-SWAP", Kind = ContractKind.Linear, ContractSize = 10m };
        var instruments = new InstrumentCatalog([Market.Instruments.All[0], swap]);
        InventorySnapshot Held(decimal spot, decimal contract) => new()
        {
            Total = spot + contract, Starting = 0, InventoryRatio = 0, AppliedFills = 0, DuplicateFills = 0, RefusedFills = 0,
            Positions = [.. new[] { spot, contract }.Select((quantity, i) => new Position
            {
                Instrument = new(i), Quantity = 0, BaseQuantity = quantity, Average = 0, AllInAverage = 0, Basis = 0, RealisedOpen = 0, Realised = 0,
                Fees = 0, SettlementAsset = "", UnconvertedFees = [],
            })],
        };
        DriftInput Position(decimal quantity) => new(new PositionReport(swap.Id, quantity, Timestamp.None));
        Driven<DriftInput, DriftBreakerState> drift = new(new DriftBreaker(DriftBreakerState.Starting, instruments, new()));
        drift.Take(0, Count(1_000)).Take(0, Position(-70)).Take(50, new(Held(40, -30))).Take(60, Count(1_040)).Take(60, Position(-100)).Until(200);
        drift.Said.ShouldBeEmpty();
        drift.Take(200, Position(-140)).Until(500);
        drift.Said.ShouldBe([
            "205 Active ×1: okx:DCT-USDT-SWAP counts 40 DCT less than fills explain",
            "230 Halted ×1: okx:DCT-USDT-SWAP counts 40 DCT less than fills explain, for too long: quotes are cancelled",
        ]);
        (drift.Last!.Subject, drift.Last.Threshold).ShouldBe((swap.Name, 10 * (double)swap.Sizes.Step));
    }

    [Fact]
    public void OtherAssetsVenuesAndContracts_ArePassedOver()
    {
        Known().Take(100, new(new BalanceReport("okx", "USDT", 5, Timestamp.None))).Take(101, new(new BalanceReport("bybit", "DCT", 5, Timestamp.None)))
            .Take(102, new(new BalanceReport("gate", "DCT", 7, Timestamp.None))).Until(500);
        _drift.Said.ShouldBeEmpty();
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() => Gen.Select(Gen.Int[0, 4], Gen.Int[-3, 3], Gen.Int[1, 12]).Array[1, 25].Sample(steps =>
    {
        var at = 0.0;
        Restored.ShouldSayTheSame(
            [.. steps.Select(s => (at += s.Item3, s.Item1 switch { 0 => Accept("okx"), < 3 => Count(1_000 + s.Item2), _ => Held(s.Item2) }))], DriftBreakerState.Starting, Create, 500);
    });

    private Driven<DriftInput, DriftBreakerState> Known()
    {
        _drift.Take(0, Count(1_000)).Until(50);
        _drift.Restore(Create);
        return _drift;
    }

    private static DriftInput Accept(string subject) => new(new CountAcceptance(subject, "ann", "deposit"));

    private static DriftInput Count(decimal total) => new(new BalanceReport("okx", "DCT", total, Timestamp.None));

    private static DriftInput Held(decimal quantity) => new(new InventorySnapshot
    {
        Total = quantity, Starting = 0, InventoryRatio = 0, AppliedFills = 0, DuplicateFills = 0, RefusedFills = 0,
        Positions = [.. Market.Instruments.All.Select(i => new Position
        {
            Instrument = i.Id, Quantity = 0, BaseQuantity = i.Id == Market.Okx ? quantity : 0, Average = 0, AllInAverage = 0, Basis = 0, RealisedOpen = 0,
            Realised = 0, Fees = 0, SettlementAsset = "", UnconvertedFees = [],
        })],
    });

    private static DriftBreaker Create(DriftBreakerState state) => new(state, Market.Instruments, new());
}
