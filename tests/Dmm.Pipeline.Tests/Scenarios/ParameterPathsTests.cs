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

    [Theory]
    [InlineData("many")]
    [InlineData("1000.5")]
    public void ValueThatIsNone_IsRefusedByName(string value) =>
        Should.Throw<FormatException>(() => ParameterPaths.Setter("inputsPerRun", [value], Instruments)).Message
            .ShouldStartWith($"inputsPerRun = '{value}': expected ");
}
