using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>The generic HMAC venue before the contracts.</summary>
internal sealed class HmacRig : VenueRig
{
    private static readonly HmacCredentials Genuine = new("key-of-ann", "the secret of ann");

    public override IReadOnlyList<Instrument> Instruments { get; } =
    [
        new()
        {
            Id = new(0), Venue = "hmac", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
        },
        new()
        {
            Id = new(1), Venue = "hmac", Symbol = "TON-USDT", BaseAsset = "TON", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.001m), Sizes = new(0.01m),
        },
    ];

    public override int BeyondAPage => HmacVenueRequests.PageMax + 5;

    public override IVenueDialect NewDialect() => new HmacDialect(Instruments, Genuine);

    public override IOrderVenue NewVenue(
        HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout) =>
        new HmacVenueOrders(client, Options(venue, credentials, requestTimeout), new("hmac", Instruments), time);

    public override Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation)
    {
        var options = Options(venue, RigCredentials.Genuine, RequestTimeout);
        var wire = new HmacVenueWire("hmac", Instruments);
        return new HmacVenueFeed(options, wire, new HmacVenueOrders(client, options, wire, time), lastTradeId, time, () => 0.5, write).RunAsync(cancellation);
    }

    private static HmacVenueOptions Options(FakeVenue venue, RigCredentials credentials, TimeSpan requestTimeout) => new HmacVenueOptions
    {
        Venue = "hmac", BaseUrl = venue.Url, RequestTimeout = requestTimeout, PingInterval = TimeSpan.FromSeconds(0.5),
        ReconnectMin = TimeSpan.FromSeconds(0.01), ReconnectMax = TimeSpan.FromSeconds(0.1),
        Requests = new() { PerSecond = 100_000, Burst = 100_000 },
        Credentials = credentials switch
        {
            RigCredentials.WrongSecret => new("key-of-ann", "the secret of bob"),
            RigCredentials.UnknownKey => new("key-of-bob", "the secret of bob"),
            _ => Genuine,
        },
    }.Checked();
}
