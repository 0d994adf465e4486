using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>A fake with a quiet book around <see cref="Mid"/>, and the adapter against it: each test gets its own.</summary>
public abstract class VenueContract : IAsyncLifetime
{
    /// <summary>In ticks, between the best bid and the best ask of the other traders, each <see cref="Edge"/> away.</summary>
    public const long Mid = 10_000;
    public const long Edge = 10;

    /// <summary>Of our client order ids.</summary>
    protected const string Prefix = "d1x0";

    private IOrderVenue? _adapter;

    protected abstract VenueRig Rig { get; }

    protected HandTime Time { get; } = new();

    /// <summary>
    /// What the venue and the adapter tell the time by: the test's hand, unless the whole contract needs time that passes by itself.
    /// </summary>
    protected virtual TimeProvider Clock => Time;

    protected FakeMarket Market { get; private set; } = null!;

    protected FakeVenue Venue { get; private set; } = null!;

    protected HttpClient Client { get; } = new(new StampedRequests(new SocketsHttpHandler { AllowAutoRedirect = false })) { Timeout = Timeout.InfiniteTimeSpan };

    protected IOrderVenue Adapter => _adapter ??= Rig.NewVenue(Client, Venue, Clock, RigCredentials.Genuine, Rig.RequestTimeout);

    protected Instrument Instrument => Rig.Instrument;

    /// <summary>The smallest size that the venue's rules allow at these prices, in lots, and one step more.</summary>
    protected long Unit
    {
        get
        {
            var lots = Instrument.OrderStepLots;
            while (Instrument.Sizes.ToDecimal(lots) < Instrument.MinimumSize || Instrument.Notional(lots, Mid / 2) < Instrument.MinimumNotional)
                lots += Instrument.OrderStepLots;
            return lots + Instrument.OrderStepLots;
        }
    }

    public virtual ValueTask InitializeAsync()
    {
        Market = new(Rig.Instruments, Clock) { PostOnly = Rig.PostOnly };
        for (var i = 0; i < 5; i++)
        {
            Market.Rest(Instrument, Side.Buy, Mid - Edge - i, 100 * Unit);
            Market.Rest(Instrument, Side.Sell, Mid + Edge + i, 100 * Unit);
        }

        Venue = new(Rig.NewDialect(), Market, Clock);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Venue.DisposeAsync();
        Market.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A bid at <see cref="Mid"/>, unless told otherwise: it rests.</summary>
    protected OrderIntent Place(string id, Side side = Side.Buy, long price = Mid, long? lots = null, bool isPostOnly = true,
        TimeInForce timeInForce = TimeInForce.GoodTillCancelled) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = Instrument.Id, ClientOrderId = id, Side = side, PriceTicks = price, SizeLots = lots ?? 4 * Unit,
        IsPostOnly = isPostOnly, TimeInForce = timeInForce,
    };

    protected static OrderIntent Cancel(OrderIntent order) => order with { Kind = OrderIntentKind.Cancel };

    protected static OrderIntent Amend(OrderIntent order, long price, long lots) =>
        order with { Kind = OrderIntentKind.Amend, PriceTicks = price, SizeLots = lots };

    /// <summary>Puts it there without the adapter, which knows nothing of it.</summary>
    protected FakeOrder PlaceByHand(string wireId, Side side = Side.Buy, long price = Mid, long? lots = null) =>
        Market.Place(new(Instrument, wireId, side, price, lots ?? 4 * Unit)) is { Value: { } placed }
            ? placed
            : throw new InvalidOperationException($"the test's own order was refused: {wireId}");

    /// <summary>As the venue has it; by our own id.</summary>
    protected FakeOrder? AtVenue(string id) => Market.Find(Rig.OnTheWire(id));

    protected void Fill(string id, long lots) => Market.Fill(Rig.OnTheWire(id), lots);

    /// <summary>Places it, and must find it accepted.</summary>
    protected async Task<OrderIntent> PlacedAsync(OrderIntent order)
    {
        (await Adapter.SubmitOrderAsync(order, default)).Value();
        AtVenue(order.ClientOrderId).ShouldNotBeNull();
        return order;
    }

    /// <summary>The answer to a command tells that state, unless answers are receipts: then a query does.</summary>
    protected async Task ShouldTellAsync(VenueReply<OrderUpdate> reply, OrderUpdate expected)
    {
        var told = reply.Value();
        if (!Rig.AnswersAreReceipts)
        {
            told.ShouldBe(expected);
            return;
        }

        told.Status.ShouldBe(OrderStatus.PendingNew);
        (told.ClientOrderId, told.Side).ShouldBe((expected.ClientOrderId, expected.Side));
        (await Adapter.FetchOrderAsync(expected.ClientOrderId, default)).Value().ShouldBe(expected);
    }

    /// <summary>What the venue says of an order as things stand now.</summary>
    protected OrderUpdate State(OrderIntent order, OrderStatus status, long remaining, string reason = "") => new()
    {
        Instrument = Instrument.Id, ClientOrderId = order.ClientOrderId, Status = status, Side = order.Side, PriceTicks = order.PriceTicks,
        RemainingLots = remaining, FilledLots = AtVenue(order.ClientOrderId)?.FilledLots ?? 0, Reason = reason,
    };
}

/// <summary>What a reply is expected to be.</summary>
public static class ReplyExpectations
{
    /// <summary>What was said; the test fails where it is not known.</summary>
    public static T Value<T>(this VenueReply<T> reply) =>
        reply is VenueReply<T>.Accepted accepted ? accepted.Value : throw new ShouldAssertException($"expected an answer: got {reply}");

    /// <summary>Why it certainly did not take effect.</summary>
    public static VenueRefusal Refusal<T>(this VenueReply<T> reply) =>
        reply is VenueReply<T>.Refused refused ? refused.Refusal : throw new ShouldAssertException($"expected a refusal: got {reply}");

    /// <summary>Nobody knows.</summary>
    public static void ShouldBeUnknown<T>(this VenueReply<T> reply) =>
        reply.ShouldBeOfType<VenueReply<T>.Unknown>().Reason.ShouldNotBeEmpty();
}
