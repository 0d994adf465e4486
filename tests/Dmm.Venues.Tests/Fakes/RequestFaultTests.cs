using Dmm.Core.Ports;
using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

/// <summary>The faults of requests that no contract would miss if they did nothing.</summary>
public sealed class RequestFaultTests : VenueContract
{
    protected override VenueRig Rig { get; } = new HmacRig();

    [Fact]
    public async Task Delayed_TakesEffectAfterItsTime()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Delayed(TimeSpan.FromSeconds(1)));
        var reply = Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default);
        await Time.SetAsync(TimeSpan.FromSeconds(1));
        Market.Orders.ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await reply).Value();
        Market.Orders.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AnswerDelayed_TakesEffectAtOnce()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.AnswerDelayed(TimeSpan.FromSeconds(1)));
        var reply = Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default);
        await Time.SetAsync(TimeSpan.FromSeconds(1));
        Market.Orders.ShouldHaveSingleItem();
        reply.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await reply).Value();
    }

    [Fact]
    public async Task PrecededAndFollowed_OneStepWithTheRequest()
    {
        var seen = new List<int>();
        Venue.Faults.Next(
            VenueOperation.Place, new RequestFault.Preceded(m => seen.Add(m.Orders.Count)), new RequestFault.Followed(m => seen.Add(m.Orders.Count)));
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Value();
        seen.ShouldBe([0, 1]);
    }

    [Fact]
    public async Task NoAnswer_TakesEffect()
    {
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.NoAnswer(), new RequestFault.Followed(_ => Time.Advance(Rig.RequestTimeout)));
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).ShouldBeUnknown();
        Market.Orders.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Rules_UsedUpOneByOne_ByTheRequestsThatTheyMean()
    {
        Venue.Faults.Add(r => r.Operation == VenueOperation.Place, times: 2, new RequestFault.Refused(new(RefusalCode.BelowMinimum, "first")));
        Venue.Faults.Next(VenueOperation.Place, new RequestFault.Refused(new(RefusalCode.Halted, "second")));
        (await Adapter.FetchBalancesAsync(default)).Value();
        var reasons = new List<string>();
        for (var i = 0; i < 3; i++) reasons.Add((await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Refusal().Reason);
        reasons.ShouldBe(["below_minimum: first", "below_minimum: first", "halted: second"]);
        (await Adapter.SubmitOrderAsync(Place($"{Prefix}x1"), default)).Value();
    }

    [Fact]
    public async Task Chance_DrawnFromTheSeed()
    {
        var seen = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            Venue.Faults.Chance(seed: 7, [(_ => true, 0.5, new RequestFault.Refused(new(RefusalCode.Halted, "by chance")))], frames: []);
            var refused = new List<bool>();
            for (var i = 0; i < 40; i++) refused.Add(await Adapter.FetchOpenOrdersAsync("", default) is VenueReply<OrderPage>.Refused);
            Venue.Faults.Clear();
            seen.Add(string.Join("", refused.Select(r => r ? 'x' : '.')));
        }

        seen[0].ShouldBe(seen[1]);
        seen[0].Count(c => c == 'x').ShouldBeInRange(8, 32);
    }

    [Fact]
    public async Task UnknownCall_AnsweredByTheVenueItself()
    {
        using var response = await Client.GetAsync(new Uri(Venue.Url, "/v1/nothing"));
        ((int)response.StatusCode).ShouldBe(401);
    }
}
