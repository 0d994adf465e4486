using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;
using Dmm.Sinks;
using Dmm.Testing;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary>A served venue and its real clients in one process, over loopback, on one clock that stands still until it is moved.</summary>
internal sealed class VenueDesk : IAsyncDisposable
{
    public static readonly HmacCredentials Credentials = new("ann", "the secret of ann");

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private VenueDesk(VenueServer server, HandTime time) => (Server, Time) = (server, time);

    public HandTime Time { get; }

    public VenueServer Server { get; }

    public HmacVenueOptions Options { get; private set; } = null!;

    public HmacVenueWire Wire { get; private set; } = null!;

    public HmacVenueOrders Rest { get; private set; } = null!;

    public Instrument Instrument => Wire.Instruments[0];

    public static async Task<VenueDesk> OpenAsync(Func<VenueSettings, VenueSettings>? change = null)
    {
        var time = new HandTime();
        var settings = new VenueSettings { Seed = 7, Scenario = MarketScenarios.Calm, Credentials = Credentials, Port = 0 };
        var desk = new VenueDesk(await VenueServer.StartAsync(change?.Invoke(settings) ?? settings, time), time);
        // Requests without end: what is limited here is told by the venue alone.
        desk.Options = new HmacVenueOptions
        {
            Venue = "hmac", BaseUrl = desk.Server.Url, Credentials = Credentials, Requests = new() { PerSecond = 100_000, Burst = 1_000_000 },
        }.Checked();
        var listing = await HmacVenueOrders.FetchInstrumentsAsync(desk._client, desk.Options, time, default).Guarded("the instruments");
        desk.Wire = new("hmac", HmacVenueInstruments.Parse("hmac", Value(listing)).Instruments);
        desk.Rest = desk.NewRest(desk.Options);
        return desk;
    }

    /// <summary>What the venue accepted; fails with its reason where it did not.</summary>
    public static T Value<T>(VenueReply<T> reply) =>
        reply is VenueReply<T>.Accepted accepted ? accepted.Value : throw new InvalidOperationException(reply.Fault);

    public static VenueRefusal Refusal<T>(VenueReply<T> reply) => reply.ShouldBeOfType<VenueReply<T>.Refused>().Refusal;

    public HmacVenueOrders NewRest(HmacVenueOptions options, TimeProvider? time = null) => new(_client, options, Wire, time ?? Time);

    /// <summary>The best bid and ask, as ticks.</summary>
    public async Task<(long Bid, long Ask)> BestAsync()
    {
        var book = Value(await Rest.FetchOrderBookAsync(Instrument, default));
        return (book.Bids[0].PriceTicks, book.Asks[0].PriceTicks);
    }

    /// <summary>A buy below the market by that many ticks, or a sell above it.</summary>
    public async Task<OrderIntent> AwayAsync(string id, Side side = Side.Buy, long ticks = 50, long lots = 100)
    {
        var (bid, ask) = await BestAsync();
        return Order(id, side, side == Side.Buy ? bid - ticks : ask + ticks, lots);
    }

    public OrderIntent Order(string id, Side side, long priceTicks, long lots, OrderIntentKind kind = OrderIntentKind.Place) => new()
    {
        Kind = kind, Instrument = Instrument.Id, ClientOrderId = id, Side = side, PriceTicks = priceTicks, SizeLots = lots, IsPostOnly = true,
    };

    /// <summary>An order of ours at the touch, one tick inside, where it is first to trade.</summary>
    public async Task<OrderIntent> PlaceInsideAsync(string id, Side side, long lots)
    {
        var (bid, ask) = await BestAsync();
        var order = Order(id, side, side == Side.Buy ? bid + 1 : ask - 1, lots);
        Value(await Rest.SubmitOrderAsync(order, default)).Status.ShouldBe(OrderStatus.Live);
        return order;
    }

    /// <summary>Another trader takes so much against the best price of a side.</summary>
    public Task<bool> TakeAsync(Side side, long lots) => Server.Market.AskAsync(
        market =>
        {
            var (bid, ask) = market.Exchange.Best;
            market.Exchange.Submit(side, side == Side.Buy ? ask.PriceTicks : bid.PriceTicks, lots, TimeInForce.ImmediateOrCancel);
            market.AdvanceTo(market.Now);
            return true;
        },
        CancellationToken.None).Guarded("a taker");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _client.Dispose();
    }
}
