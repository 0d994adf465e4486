using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using static Dmm.Core.Tests.Kernels.Books.BookSamples;

namespace Dmm.Core.Tests.Kernels.Books;

/// <summary>
/// The book against a naive one over sorted dictionaries: walking touches, levels far away, snapshots, crossings, and a restart after any update.
/// </summary>
public sealed class OrderBookModelTests
{
    private static readonly Instrument Instrument = BookSamples.Instrument(BookSequenceRule.ContiguousRange);
    private static readonly OrderBookLimits Limits = new() { WindowTicksMin = 64, WindowTicksMax = 256 };

    private static readonly Gen<Change> ChangeGen = Gen.Select(
        Gen.Bool,
        Gen.Frequency((6, Gen.Int[0, 12]), (3, Gen.Int[-2, 100]), (1, Gen.Int[-300, 9_000])),
        Gen.Frequency((2, Gen.Const(0)), (3, Gen.Int[1, 50])),
        (isBid, depth, lots) => new Change(isBid, depth, lots));

    private static readonly Gen<Step> StepGen = Gen.Select(
        Gen.Frequency((19, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((8, Gen.Int[-3, 3]), (2, Gen.Int[-80, 80]), (1, Gen.Int[-5_000, 5_000])),
        ChangeGen.Array[0, 12],
        (isSnapshot, drift, changes) => new Step(isSnapshot, drift, changes));

    [Fact]
    public void AnyUpdates_GiveTheLevelsOfTheNaiveBook() => StepGen.Array[1, 60].Sample(steps =>
    {
        var book = new OrderBook(Instrument, OrderBookState.Empty, Limits);
        var naive = new NaiveBook();
        foreach (var update in Updates(steps))
        {
            book.Apply(update).ShouldBe(BookOutcome.Applied);
            naive.Apply(update);
            naive.ShouldEqual(book);
        }
    }, iter: 3_000);

    [Fact]
    public void RestartAfterAnyUpdate_GoesOnAsTheUnsplitRun() =>
        Gen.Select(StepGen.Array[2, 40], Gen.Int[0, 39], Gen.Bool).Sample((steps, split, hasGap) =>
        {
            var tight = Limits with { FarLevelsMax = 32 };
            var whole = new OrderBook(Instrument, OrderBookState.Empty, tight);
            var parts = new OrderBook(Instrument, OrderBookState.Empty, tight);
            var i = 0;
            foreach (var update in Updates(steps))
            {
                if (i == split) parts = new OrderBook(Instrument, ThroughJson(parts.Capture()), tight);
                if (!hasGap || i != split / 2) whole.Apply(update).ShouldBe(parts.Apply(update));
                i++;
                Json(whole.Capture()).ShouldBe(Json(parts.Capture()));
                parts.Top.ShouldBe(whole.Top with { Depth = parts });
            }
        }, iter: 500);

    private static IEnumerable<BookUpdate> Updates(Step[] steps)
    {
        var middle = 100_000L;
        for (var id = 1; id <= steps.Length; id++)
        {
            var step = steps[id - 1];
            middle += step.Drift;
            var isSnapshot = step.IsSnapshot || id == 1;

            // A snapshot names each price once; a delta may name it again, and the last word stands.
            var changes = isSnapshot ? step.Changes.DistinctBy(change => (change.IsBid, change.Depth)) : step.Changes;
            var bids = changes.Where(change => change.IsBid).Select(change => change.Level(middle)).ToArray();
            var asks = changes.Where(change => !change.IsBid).Select(change => change.Level(middle));
            yield return new()
            {
                Instrument = Instrument.Id, IsSnapshot = isSnapshot, VenueTime = Start, ReceiveTime = Start,
                FirstUpdateId = id, LastUpdateId = id, PreviousUpdateId = -1, BidCount = bids.Length, Levels = (BookLevel[])[.. bids, .. asks],
            };
        }
    }

    private sealed record Change(bool IsBid, int Depth, int Lots)
    {
        public BookLevel Level(long middle) => new(IsBid ? middle - 1 - Depth : middle + 1 + Depth, Lots);
    }

    private sealed record Step(bool IsSnapshot, int Drift, Change[] Changes)
    {
        public override string ToString() => $"{(IsSnapshot ? "snapshot" : "delta")} {Drift} [{string.Join(", ", Changes.AsEnumerable())}]";
    }

    private sealed class NaiveBook
    {
        private readonly SortedDictionary<long, long> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
        private readonly SortedDictionary<long, long> _asks = [];

        public void Apply(in BookUpdate update)
        {
            if (update.IsSnapshot)
            {
                _bids.Clear();
                _asks.Clear();
            }

            Apply(_bids, update.Bids);
            Apply(_asks, update.Asks);
        }

        public void ShouldEqual(OrderBook book)
        {
            Levels(book, Side.Buy).ShouldBe(_bids.Select(level => new BookLevel(level.Key, level.Value)));
            Levels(book, Side.Sell).ShouldBe(_asks.Select(level => new BookLevel(level.Key, level.Value)));
            book.Top.Bid.ShouldBe(_bids.Count > 0 ? new(_bids.First().Key, _bids.First().Value) : default);
            book.Top.Ask.ShouldBe(_asks.Count > 0 ? new(_asks.First().Key, _asks.First().Value) : default);
            book.Status.ShouldBe(_bids.Count == 0 || _asks.Count == 0 ? BookStatus.OneSided
                : _bids.First().Key >= _asks.First().Key ? BookStatus.Crossed
                : BookStatus.Valid);
            if (book.Status != BookStatus.Valid) return;
            var middle = (_bids.First().Key + _asks.First().Key) / 2m;
            book.LotsWithin(Side.Buy, 25).ShouldBe(_bids.Where(level => level.Key >= middle * 0.9975m).Sum(level => level.Value));
            book.LotsWithin(Side.Sell, 500).ShouldBe(_asks.Where(level => level.Key <= middle * 1.05m).Sum(level => level.Value));
        }

        private static BookLevel[] Levels(OrderBook book, Side side)
        {
            var levels = new BookLevel[1_000];
            return levels[..book.CopyLevels(side, levels)];
        }

        private static void Apply(SortedDictionary<long, long> side, ReadOnlySpan<BookLevel> levels)
        {
            foreach (var level in levels)
            {
                if (level.SizeLots == 0) side.Remove(level.PriceTicks);
                else side[level.PriceTicks] = level.SizeLots;
            }
        }
    }
}
