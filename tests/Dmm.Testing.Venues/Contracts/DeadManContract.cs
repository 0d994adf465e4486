using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>What every dead-man's switch does: holds while it is held, and cancels when nobody is there any more.</summary>
public abstract class DeadManContract : VenueContract
{
    private IDeadManSwitch Switch => Rig.NewDeadMan(Client, Venue, Time) ?? throw new InvalidOperationException("the venue has no such switch");

    [Fact]
    public async Task Armed_AndNobodyThereAnyMore_TheVenueCancels()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        var window = Switch.WindowMin;
        (await Switch.ArmAsync(window, default)).Value().ShouldBe(window);
        Market.DeadManAt.ShouldBe(Market.Clock + window);
        await Venue.GoAwayAsync();
        Time.Advance(window - TimeSpan.FromMilliseconds(1));
        Market.OpenOrders.ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Market.OpenOrders.ShouldBeEmpty();
    }

    [Fact]
    public async Task ArmedAgain_TheWindowBeginsAnew()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        var (held, window) = (Switch, Switch.WindowMin);
        for (var i = 0; i < 3; i++)
        {
            (await held.ArmAsync(window, default)).Value();
            Time.Advance(0.9 * window);
        }

        Market.OpenOrders.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Disarmed_NothingIsCancelled()
    {
        PlaceByHand(Rig.OnTheWire($"{Prefix}x1"));
        var held = Switch;
        (await held.ArmAsync(held.WindowMin, default)).Value();
        (await held.DisarmAsync(default)).Value().ShouldBe(TimeSpan.Zero);
        Time.Advance(10 * held.WindowMin);
        Market.OpenOrders.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AnswerLost_Unknown_ThoughTheSwitchIsArmed()
    {
        Venue.Faults.Next(VenueOperation.DeadMan, new RequestFault.AnswerReplaced(new(502, "<html>bad gateway</html>")));
        (await Switch.ArmAsync(Switch.WindowMin, default)).ShouldBeUnknown();
        Market.DeadManAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Refused_ToldSo()
    {
        Venue.Faults.Next(VenueOperation.DeadMan, new RequestFault.Refused(new(RefusalCode.BadSignature, "so says the venue")));
        (await Switch.ArmAsync(Switch.WindowMin, default)).Refusal().Kind.ShouldBe(RefusalKind.Credentials);
        Market.DeadManAt.ShouldBeNull();
    }
}
