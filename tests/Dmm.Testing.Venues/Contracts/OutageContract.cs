using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every adapter says when the network or the venue fails: never that something did not happen which may have.</summary>
public abstract class OutageContract : VenueContract
{
    /// <summary>How an answer can fail to say what was done.</summary>
    public enum Silence
    {
        NoAnswer,
        ConnectionLost,
        AnswerTruncated,
        Html502,
        Empty503,
        Error500,
        EmptyAnswer,
        Garbage,
        EmptyObject,
        EmptyArray,
        OtherThing404,

        /// <summary>The venue's own words for a refusal, under a status that says nothing of what was done.</summary>
        Refusal503,
    }

    public static TheoryData<Silence> Silences => [.. Enum.GetValues<Silence>()];

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task PlacementTakesEffectAndTheAnswerDoesNotSay_Unknown_AQueryFindsIt(Silence silence)
    {
        var order = Place($"{Prefix}x1");
        (await AskAsync(VenueOperation.Place, silence, () => Adapter.SubmitOrderAsync(order, default))).ShouldBeUnknown();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(order, OrderStatus.Live, 4 * Unit));
    }

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task CancelTakesEffectAndTheAnswerDoesNotSay_Unknown_AQueryFindsTheEnd(Silence silence)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        var reply = await AskAsync(VenueOperation.Cancel, silence, () => Adapter.CancelOrderAsync(Cancel(order), default));
        // .NET's HTTP handler itself repeats a request without a body when a used connection breaks: the second finds the order ended.
        if (silence == Silence.ConnectionLost && reply is VenueReply<OrderUpdate>.Refused repeated)
            repeated.Refusal.Kind.ShouldBe(RefusalKind.UnknownOrder);
        else
            reply.ShouldBeUnknown();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().Status.ShouldBe(OrderStatus.Cancelled);
    }

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task AmendmentTakesEffectAndTheAnswerDoesNotSay_Unknown_AQueryFindsThePrice(Silence silence)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        var amendment = Amend(order, Mid - 1, 2 * Unit);
        (await AskAsync(VenueOperation.Amend, silence, () => Adapter.AmendOrderAsync(amendment, default))).ShouldBeUnknown();
        (await Adapter.FetchOrderAsync(order.ClientOrderId, default)).Value().ShouldBe(State(amendment, OrderStatus.Live, 2 * Unit));
    }

    /// <summary>A query that is not understood must not pass for an empty list: nothing open, no fills, no money.</summary>
    [Theory]
    [InlineData(Silence.Html502)]
    [InlineData(Silence.EmptyAnswer)]
    [InlineData(Silence.Garbage)]
    [InlineData(Silence.EmptyObject)]
    [InlineData(Silence.Refusal503)]
    public async Task QueriesNotAnswered_Unknown_NeverEmpty(Silence silence)
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        Venue.Faults.Add(_ => true, int.MaxValue, Fault(silence));
        (await Adapter.FetchOrderAsync($"{Prefix}x1", default)).ShouldBeUnknown();
        (await Adapter.FetchOpenOrdersAsync(Prefix, default)).ShouldBeUnknown();
        (await Adapter.FetchOrdersSinceAsync(0, default)).ShouldBeUnknown();
        (await Adapter.FetchFillsSinceAsync("", default)).ShouldBeUnknown();
        (await Adapter.FetchBalancesAsync(default)).ShouldBeUnknown();
        (await Adapter.FetchOrderBookAsync(Instrument, default)).ShouldBeUnknown();
        (await Adapter.FetchTradesAsync(Instrument, default)).ShouldBeUnknown();
        (await Adapter.CancelAllAsync(Prefix, default)).ShouldBeUnknown();
    }

    [Fact]
    public async Task PlacementLostOnItsWay_Unknown_NeverNotSent()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Lost());
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).ShouldBeUnknown();
        (await Adapter.FetchOrderAsync($"{Prefix}x1", default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
    }

    [Fact]
    public async Task PlacementFailsWith503WithoutEffect_Unknown()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Failed(new(503, "<html>try later</html>")));
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).ShouldBeUnknown();
        AtVenue($"{Prefix}x1").ShouldBeNull();
    }

    [Fact]
    public async Task VenueAway_NotSent_AndWellAgainWhenItIsBack()
    {
        await Venue.GoAwayAsync();
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal().Kind.ShouldBe(RefusalKind.NotSent);
        (await Adapter.CancelOrderAsync(Cancel(Place($"{Prefix}x1")), default)).Refusal().Kind.ShouldBe(RefusalKind.NotSent);
        Venue.ComeBack();
        await PlacedAsync(Place($"{Prefix}x1"));
    }

    [Fact]
    public async Task CancelledByTheCaller_PassesThrough()
    {
        var held = new HeldTraffic();
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Held(held));
        using var stop = new CancellationTokenSource();
        var reply = Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), stop.Token);
        await held.Arrived.Guarded("the placement");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reply);
    }

    [Theory]
    [InlineData(RigCredentials.WrongSecret)]
    [InlineData(RigCredentials.UnknownKey)]
    public async Task WrongCredentials_RefusedAsSuch_NothingIsDone(RigCredentials credentials)
    {
        var stranger = Rig.NewVenue(Client, Venue, Time, credentials, Rig.RequestTimeout);
        (await stranger.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal().Kind.ShouldBe(RefusalKind.Credentials);
        (await stranger.FetchBalancesAsync(default)).Refusal().Kind.ShouldBe(RefusalKind.Credentials);
        Market.Orders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public async Task VenuesClockFarFromOurs_RefusedAsCredentials_NothingIsDone(int seconds)
    {
        Market.Skew = TimeSpan.FromSeconds(seconds);
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal().Kind.ShouldBe(RefusalKind.Credentials);
        Market.Orders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task RateLimited_ToldHowLong_NothingIsSentMeanwhile(int seconds)
    {
        var order = await PlacedAsync(Place($"{Prefix}x1"));
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Refused(new(RefusalCode.RateLimited, "too many", TimeSpan.FromSeconds(seconds))));
        var refusal = (await Adapter.SubmitOrderAsync(Place($"{Prefix}x2"), default)).Refusal();
        refusal.Kind.ShouldBe(RefusalKind.RateLimited);
        refusal.RetryAfter.ShouldBeGreaterThan(TimeSpan.Zero);
        var sent = Venue.Requests.All.Count;
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x2"), default)).Refusal().Kind.ShouldBe(RefusalKind.RateLimited);
        Venue.Requests.All.Count.ShouldBe(sent);
        Time.Advance(refusal.RetryAfter);
        await PlacedAsync(Place($"{Prefix}x2"));
        (await Adapter.CancelOrderAsync(Cancel(order), default)).Value();
    }

    private async Task<VenueReply<OrderUpdate>> AskAsync(VenueOperation operation, Silence silence, Func<Task<VenueReply<OrderUpdate>>> ask)
    {
        if (silence != Silence.NoAnswer)
        {
            Venue.Faults.Next(operation, Fault(silence));
            return await ask().Guarded("the outcome");
        }

        var held = new HeldTraffic();
        Venue.Faults.Next(operation, new RequestFault.AnswerHeld(held));
        var reply = ask();
        await held.Arrived.Guarded("the request's effect");
        await Time.PassAsync(Rig.RequestTimeout);
        return await reply.Guarded("the outcome");
    }

    private static RequestFault Fault(Silence silence) => silence switch
    {
        Silence.ConnectionLost => new RequestFault.AnswerLost(),
        Silence.AnswerTruncated => new RequestFault.AnswerTruncated(),
        Silence.Html502 => Replaced(502, "<html>bad gateway</html>"),
        Silence.Empty503 => Replaced(503, ""),
        Silence.Error500 => Replaced(500, """{"error":"internal"}"""),
        Silence.EmptyAnswer => Replaced(200, ""),
        Silence.Garbage => Replaced(200, "{\"order\":{\u0001\u0002"),
        Silence.EmptyObject => Replaced(200, "{}"),
        Silence.EmptyArray => Replaced(200, "[]"),
        Silence.Refusal503 => new RequestFault.AnswerDisowned(new(RefusalCode.BelowMinimum, "too small"), 503),
        _ => Replaced(404, "not found"),
    };

    private static RequestFault.AnswerReplaced Replaced(int status, string body) => new(new(status, Encoding.UTF8.GetBytes(body)));
}
