namespace Dmm.Core.Tests.Configuration;

public sealed class QuotingParametersTests
{
    private static readonly InstrumentCatalog Catalog = new([Instrument(0, "alpha")]);

    private static readonly QuotingParameters Baseline = QuotingParameters.Dct(new VenueParameters { Instrument = "alpha:DCTUSDT" });

    public static TheoryData<string, Func<QuotingParameters, QuotingParameters>> OutOfRange => new()
    {
        { "riskAversion = 0: expected 0.001 to 10 1/bps", p => p with { Quote = p.Quote with { RiskAversion = 0 } } },
        { "riskAversion = NaN: expected 0.001 to 10 1/bps", p => p with { Quote = p.Quote with { RiskAversion = double.NaN } } },
        { "arrivalSensitivity = 101: expected 0.01 to 100 1/bps", p => p with { Quote = p.Quote with { ArrivalSensitivity = 101 } } },
        { "horizon = 3601 s: expected 1 to 3600 s", p => p with { Quote = p.Quote with { Horizon = TimeSpan.FromSeconds(3601) } } },
        { "skewBps = -1: expected 0 to 50 bps", p => p with { Quote = p.Quote with { SkewBps = -1 } } },
        { "nearLimitSkewFraction = 0.6: expected 0.3 to 0.5 of the spread", p => p with { Quote = p.Quote with { NearLimitSkewFraction = 0.6 } } },
        { "gasCushionBps = 6: expected 2 to 5 bps", p => p with { Quote = p.Quote with { GasCushionBps = 6 } } },
        { "levelMultiples = [1, 1]: expected at most 16 rising multiples", p => p with { Quote = p.Quote with { LevelMultiples = [1, 1] } } },
        { "levelShares = [0.5, 0.6, 0.2]: expected 3 shares above zero that sum to 1", p => p with { Quote = p.Quote with { LevelShares = [0.5, 0.6, 0.2] } } },
        { "volatility.minBps = 120: expected below volatility.maxBps = 120", p => p with { Volatility = p.Volatility with { MinBps = 120 } } },
        { "volatility.halfLife = 30 s: expected 60 to 300 s", p => p with { Volatility = p.Volatility with { HalfLife = TimeSpan.FromSeconds(30) } } },
        { "inventory.hardLongFraction = 0.03: expected above inventory.softLongFraction = 0.04", p => p with { Inventory = p.Inventory with { HardLongFraction = 0.03m } } },
        { "breakers.staleCancelAfter = 1 s: expected later than breakers.staleWidenAfter", p => p with { Breakers = p.Breakers with { StaleCancelAfter = TimeSpan.FromSeconds(1) } } },
        { "toxicity.consecutiveFills = 0: expected 1 to 1000", p => p with { Toxicity = p.Toxicity with { ConsecutiveFills = 0 } } },
        { "toxicity.horizons = [1] s: expected horizons", p => p with { Toxicity = p.Toxicity with { Horizons = [TimeSpan.FromSeconds(1)] } } },
        { "orders.sizeTolerance = 2: expected 0 to 1", p => p with { Orders = p.Orders with { SizeTolerance = 2 } } },
        { "venues[alpha:DCTUSDT].refreshInterval = 20 s: expected 0.1 to 10 s", p => p with { Venues = [p.Venues[0] with { RefreshInterval = TimeSpan.FromSeconds(20) }] } },
        { "venues[alpha:DCTUSDT].staleWidenAfter = 301 s: expected 0.05 to 300 s", p => p with { Venues = [Aged(p, 301, 400)] } },
        { "venues[alpha:DCTUSDT].staleCancelAfter = 601 s: expected 0.1 to 600 s", p => p with { Venues = [Aged(p, 3, 601)] } },
        { "venues[alpha:DCTUSDT].staleCancelAfter = 6 s: expected later than venues[alpha:DCTUSDT].staleWidenAfter = 6 s", p => p with { Venues = [Aged(p, 6, 6)] } },
        { "breakers.staleCancelAfter = 3 s: expected later than venues[alpha:DCTUSDT].staleWidenAfter = 6 s", p => p with { Venues = [Aged(p, 6, null)] } },
        { "venues[alpha:DCTUSDT].staleCancelAfter = 1 s: expected later than breakers.staleWidenAfter = 1.5 s", p => p with { Venues = [Aged(p, null, 1)] } },
        { "venues = [beta:DCTUSDT]: expected one entry for each instrument, in order: alpha:DCTUSDT", p => p with { Venues = [p.Venues[0] with { Instrument = "beta:DCTUSDT" }] } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void ParameterOutOfRange_IsRefusedByNameValueAndRange(string fault, Func<QuotingParameters, QuotingParameters> change) =>
        Should.Throw<ParameterException>(() => change(Baseline).Validated(Catalog)).Faults.ShouldContain(text => text.StartsWith(fault, StringComparison.Ordinal));

    [Fact]
    public void SeveralFaults_AreAllToldAtOnce()
    {
        var wrong = Baseline with
        {
            Quote = Baseline.Quote with { RiskAversion = -1, SkewBps = 99 },
            Breakers = Baseline.Breakers with { DrawdownLimit = 0 },
        };
        var refused = Should.Throw<ParameterException>(() => wrong.Validated(Catalog));
        refused.Faults.Count.ShouldBe(3);
        refused.Message.ShouldBe("""
            parameters: 3 fault(s)
              riskAversion = -1: expected 0.001 to 10 1/bps
              skewBps = 99: expected 0 to 50 bps
              breakers.drawdownLimit = 0: expected 0.01 to 1000000000 numeraire
            """);
    }

    [Fact]
    public void Baselines_AreWithinRange()
    {
        Baseline.Validated(Catalog).ShouldBeSameAs(Baseline);
        var btc = QuotingParameters.Btc(new VenueParameters { Instrument = "alpha:DCTUSDT" }).Validated(Catalog);
        (btc.Inventory.SoftLong, btc.Inventory.HardLong).ShouldBe((5m, 7.5m));
        (Baseline.Inventory.SoftLong, Baseline.Inventory.HardLong).ShouldBe((10_000m, 15_000m));
    }

    [Fact]
    public void AgeLimitsOfAVenue_AreItsOwnWhereSet_AndThoseOfAllWhereNot()
    {
        var breakers = Baseline.Breakers;
        Baseline.Venues[0].AgeLimits(breakers).ShouldBe(new(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3)));
        Aged(Baseline, 2, null).AgeLimits(breakers).ShouldBe(new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        Aged(Baseline, 6, 9).AgeLimits(breakers).ShouldBe(new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void InventoryRatio_IsMeasuredFromTheTargetBySideLimit()
    {
        var limits = new InventoryParameters { SoftShortFraction = 0.02m, HardShortFraction = 0.05m };
        limits.RatioOf(15_000m).ShouldBe(1);
        limits.RatioOf(0m).ShouldBe(-1);
        limits.HardRatio(1).ShouldBe(1.5);
        limits.HardRatio(-1).ShouldBe(2.5);
    }

    [Fact]
    public void Catalogue_RefusesDoublesAndWrongPlacesAllAtOnce()
    {
        var refused = Should.Throw<ParameterException>(() => new InstrumentCatalog([Instrument(0, "alpha"), Instrument(5, "alpha")]));
        refused.Faults.ShouldBe([
            "alpha:DCTUSDT has id 5: expected its place in the catalogue, 1",
            "alpha:DCTUSDT is listed twice: expected each venue and symbol once",
        ]);
        Should.Throw<KeyNotFoundException>(() => Catalog.Require("gamma:X")).Message.ShouldBe("unknown instrument 'gamma:X': expected one of alpha:DCTUSDT");
    }

    private static Instrument Instrument(int id, string venue) => new()
    {
        Id = new(id), Venue = venue, Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m),
    };

    private static VenueParameters Aged(QuotingParameters parameters, double? widenSeconds, double? cancelSeconds) => parameters.Venues[0] with
    {
        StaleWidenAfter = widenSeconds is { } widen ? TimeSpan.FromSeconds(widen) : null,
        StaleCancelAfter = cancelSeconds is { } cancel ? TimeSpan.FromSeconds(cancel) : null,
    };
}
