using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>Gate before the contracts: spot or USDT perpetuals.</summary>
internal sealed class GateioRig(GateioProduct product, GateioBookFeed bookFeed = GateioBookFeed.Updates) : VenueRig
{
    private static readonly RequestLimits Unlimited = new() { PerSecond = 100_000, Burst = 100_000, CancelReserve = 2 };
    private static readonly HmacCredentials Genuine = new("key-of-ann", "the secret of ann");

    private static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "gateio-spot", Symbol = "DCT_USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.0000000001m), OrderStepLots = 1_000_000_000,
        MinimumSize = 1m, MinimumNotional = 1m,
    };

    // In tenths of a contract: whoever does not ask for decimals is told of none.
    private static readonly Instrument Gram = Dct with
    {
        Symbol = "GRAM_USDT", BaseAsset = "GRAM", Venue = "gateio-usdt", Kind = ContractKind.Linear, Sizes = new(0.1m), OrderStepLots = 1,
        MinimumSize = 0.1m, MinimumNotional = 0,
        ContractSize = 0.1m,
    };

    public override IReadOnlyList<Instrument> Instruments { get; } = product == GateioProduct.Spot
        ? [Dct, Dct with { Id = new(1), Symbol = "TON_USDT", BaseAsset = "TON" }]
        : [Gram, Gram with { Id = new(1), Symbol = "BTC_USDT", BaseAsset = "BTC" }];

    public override int BeyondAPage => GateioRequests.OrdersMax + 5;

    public override string OnTheWire(string clientOrderId) => GateioIds.ToText(clientOrderId);

    public override bool NumbersOrderMessages => false;

    public override bool Holds(string asset) => product == GateioProduct.Spot || asset == "USDT";

    public override IVenueDialect NewDialect() => new GateioDialect(product, Instruments, Genuine);

    public override string FromTheWire(string wireId) => GateioIds.FromText(wireId) ?? wireId;

    public override IOrderVenue NewVenue(
        HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout) =>
        new GateioOrders(client, Options(venue, credentials, requestTimeout), new(product, Instruments), time);

    public override Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation)
    {
        var options = Options(venue, RigCredentials.Genuine, RequestTimeout) with { BookFeed = bookFeed };
        var wire = new GateioWire(product, Instruments);
        return new GateioFeed(options, wire, new GateioOrders(client, options, wire, time), lastTradeId, time, () => 0.5, write).RunAsync(cancellation);
    }

    public override IDeadManSwitch NewDeadMan(HttpClient client, FakeVenue venue, TimeProvider time) =>
        new GateioOrders(client, Options(venue, RigCredentials.Genuine, RequestTimeout), new(product, Instruments), time);

    private GateioOptions Options(FakeVenue venue, RigCredentials credentials, TimeSpan requestTimeout) => new GateioOptions
    {
        Product = product, BaseUrl = venue.Url,
        SocketUrl = new UriBuilder(venue.Url) { Scheme = "ws", Path = product == GateioProduct.Spot ? "/ws/v4/" : "/v4/ws/usdt" }.Uri,
        UserId = GateioDialect.UserId, PingInterval = TimeSpan.FromSeconds(0.5), ReconnectMin = TimeSpan.FromSeconds(0.01),
        ReconnectMax = TimeSpan.FromSeconds(0.1), Orders = new() { ReconcileEvery = TimeSpan.FromSeconds(1) },
        RequestTimeout = requestTimeout, PlaceLimits = Unlimited, CancelLimits = Unlimited, QueryLimits = Unlimited, PublicLimits = Unlimited,
        Credentials = credentials switch
        {
            RigCredentials.WrongSecret => new("key-of-ann", "the secret of bob"),
            RigCredentials.UnknownKey => new("key-of-bob", "the secret of bob"),
            _ => Genuine,
        },
    }.Checked();
}
