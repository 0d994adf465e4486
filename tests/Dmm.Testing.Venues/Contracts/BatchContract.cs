using System.Collections.Immutable;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every adapter with batch requests does: an answer for each intent, in their order, also where the venue takes some and refuses
/// others.</summary>
public abstract class BatchContract : VenueContract
{
    [Fact]
    public async Task BatchOfPlacements_FullLength_AllRestInOneRequest()
    {
        var orders = Orders(Math.Max(2, Adapter.BatchMax(OrderIntentKind.Place)));
        SkipWithout(OrderIntentKind.Place);
        var replies = await Adapter.SendBatchAsync(orders, default);
        replies.Length.ShouldBe(orders.Length);
        for (var i = 0; i < orders.Length; i++) await ShouldTellAsync(replies[i], State(orders[i], OrderStatus.Live, Unit));
        Venue.Requests.All.Count(r => r.Operation == VenueOperation.PlaceBatch).ShouldBe(1);
    }

    [Fact]
    public async Task BatchWithOneRefused_MixedAnswersInTheirOrder()
    {
        SkipWithout(OrderIntentKind.Place);
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        var orders = Orders(3);
        var replies = await Adapter.SendBatchAsync(orders, default);
        replies[0].Value().ClientOrderId.ShouldBe($"{Prefix}x0");
        replies[1].Refusal().Kind.ShouldBe(RefusalKind.DuplicateOrder);
        replies[2].Value().ClientOrderId.ShouldBe($"{Prefix}x2");
        Market.OpenOrders.Count.ShouldBe(3);
    }

    [Fact]
    public async Task BatchOfCancels_OneFilledMeanwhile_MixedAnswers()
    {
        SkipWithout(OrderIntentKind.Cancel);
        var orders = Orders(3);
        foreach (var order in orders) await PlacedAsync(order);
        // The first at their price: what stands before an order fills before it.
        Fill($"{Prefix}x0", Unit);
        var replies = await Adapter.SendBatchAsync([.. orders.Select(Cancel)], default);
        replies[1].Value();
        replies[2].Value();
        if (replies[0] is VenueReply<OrderUpdate>.Accepted { Value.Status: var status })
            status.ShouldBeOneOf(OrderStatus.Filled, OrderStatus.PendingNew);
        else
            replies[0].Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        Market.OpenOrders.ShouldBeEmpty();
        Market.Fills.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task BatchOfAmendments_EachUnderItsOwnId()
    {
        SkipWithout(OrderIntentKind.Amend);
        var orders = Orders(2);
        foreach (var order in orders) await PlacedAsync(order);
        var amendments = orders.Select((o, i) => Amend(o, Mid - 5 - i, Unit)).ToImmutableArray();
        var replies = await Adapter.SendBatchAsync(amendments, default);
        for (var i = 0; i < replies.Length; i++) await ShouldTellAsync(replies[i], State(amendments[i], OrderStatus.Live, Unit));
        Market.OpenOrders.Select(o => o.PriceTicks).ShouldBe([Mid - 5, Mid - 6], ignoreOrder: true);
    }

    [Fact]
    public async Task BatchOfAmendments_OneEndedMeanwhile_RefusedAlone()
    {
        SkipWithout(OrderIntentKind.Amend);
        var orders = Orders(3);
        foreach (var order in orders) await PlacedAsync(order);
        Market.Cancel(AtVenue($"{Prefix}x1")!);
        var replies = await Adapter.SendBatchAsync([.. orders.Select((o, i) => Amend(o, Mid - 5 - i, Unit))], default);
        replies[0].Value();
        replies[1].Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        replies[2].Value();
        Market.OpenOrders.Select(o => o.PriceTicks).ShouldBe([Mid - 5, Mid - 7], ignoreOrder: true);
    }

    [Theory]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, "")]
    public async Task BatchWhoseAnswerDoesNotSay_EachUnknown(int status, string body)
    {
        SkipWithout(OrderIntentKind.Place);
        Venue.Faults.Next(VenueOperation.PlaceBatch, new RequestFault.AnswerReplaced(new(status, Encoding.UTF8.GetBytes(body))));
        var replies = await Adapter.SendBatchAsync(Orders(3), default);
        replies.Length.ShouldBe(3);
        foreach (var reply in replies) reply.ShouldBeUnknown();
        Market.OpenOrders.Count.ShouldBe(3);
    }

    [Fact]
    public async Task BatchRateLimited_EachRefusedAsSuch()
    {
        SkipWithout(OrderIntentKind.Place);
        Venue.Faults.Next(VenueOperation.PlaceBatch, new RequestFault.Refused(new(RefusalCode.RateLimited, "too many", TimeSpan.FromSeconds(3))));
        var replies = await Adapter.SendBatchAsync(Orders(3), default);
        replies.Select(r => r.Refusal().Kind).ShouldBe([RefusalKind.RateLimited, RefusalKind.RateLimited, RefusalKind.RateLimited]);
        Market.Orders.ShouldBeEmpty();
    }

    [Fact]
    public async Task BatchNotAnswered_EachUnknownAfterTheTimeout()
    {
        SkipWithout(OrderIntentKind.Place);
        Venue.Faults.Next(VenueOperation.PlaceBatch, new RequestFault.NoAnswer());
        var replies = Adapter.SendBatchAsync(Orders(2), default);
        await Time.PassAsync(Rig.RequestTimeout);
        foreach (var reply in await replies) reply.ShouldBeUnknown();
    }

    private ImmutableArray<OrderIntent> Orders(int count) => [.. Enumerable.Range(0, count).Select(i => Place($"{Prefix}x{i}", lots: Unit))];

    private void SkipWithout(OrderIntentKind kind)
    {
        if (Adapter.BatchMax(kind) < 3) Assert.Skip($"{Adapter.Venue} takes no batches of {kind}");
    }
}
