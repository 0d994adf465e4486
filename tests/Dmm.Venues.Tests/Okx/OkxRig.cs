using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>OKX before the contracts: a spot market and a perpetual.</summary>
/// <param name="isPerpetual">The perpetual is traded, the spot market stands beside it.</param>
/// <param name="bringsSnapshots">A book's subscription begins with a snapshot; without, it has to be asked for.</param>
internal sealed class OkxRig(bool isPerpetual = false, bool bringsSnapshots = true) : VenueRig
{
    private const string Key = "key-of-ann", Secret = "the secret of ann", Passphrase = "the phrase of ann";

    private static readonly Instrument[] Listed =
    [
        new()
        {
            Id = new(0), Venue = "okx", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m,
        },
        new()
        {
            Id = new(1), Venue = "okx", Symbol = "TON-USDT-SWAP", BaseAsset = "TON", QuoteAsset = "USDT", Kind = ContractKind.Linear,
            SequenceRule = BookSequenceRule.PreviousId, Prices = new(0.001m), Sizes = new(0.01m), ContractSize = 10m,
        },
    ];

    public override IReadOnlyList<Instrument> Instruments { get; } = isPerpetual ? [.. Listed.Reverse()] : Listed;

    public override bool AnswersAreReceipts => true;

    public override bool NumbersOrderMessages => false;

    public override PostOnlyStyle PostOnly => PostOnlyStyle.EndedAtOnce;

    public override IVenueDialect NewDialect() => new OkxDialect(Instruments, new(Key, Secret), Passphrase) { BringsSnapshots = bringsSnapshots };

    public override IOrderVenue NewVenue(
        HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout) =>
        new OkxOrders(client, Options(venue, credentials, requestTimeout), new(Instruments), time);

    public override IDeadManSwitch NewDeadMan(HttpClient client, FakeVenue venue, TimeProvider time) =>
        new OkxOrders(client, Options(venue, RigCredentials.Genuine, RequestTimeout), new(Instruments), time);

    public override Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation)
    {
        var options = Options(venue, RigCredentials.Genuine, RequestTimeout);
        var wire = new OkxWire(Instruments);
        return new OkxFeed(options, wire, new OkxOrders(client, options, wire, time), lastTradeId, time, () => 0.5, write).RunAsync(cancellation);
    }

    private static OkxOptions Options(FakeVenue venue, RigCredentials credentials, TimeSpan requestTimeout) => new OkxOptions
    {
        RestUrl = venue.Url, PublicSocketUrl = Socket(venue, "public"), PrivateSocketUrl = Socket(venue, "private"), RequestTimeout = requestTimeout,
        PingInterval = TimeSpan.FromSeconds(0.5), ReconnectMin = TimeSpan.FromSeconds(0.01), ReconnectMax = TimeSpan.FromSeconds(0.1),
        Orders = new() { ReconcileEvery = TimeSpan.FromSeconds(1) },
        Limits = OkxLimits.Published.ToImmutableSortedDictionary(
            l => l.Key, _ => new RequestLimits { PerSecond = 100_000, Burst = 100_000 }, StringComparer.Ordinal),
        Credentials = credentials switch
        {
            RigCredentials.WrongSecret => new(Key, "the secret of bob", Passphrase),
            RigCredentials.UnknownKey => new("key-of-bob", "the secret of bob", Passphrase),
            _ => new(Key, Secret, Passphrase),
        },
    }.Checked();

    private static Uri Socket(FakeVenue venue, string name) => new UriBuilder(new Uri(venue.Url, $"/ws/v5/{name}")) { Scheme = "ws" }.Uri;
}
