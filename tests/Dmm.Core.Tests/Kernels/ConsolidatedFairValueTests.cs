using System.Text.Json;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;

namespace Dmm.Core.Tests.Kernels;

public class ConsolidatedFairValueTests
{
    private static readonly Timestamp Start = QuoteSetting.Start;
    private static readonly QuotingParameters Parameters = QuoteSetting.Dct;
    private static readonly Instrument Inverse = QuoteSetting.CoinMargined with { Id = new(2), BaseAsset = "DCT" };
    private static readonly Instrument OtherAsset = QuoteSetting.Cex with { Id = new(3), Symbol = "TON-USDT", BaseAsset = "TON" };
    private static readonly InstrumentCatalog Catalog = new([QuoteSetting.Cex, QuoteSetting.Pool, Inverse, OtherAsset]);

    // Mids: 1.0005 USDT, 0.34 TON, 1.1 USD, 3.0 USDT for the wrong asset.
    private readonly FixedBook _cex = new(new(0), 10_000, 10_010);
    private readonly FixedBook _pool = new(new(1), 339_000, 341_000);
    private readonly FixedBook _inverse = new(new(2), 10, 12);
    private readonly FixedBook _other = new(new(3), 30_000, 30_000);

    [Fact]
    public void OneVenue_GivesItsMid()
    {
        Invalidate(_inverse);
        var value = Kernel().Sample(Start, Parameters);
        value.Value.ShouldBe(1.0005, 1e-12);
        value.Contributions.ShouldBe(1);
        value.At.ShouldBe(Start);
        value.IsReady.ShouldBeTrue();
        _cex.AskedDistanceBps.ShouldBe(25);
    }

