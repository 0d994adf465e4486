using Dmm.Core;
using Dmm.Pipeline.Group;
using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Group;

/// <summary>What tells an asset's journal, and its order ids, from those of one that was lost.</summary>
public sealed class TradedAssetTests
{
    private static readonly Timestamp Start = Timestamp.From(new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    private readonly TradedAsset _asset = new(
        new() { Venue = "hmac", BaseUrl = new("http://127.0.0.1:8090") },
        new()
        {
            Id = new(0), Venue = "hmac", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.01m),
        },
        QuotingParameters.Dct([]));

    [Fact]
    public void JournalBegunAnew_IsAnotherOne_OfTheSameAccount_AndPrevails()
    {
        var (first, second) = (_asset.JournalOf(Start), _asset.JournalOf(Start + TimeSpan.FromHours(1)));
        first.Name.ShouldBe("DCT@2026-01-05T12:00:00.0000000Z");
        second.Name.ShouldNotBe(first.Name);
        second.Number.ShouldBeGreaterThan(first.Number);
        (first.Ledger, second.Ledger).ShouldBe(("127.0.0.1-8090", "127.0.0.1-8090"));
    }

    [Fact]
    public void JournalOfEarlierCode_KeepsItsNameAndYieldsToOneBegunLater()
    {
        var old = _asset.JournalOf(Timestamp.None);
        old.ShouldBe(new("DCT", 1, "127.0.0.1-8090"));
        old.Number.ShouldBeLessThan(_asset.JournalOf(Start).Number);
    }

    [Fact]
    public void EpochWithoutAJournal_IsAboveThatOfEveryStartBefore()
    {
        var first = DeskStart.EpochWithoutJournal(Start);
        DeskStart.EpochWithoutJournal(Start + TimeSpan.FromSeconds(1)).ShouldBe(first + 1);
        first.ShouldBe(4 * 86_400 + 12 * 3_600);
        // A clock that is wrong by years still gives an epoch.
        DeskStart.EpochWithoutJournal(Timestamp.From(DateTimeOffset.UnixEpoch)).ShouldBe(1);
        DeskStart.EpochWithoutJournal(Start + TimeSpan.FromDays(200 * 365)).ShouldBe(int.MaxValue / 2);
    }
}
