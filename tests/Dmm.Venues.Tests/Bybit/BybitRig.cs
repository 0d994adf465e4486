using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>One product of Bybit before the contracts.</summary>
internal sealed class BybitRig(BybitProduct product) : VenueRig
{
    private static readonly RequestLimits Plenty = new() { PerSecond = 100_000, Burst = 100_000 };

    private readonly string _venue = $"bybit-{product.ToString().ToLowerInvariant()}";

    public override IReadOnlyList<Instrument> Instruments { get; } =
    [
        new()
        {
            Id = new(0), Venue = $"bybit-{product.ToString().ToLowerInvariant()}", Symbol = "GRAMUSDT", BaseAsset = "GRAM", QuoteAsset = "USDT",
            Kind = product == BybitProduct.Spot ? ContractKind.Spot : ContractKind.Linear, SequenceRule = BookSequenceRule.RisingId, Prices = new(0.0001m),
            Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
        },
        new()
        {
            Id = new(1), Venue = $"bybit-{product.ToString().ToLowerInvariant()}", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT",
            Kind = product == BybitProduct.Spot ? ContractKind.Spot : ContractKind.Linear, SequenceRule = BookSequenceRule.RisingId, Prices = new(0.001m),
            Sizes = new(0.01m), MinimumSize = 0.01m,
        },
    ];

    public override bool AnswersAreReceipts => true;

    /// <summary>The request is taken down, and the matching engine cancels it.</summary>
    public override PostOnlyStyle PostOnly => PostOnlyStyle.EndedAtOnce;

    public override IVenueDialect NewDialect() => new BybitDialect(product == BybitProduct.Spot ? "spot" : "linear", "key-of-ann", "the secret of ann");

    public override IOrderVenue NewVenue(HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout) =>
        new BybitOrders(client, Options(venue, credentials, requestTimeout), new(_venue, product, 50, Instruments), time);

    public override Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation)
    {
        var options = Options(venue, RigCredentials.Genuine, RequestTimeout);
        var account = new BybitOrders(client, options, new(_venue, product, options.BookDepth, Instruments), time);
        return BybitFeed.Create(options, Instruments, account, lastTradeId, time, () => 0.5, write).RunAsync(cancellation);
    }

    public override bool NumbersOrderMessages => false;

    private BybitOptions Options(FakeVenue venue, RigCredentials credentials, TimeSpan requestTimeout) => new BybitOptions
    {
        Venue = _venue, Product = product, BaseUrl = venue.Url, SocketUrl = venue.SocketUrl, RequestTimeout = requestTimeout,
        PingInterval = TimeSpan.FromSeconds(0.5), BookRefresh = TimeSpan.FromSeconds(0.5), Orders = new() { ReconcileEvery = TimeSpan.FromSeconds(1) }, ReconnectMin = TimeSpan.FromSeconds(0.01), ReconnectMax = TimeSpan.FromSeconds(0.1),
        Limits = new() { Create = Plenty, Amend = Plenty, Cancel = Plenty, Query = Plenty, Market = Plenty },
        Credentials = credentials switch
        {
            RigCredentials.WrongSecret => new("key-of-ann", "the secret of bob"),
            RigCredentials.UnknownKey => new("key-of-bob", "the secret of bob"),
            _ => new("key-of-ann", "the secret of ann"),
        },
    }.Checked();
}