    [Fact]
    public void Venues_WeighByTheirDepthInBaseAssetAndTheirRate()
    {
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start), Start, Parameters);
        (_cex.LotsEachSide, _pool.LotsEachSide, _inverse.LotsEachSide) = (1_000, 3_000, 2);
        var value = kernel.Sample(Start, Parameters);
        // 100 + 100, 300 + 300 DCT; two contracts of 100 USD at 1.0 and at 1.2: 200 + 166.67 DCT.
        var inverse = 200 + 200 / 1.2;
        value.Value.ShouldBe((200 * 1.0005 + 600 * 0.34 * 3 + inverse * 1.1) / (200 + 600 + inverse), 1e-12);
        value.Contributions.ShouldBe(3);
    }

    [Fact]
    public void NoDepthNearAnyMid_WeighsByTheTouch()
    {
        (_cex.LotsEachSide, _pool.LotsEachSide, _inverse.LotsEachSide) = (0, 0, 0);
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start), Start, Parameters);
        var value = kernel.Sample(Start, Parameters);
        // 10 and 30 lots of 0.1 DCT at the touch of the first two; of contracts of 100 USD 10 at 1.0 and 30 at 1.2.
        var inverse = 1_000 + 3_000 / 1.2;
        value.Value.ShouldBe((4 * 1.0005 + 4 * 0.34 * 3 + inverse * 1.1) / (4 + 4 + inverse), 1e-9);
        value.Contributions.ShouldBe(3);
    }

    [Fact]
    public void AStaleFeed_WeighsNothingUntilFresh()
    {
        Invalidate(_inverse);
        var kernel = Kernel();
        kernel.OnStaleness(new(0), true);
        kernel.Sample(Start, Parameters).ShouldBe(new() { Value = 0, Contributions = 0, At = Start, QuoteAssetRates = [1, 0, 1, 1] });
        kernel.OnStaleness(new(0), false);
        kernel.Sample(Start, Parameters).Value.ShouldBe(1.0005, 1e-12);
    }

    [Fact]
    public void AFeedNeverReportedFresh_WeighsNothing()
    {
        var cold = Kernel(new ConsolidatedFairValueState());
        cold.Sample(Start, Parameters).IsReady.ShouldBeFalse();
        cold.OnStaleness(new(0), false);
        cold.Sample(Start, Parameters).Value.ShouldBe(1.0005, 1e-12);
    }

    [Fact]
    public void ABookWithoutDepthNearItsMid_WeighsNothingBesideOneThatHasIt()
    {
        _cex.LotsEachSide = 0;
        Kernel().Sample(Start, Parameters).Value.ShouldBe(1.1, 1e-12);
    }

    [Theory]
    [InlineData(2.999, 3.0, 3)]
    [InlineData(3.0, 0, 2)]
    public void AReferenceRate_IsDeadAtTheAgeThatCancelsQuotes(double ageSeconds, double rate, int contributions)
    {
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start), Start, Parameters);
        var value = kernel.Sample(Start + TimeSpan.FromSeconds(ageSeconds), Parameters);
        value.RateOf(new(1)).ShouldBe(rate);
        value.Contributions.ShouldBe(contributions);
        value.InQuoteAssetOf(new(1)).ShouldBe(rate > 0 ? Quantised.Price(value.Value / 3) : 0);
        value.InQuoteAssetOf(new(0)).ShouldBe(value.Value);
    }

    [Fact]
    public void AReferenceRate_AgesByExchangeTimeAndNeverLivesLongerThanFromItsArrival()
    {
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start - TimeSpan.FromSeconds(2)), Start, Parameters);
        kernel.Sample(Start + TimeSpan.FromSeconds(0.9), Parameters).RateOf(new(1)).ShouldBe(3);
        kernel.Sample(Start + TimeSpan.FromSeconds(1), Parameters).RateOf(new(1)).ShouldBe(0);
        kernel.OnReference(new("TON", "USDT", 3m, Start + TimeSpan.FromSeconds(60)), Start + TimeSpan.FromSeconds(1), Parameters);
        kernel.Sample(Start + TimeSpan.FromSeconds(4), Parameters).RateOf(new(1)).ShouldBe(0);
        kernel.OnReference(new("TON", "USDT", 3m, Timestamp.None), Start + TimeSpan.FromSeconds(5), Parameters);
        kernel.Sample(Start + TimeSpan.FromSeconds(7), Parameters).RateOf(new(1)).ShouldBe(3);
    }

    [Fact]
    public void UselessRates_PassBy()
    {
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start), Start, Parameters);
        kernel.OnReference(new("TON", "USDT", 9m, Start - TimeSpan.FromSeconds(1)), Start, Parameters);
        kernel.OnReference(new("TON", "BTC", 9m, Start), Start, Parameters);
        kernel.OnReference(new("ETH", "USDT", 9m, Start), Start, Parameters);
        kernel.OnReference(new("TON", "USDT", 0m, Start), Start, Parameters);
        kernel.OnReference(new("TON", "USDT", -3m, Start), Start, Parameters);
        kernel.Sample(Start, Parameters).QuoteAssetRates.ShouldBe([1, 3, 1, 1]);
    }

    [Fact]
    public void ARestoredKernel_GoesOnAsTheUnsplitOne()
    {
        var unsplit = Kernel();
        unsplit.OnReference(new("TON", "USDT", 3.1m, Start), Start, Parameters);
        unsplit.OnStaleness(new(0), true);
        var state = JsonSerializer.Deserialize<ConsolidatedFairValueState>(JsonSerializer.Serialize(unsplit.Capture()))!;
        var restored = Kernel(state);
        foreach (var seconds in new[] { 0.0, 2.9, 3.0, 9.0 })
        {
            var at = Start + TimeSpan.FromSeconds(seconds);
            if (seconds > 3) unsplit.OnStaleness(new(0), false);
            if (seconds > 3) restored.OnStaleness(new(0), false);
            restored.Sample(at, Parameters).ShouldBe(unsplit.Sample(at, Parameters));
        }
    }

    [Fact]
    public void Construction_RefusesWhatDoesNotFitTheCatalogue()
    {
        Should.Throw<ArgumentException>(() => new ConsolidatedFairValue(Catalog, "DCT", [_cex], new())).Message.ShouldContain("1 books");
        Should.Throw<ArgumentException>(() => Kernel(new() { Stale = [true] })).Message.ShouldContain("state of 1 instruments");
    }

    [Fact]
    public void Sample_AllocatesNothing()
    {
        var kernel = Kernel();
        kernel.OnReference(new("TON", "USDT", 3m, Start), Start, Parameters);
        double sum = 0;
        Allocations.PerItem(_ => sum += kernel.Sample(Start, Parameters).Value).ShouldBe(0);
        sum.ShouldBeGreaterThan(0);
    }

    private static void Invalidate(FixedBook book) => book.Top = book.Top with { Status = BookStatus.Gap };

    private ConsolidatedFairValue Kernel(ConsolidatedFairValueState? state = null) =>
        new(Catalog, "DCT", [_cex, _pool, _inverse, _other], state ?? new() { Stale = [false, false, false, false] });
}
