using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>
/// What every feed of a venue that we trade on brings to the engine beside the market, whatever happens to its connections: every fill once, every
/// order's end, what the account holds.
/// </summary>
public abstract class FeedContract : BookFeedContract
{
    private const FrameKind Told = FrameKind.Public | FrameKind.Private;

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToAnOrderFrame_TheOrdersEndIsFound(Mishap mishap)
    {
        if (mishap == Mishap.Dropped && !Rig.NumbersOrderMessages) Assert.Skip("nothing shows that it was lost: the order path finds it");
        await StartedAsync();
        Venue.Faults.Next(FrameKind.Order, Fault(mishap), after: 1);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Market.Cancel(AtVenue($"{Prefix}x1")!);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x2"));
        await View.UntilAsync(v => v.Order($"{Prefix}x1")?.Status == OrderStatus.Cancelled, "the order's end");
        await View.UntilAsync(v => v.Order($"{Prefix}x2") is not null, "the order after it");
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToAFillFrame_EveryFillOnce(Mishap mishap)
    {
        await StartedAsync();
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Venue.Faults.Next(FrameKind.Fill, Fault(mishap), after: 1);
        for (var i = 0; i < 4; i++) Fill($"{Prefix}x1", Unit);
        await FillsAsync();
    }

    [Fact]
    public async Task FillsAndEndsWhileAway_AreFound_OnceEach()
    {
        await StartedAsync();
        for (var i = 1; i <= 3; i++) PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), price: Mid - i);
        Fill($"{Prefix}x1", Unit);
        await FillsAsync();
        await Venue.GoAwayAsync();
        await View.UntilAsync(v => !v.IsConnected, "word of the lost link");
        Fill($"{Prefix}x1", 3 * Unit);
        Fill($"{Prefix}x2", Unit);
        Market.Cancel(AtVenue($"{Prefix}x3")!);
        Venue.ComeBack();
        await FillsAsync();
        await View.UntilAsync(v => v.Order($"{Prefix}x3")?.Status == OrderStatus.Cancelled, "the order cancelled meanwhile");
        await View.UntilAsync(v => v.Order($"{Prefix}x1")?.Status == OrderStatus.Filled, "the order filled meanwhile");
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    [Fact]
    public async Task FillsBeforeTheStart_FoundFromTheCursorOn()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", Unit);
        var known = (await Adapter.FetchFillsSinceAsync("", default)).Value().Fills.Single();
        Fill($"{Prefix}x1", 2 * Unit);
        Start(known.TradeId);
        await View.UntilAsync(v => v.IsConnected, "the link");
        View.Fills.ShouldHaveSingleItem().Quantity.ShouldBe(Instrument.Sizes.ToDecimal(2 * Unit));
        View.Order($"{Prefix}x1")!.Status.ShouldBe(OrderStatus.PartiallyFilled);
    }

    [Fact]
    public async Task Balances_KnownOnceConnected()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Fill($"{Prefix}x1", Unit);
        await StartedAsync();
        foreach (var balance in Market.Balances.Where(b => Rig.Holds(b.Asset))) View.Balance(balance.Asset).ShouldBe(balance.Total, balance.Asset);
    }

    [Fact]
    public async Task LoginRefused_NeverConnected_UntilItIsTaken()
    {
        Market.Skew = TimeSpan.FromSeconds(90);
        Start("");
        await View.UntilAsync(v => v.Statuses.Count(s => s.State == FeedState.Disconnected) >= 2, "two refusals");
        View.Connections.ShouldBe(0);
        Market.Skew = TimeSpan.Zero;
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EverythingAtOnce_AsTheSeedHasIt_TheTruthInTheEnd(long seed)
    {
        await StartedAsync();
        Venue.Faults.Chance(
            seed,
            [
                (r => r.Operation != VenueOperation.Connect, 0.05, new RequestFault.AnswerLost()),
                (r => r.Operation != VenueOperation.Connect, 0.05, new RequestFault.Failed(new(503, ""))),
                (r => r.Operation == VenueOperation.Connect, 0.1, new RequestFault.Failed(new(503, ""))),
            ],
            [
                (Told, 0.02, new FrameFault.Dropped()), (Told, 0.02, new FrameFault.Repeated()),
                (Told, 0.02, new FrameFault.Swapped()), (Told, 0.01, new FrameFault.Truncated()),
                (FrameKind.Any, 0.003, new FrameFault.BrokenOff()),
            ]);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x0"), lots: 200 * Unit);
        for (var i = 1; i <= 100; i++)
        {
            Stir(1);
            Fill($"{Prefix}x0", Unit);
            var order = PlaceByHand(Rig.OnTheWire($"{Prefix}x{i}"), price: Mid - 2 - i % 3, lots: Unit);
            if (i % 2 == 0) Market.Cancel(order);
            // As fast as the feed can follow, no faster: otherwise all of it lies within one outage.
            await View.UntilAsync(v => v.Fills.Count >= Market.Fills.Count - 5, "the fills");
        }

        Venue.Faults.Clear();
        Fill($"{Prefix}x0", Unit);
        await FillsAsync();
        await NextChangeAsync();
        // Elsewhere an end whose message was lost is the order path's to find.
        if (!Rig.NumbersOrderMessages) return;
        foreach (var order in Market.Orders.Where(o => !o.IsOpen))
            await View.UntilAsync(v => v.Order(Ours(order))?.Status == order.Status, $"the end of {order.ClientOrderId}");
    }

    private async Task FillsAsync()
    {
        await View.UntilAsync(v => v.Fills.Count >= Market.Fills.Count, "every fill");
        View.Fills.Select(f => (f.ClientOrderId, f.Price, f.Quantity, f.Fee))
            .ShouldBe(Market.Fills.Select(f => (Ours(f.Order), f.Price, f.Quantity, f.Fee)), ignoreOrder: true);
    }

    private string Ours(FakeOrder order) => Rig.FromTheWire(order.ClientOrderId);
}
