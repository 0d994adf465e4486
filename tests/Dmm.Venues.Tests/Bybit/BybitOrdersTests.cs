using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>What is particular to Bybit as an order venue, beside what every venue does.</summary>
public sealed class BybitOrdersTests : IAsyncLifetime
{
    private static readonly BybitRig Rig = new(BybitProduct.Linear);

    private readonly HandTime _time = new();
    private readonly HttpClient _client = new();
    private FakeMarket _market = null!;
    private FakeVenue _venue = null!;
    private BybitOrders _orders = null!;

    public ValueTask InitializeAsync()
    {
        _market = new(Rig.Instruments, _time) { PostOnly = Rig.PostOnly };
        _venue = new(Rig.NewDialect(), _market, _time);
        _orders = (BybitOrders)Rig.NewVenue(_client, _venue, _time, RigCredentials.Genuine, Rig.RequestTimeout);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _venue.DisposeAsync();
        _market.Dispose();
    }

    /// <summary>The venue takes whole seconds only: a window is never shortened.</summary>
    [Fact]
    public async Task Switch_ArmedInWholeSeconds_CannotBeDisarmed()
    {
        var armed = await _orders.DeadManSwitch.ArmAsync(TimeSpan.FromSeconds(10.2), default);
        armed.Value().ShouldBe(TimeSpan.FromSeconds(11));
        _venue.Requests.All.ShouldHaveSingleItem().Text.ShouldBe("""{"product":"DERIVATIVES","timeWindow":11}""");
        (await _orders.DeadManSwitch.DisarmAsync(default)).Refusal().Reason.ShouldContain("cannot be disarmed");
        (_orders.DeadManSwitch.WindowMin, _orders.DeadManSwitch.WindowMax).ShouldBe((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(300)));
    }

    [Fact]
    public async Task Position_IsNoBalance()
    {
        _market.Place(new(Rig.Instrument, "dax1", Side.Sell, 10_000, 500));
        _market.Fill("dax1", 500);
        (await _orders.FetchPositionsAsync(default)).Value().Select(p => p.Quantity).ShouldBe([-50m, 0m]);
        (await _orders.FetchBalancesAsync(default)).Value().Single(b => b.Asset == "GRAM").Total.ShouldBe(FakeMarket.OpeningBalance);
    }

    /// <summary>Who follows the cursor comes to an end, however the venue's clock goes on.</summary>
    [Fact]
    public async Task CursorOfOrders_StandsStillWhenNothingChanges()
    {
        _market.Place(new(Rig.Instrument, "dax1", Side.Buy, 10_000, 500));
        var first = (await _orders.FetchOpenOrdersAsync("", default)).Value().Cursor;
        _time.Advance(TimeSpan.FromSeconds(1));
        _market.Fill("dax1", 500);
        var second = (await _orders.FetchOrdersSinceAsync(first, default)).Value();
        second.Orders.ShouldHaveSingleItem().Status.ShouldBe(OrderStatus.Filled);
        second.Cursor.ShouldBeGreaterThan(first);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _orders.FetchOrdersSinceAsync(second.Cursor, default)).Value().Cursor.ShouldBe(second.Cursor);
    }

    /// <summary>The venue keeps it among the ended ones for a while only, and in its history after that.</summary>
    [Fact]
    public async Task OrderThatIsNowhere_AskedForInTheHistoryToo()
    {
        (await _orders.FetchOrderAsync("dax9", default)).Refusal().Kind.ShouldBe(RefusalKind.UnknownOrder);
        _venue.Requests.All.Select(r => r.Path).ShouldBe(["/v5/order/realtime", "/v5/order/history"]);
    }

    [Fact]
    public async Task Listing_ReadPageByPage_CheckedBySymbol()
    {
        var options = new BybitOptions { Venue = Rig.Instrument.Venue, Product = BybitProduct.Linear, BaseUrl = _venue.Url }.Checked();
        _market.Halted.Add(Rig.Instruments[1].Id);
        var pages = (await BybitOrders.FetchInstrumentsAsync(_client, options, _time, default)).Value();
        var listing = BybitInstruments.Parse(options.Venue, options.Product, pages);
        listing.Require("GRAMUSDT", Rig.Instrument.Id).ShouldBe(Rig.Instrument);
        Should.Throw<KeyNotFoundException>(() => listing.Require("DCTUSDT", new(1))).Message
            .ShouldBe("bybit-linear lists DCTUSDT: status is 'Closed': expected Trading");
    }

    /// <summary>A fill between the question and the amendment leaves less than was meant, never more.</summary>
    [Fact]
    public async Task FillBetweenTheQuestionAndTheAmendment_LeavesLess()
    {
        var place = new OrderIntent
        {
            Kind = OrderIntentKind.Place, Instrument = Rig.Instrument.Id, ClientOrderId = "dax1", Side = Side.Buy, PriceTicks = 10_000, SizeLots = 400,
            IsPostOnly = true,
        };
        (await _orders.SubmitOrderAsync(place, default)).Value();
        _venue.Faults.Next(VenueOperation.Amend, new RequestFault.Preceded(_ => _market.Fill("dax1", 100)));
        (await _orders.AmendOrderAsync(place with { Kind = OrderIntentKind.Amend, SizeLots = 300 }, default)).Value();
        _market.Find("dax1")!.RemainingLots.ShouldBe(200);
    }
}
