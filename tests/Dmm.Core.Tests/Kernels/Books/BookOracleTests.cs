using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Core.Tests.Kernels.Books.BookSamples;

namespace Dmm.Core.Tests.Kernels.Books;

public sealed class BookOracleTests
{
    private readonly BookOracle _oracle = new(new(0), BookOracleState.Empty);

    [Theory]
    [InlineData(TouchSource.Built)]
    [InlineData(TouchSource.Venue)]
    public void SameUpdateId_IsCompared_WhicheverComesFirst(TouchSource first)
    {
        var second = first == TouchSource.Built ? TouchSource.Venue : TouchSource.Built;
        _oracle.TryCompare(Touch(5), first, out _).ShouldBeFalse();
        _oracle.TryCompare(Touch(6), first, out _).ShouldBeFalse();
        _oracle.TryCompare(Touch(6), second, out var check).ShouldBeTrue();
        check.ShouldBe(new() { Instrument = new(0), Built = Touch(6), Venue = Touch(6), Checked = 1, Matched = 1 });
        _oracle.TryCompare(Touch(7), second, out _).ShouldBeFalse();
        Json(_oracle.Capture()).ShouldBe(Json(new BookOracleState
        {
            Checked = 1, Matched = 1,
            WaitingBuilt = second == TouchSource.Built ? [Touch(7)] : [], WaitingVenue = second == TouchSource.Venue ? [Touch(7)] : [],
        }));
    }

    [Theory]
    [InlineData(98, 5, 101, 2, "update 7: built 5@98 / 2@101, venue 5@99 / 2@101")]
    [InlineData(99, 6, 101, 2, "update 7: built 6@99 / 2@101, venue 5@99 / 2@101")]
    [InlineData(99, 5, 102, 2, "update 7: built 5@99 / 2@102, venue 5@99 / 2@101")]
    [InlineData(99, 5, 101, 3, "update 7: built 5@99 / 3@101, venue 5@99 / 2@101")]
    public void PriceOrSizeDiffers_IsAMismatchThatNamesBoth(long bid, long bidLots, long ask, long askLots, string expected)
    {
        _oracle.TryCompare(Touch(7), TouchSource.Venue, out _);
        _oracle.TryCompare(new(7, new(bid, bidLots), new(ask, askLots)), TouchSource.Built, out var check).ShouldBeTrue();
        check.IsMatch.ShouldBeFalse();
        (check.Checked, check.Matched).ShouldBe((1, 0));
        check.Describe(Instrument(BookSequenceRule.ContiguousRange)).ShouldBe(expected);
    }

    [Fact]
    public void MoreThanMayWait_ForgetsTheOldest()
    {
        for (var id = 1; id <= BookOracle.WaitingMax + 1; id++) _oracle.TryCompare(Touch(id), TouchSource.Venue, out _);
        _oracle.TryCompare(Touch(1), TouchSource.Built, out _).ShouldBeFalse();
        _oracle.TryCompare(Touch(2), TouchSource.Built, out _).ShouldBeTrue();
    }

    [Fact]
    public void IdsStartAnew_ForgetsWhatWaits()
    {
        _oracle.TryCompare(Touch(100), TouchSource.Venue, out _);
        _oracle.TryCompare(Touch(3), TouchSource.Venue, out _).ShouldBeFalse();
        _oracle.TryCompare(Touch(3), TouchSource.Built, out _).ShouldBeTrue();
        _oracle.Capture().WaitingVenue.ShouldBeEmpty();
    }

    [Fact]
    public void Restored_GoesOnWithWhatWaits()
    {
        _oracle.TryCompare(Touch(8), TouchSource.Venue, out _);
        var restored = new BookOracle(new(0), ThroughJson(_oracle.Capture()));
        restored.TryCompare(Touch(8), TouchSource.Built, out var check).ShouldBeTrue();
        check.IsMatch.ShouldBeTrue();
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var id = 0L;
        Allocations.PerItem(i =>
        {
            if (i % 3 == 2) _oracle.TryCompare(Touch(id), TouchSource.Built, out _);
            else _oracle.TryCompare(Touch(++id), TouchSource.Venue, out _);
        }).ShouldBe(0);
    }

    private static TouchAtUpdate Touch(long id) => new(id, new(99, 5), new(101, 2));
}
