using Dmm.Core;
using Dmm.Pipeline.Scenarios;

namespace Dmm.Pipeline.Tests.Scenarios;

public sealed class ParameterPathsTests
{
    private static readonly InstrumentCatalog Instruments = new(
    [
        new Instrument
        {
            Id = new InstrumentId(0), Venue = "toy", Symbol = "DCTTON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new DecimalGrid(0.01m), Sizes = new DecimalGrid(1m),
        },
    ]);

    [Fact]
    public void ParameterThatMayBeAbsent_IsSetAsWhatItHolds()
    {
        var set = ParameterPaths.Setter("inputsPerRun", ["1000"], Instruments);
        set(QuotingParameters.Dct(new VenueParameters { Instrument = "toy:DCTTON" })).InputsPerRun.ShouldBe(1_000);
    }

    [Fact]
    public void ParameterOfAVenue_IsSetForEachOfItsMarkets()
    {
        var two = new InstrumentCatalog([Instruments.All[0], Instruments.All[0] with { Id = new(1), Symbol = "DCTUSDT", QuoteAsset = "USDT" }]);
        var set = ParameterPaths.Setter("venues.toy.staleWidenAfter", ["6s"], two);
        set(QuotingParameters.Dct(two.All.Select(i => new VenueParameters { Instrument = i.Name }))).Venues
            .ShouldAllBe(venue => venue.StaleWidenAfter == TimeSpan.FromSeconds(6) && venue.StaleCancelAfter == null);
    }

    [Fact]
    public void VenueThatIsNone_IsRefused_AndThoseThereAreAreNamed() =>
        Should.Throw<FormatException>(() => ParameterPaths.Setter("venues.tay.staleWidenAfter", ["6s"], Instruments)).Message
            .ShouldBe("unknown venue 'tay' in 'venues.tay.staleWidenAfter': expected one of toy");

    [Theory]
    [InlineData("many")]
    [InlineData("1000.5")]
    public void ValueThatIsNone_IsRefusedByName(string value) =>
        Should.Throw<FormatException>(() => ParameterPaths.Setter("inputsPerRun", [value], Instruments)).Message
            .ShouldStartWith($"inputsPerRun = '{value}': expected ");
}
