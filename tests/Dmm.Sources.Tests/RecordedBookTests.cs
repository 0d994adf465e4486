using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Sources.Tests;

/// <summary>Books built from whole recordings, against what the venues themselves said of them.</summary>
public sealed class RecordedBookTests
{
    [Fact]
    public void Usdm_BookEqualsTheBookTicker() => ShouldEqualTheBookTicker(RecordedFiles.UsdmBtc, RecordedFiles.Usdm(), tops: 629);

    [Fact]
    public void Coinm_BookEqualsTheBookTicker() => ShouldEqualTheBookTicker(RecordedFiles.CoinmBtc, RecordedFiles.Coinm(), tops: 1_124);

    [Fact]
    public void SpotOverMidnight_BookEqualsTheBookTicker() => ShouldEqualTheBookTicker(RecordedFiles.SpotBtc, RecordedFiles.Spot(), tops: 1_072);

    [Fact]
    public void UsdmWithoutOneDelta_OneGapAtTheNextEvent() => ShouldFindTheGap(RecordedFiles.UsdmBtc, RecordedFiles.Usdm());

    [Fact]
    public void CoinmWithoutOneDelta_OneGapAtTheNextEvent() => ShouldFindTheGap(RecordedFiles.CoinmBtc, RecordedFiles.Coinm());

    [Fact]
    public void SpotWithoutOneDelta_OneGapAtTheNextEvent() => ShouldFindTheGap(RecordedFiles.SpotBtc, RecordedFiles.Spot());

    [Fact]
    public void Okx_ChecksumMatchesOnEveryMessage()
    {
        var instruments = RecordedFiles.OkxInstruments();
        OrderBook[] books = [.. instruments.Select(i => new OrderBook(i, OrderBookState.Empty))];
        var withChecksum = new int[books.Length];
        using var reader = RecordedFiles.Okx(instruments).Open();
        while (reader.TryRead(out var input, out _))
        {
            if (input.Kind != InputKind.Book) continue;
            var update = input.Book;
            if (update.Checksum != 0) withChecksum[input.Instrument.Index]++;
            books[input.Instrument.Index].Apply(in update).ShouldBe(BookOutcome.Applied);
            books[input.Instrument.Index].Status.ShouldBe(BookStatus.Valid);
        }

        books.Select(b => b.Counters.ChecksumMismatches).ShouldAllBe(mismatches => mismatches == 0);
        books.Select(b => (int)(b.Counters.Deltas + b.Counters.Snapshots)).ShouldBe(withChecksum);
        withChecksum.Sum().ShouldBe(290);
    }

    private static void ShouldEqualTheBookTicker(Instrument instrument, CaptureFeed feed, int tops)
    {
        var venueTops = new Dictionary<long, VenueTop>();
        foreach (var (_, input) in RecordedFiles.Drawn(feed.Open()))
            if (input.Kind == InputKind.Top)
                venueTops[input.Top.UpdateId] = input.Top;

        var book = new OrderBook(instrument, OrderBookState.Empty);
        var compared = 0;
        List<string> differences = [];
        using var reader = feed.Open();
        while (reader.TryRead(out var input, out _))
        {
            if (input.Kind != InputKind.Book) continue;
            var update = input.Book;
            if (book.Apply(in update) != BookOutcome.Applied || !venueTops.TryGetValue(book.Top.LastUpdateId, out var top)) continue;
            compared++;
            if (book.Top.Bid != top.Bid || book.Top.Ask != top.Ask)
                differences.Add($"u {top.UpdateId}: {book.Top.Bid} {book.Top.Ask}, venue {top.Bid} {top.Ask}");
        }

        differences.ShouldBeEmpty();
        compared.ShouldBe(tops);
        (book.Counters.Gaps, book.Counters.Snapshots, book.Counters.Crossings, book.Status).ShouldBe((0, 1, 0, BookStatus.Valid));
    }

    private static void ShouldFindTheGap(Instrument instrument, CaptureFeed feed)
    {
        var book = new OrderBook(instrument, OrderBookState.Empty);
        var deltas = 0;
        using var reader = feed.Open();
        while (reader.TryRead(out var input, out _))
        {
            if (input.Kind != InputKind.Book) continue;
            var update = input.Book;
            if (book.Counters.Snapshots == 1 && ++deltas == 1_000) continue;
            book.Apply(in update);
            if (deltas == 999) book.Status.ShouldBe(BookStatus.Valid);
            if (deltas == 1_001) book.Status.ShouldBe(BookStatus.Gap);
        }

        (book.Counters.Gaps, book.Status).ShouldBe((1, BookStatus.Gap));
    }
}
