using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Testing.Servers;
using Dmm.Wire;

namespace Dmm.Integration.Tests.Desk;

/// <summary><c>dmm venue</c> in a process of its own, and a look into its books: the truth that a desk is held against.</summary>
internal sealed class VenueProcess : IAsyncDisposable
{
    /// <summary>What the account holds as the venue starts.</summary>
    public const decimal OpeningBase = 5_000m;

    /// <inheritdoc cref="OpeningBase"/>
    public const decimal OpeningQuote = 100_000m;

    public const string Key = "ann";
    public const string Secret = "the secret of ann";

    private readonly ServerProcess _process;
    private readonly HttpClient _client = new();
    private HmacVenueOrders? _rest;
    private InstrumentCatalog? _instruments;

    private VenueProcess(ServerProcess process, Uri url, string asset) => (_process, Url, Asset) = (process, url, asset);

    public Uri Url { get; }

    /// <summary>What is traded there.</summary>
    public string Asset { get; }

    public IOrderVenue Rest => _rest!;

    /// <summary>What it lists.</summary>
    public InstrumentCatalog Instruments => _instruments!;

    /// <summary>Key and secret, as a desk is given them.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["DMM_VENUE_KEY"] = Key, ["DMM_VENUE_SECRET"] = Secret };

    public static async Task<VenueProcess> StartAsync(string scenario, long seed, string asset = "DCT")
    {
        var announced = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(string line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at) announced.TrySetResult(new(line[at..].Split(' ')[0]));
        }

        var process = DmmProgram.Start(["venue", "--port", "0", "--scenario", scenario, "--seed", $"{seed}", "--asset", asset], Environment, Read);
        var url = await announced.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var venue = new VenueProcess(process, url, asset);
        var options = new HmacVenueOptions
        {
            Venue = "hmac", BaseUrl = url, Credentials = new(Key, Secret), Requests = new() { PerSecond = 100_000, Burst = 1_000_000 },
        }.Checked();
        // On a machine that is busy with other tests the first answers of a process that has just begun come late.
        var reply = await HmacVenueOrders.FetchInstrumentsAsync(venue._client, options, TimeProvider.System, default);
        for (var tries = 1; tries < 10 && reply is not VenueReply<ReadOnlyMemory<byte>>.Accepted; tries++)
            reply = await HmacVenueOrders.FetchInstrumentsAsync(venue._client, options, TimeProvider.System, default);
        if (reply is not VenueReply<ReadOnlyMemory<byte>>.Accepted) process.Dispose();
        var listing = Value(reply);
        venue._instruments = new(HmacVenueInstruments.Parse("hmac", listing).Instruments);
        venue._rest = new(venue._client, options, new("hmac", venue._instruments.All), TimeProvider.System);
        return venue;
    }

    /// <summary>Every fill of the account, oldest first.</summary>
    public async Task<ImmutableArray<Fill>> FillsAsync()
    {
        var fills = ImmutableArray.CreateBuilder<Fill>();
        while (Value(await Rest.FetchFillsSinceAsync(fills is [.., var last] ? last.TradeId : "", default)).Fills is [_, ..] page) fills.AddRange(page);
        return fills.ToImmutable();
    }

    /// <summary>Every order the account ever had, as it now is.</summary>
    public async Task<ImmutableArray<OrderUpdate>> OrdersAsync()
    {
        var orders = new Dictionary<string, OrderUpdate>();
        for (var cursor = 0L; ;)
        {
            var page = Value(await Rest.FetchOrdersSinceAsync(cursor, default));
            foreach (var order in page.Orders) orders[order.ClientOrderId] = order;
            if (page.Orders.IsEmpty || page.Cursor <= cursor) return [.. orders.Values];
            cursor = page.Cursor;
        }
    }

    /// <summary>What the account holds of an asset.</summary>
    public async Task<decimal> BalanceAsync(string asset) => Value(await Rest.FetchBalancesAsync(default)).Single(b => b.Asset == asset).Total;

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static T Value<T>(VenueReply<T> reply) =>
        reply is VenueReply<T>.Accepted accepted ? accepted.Value : throw new InvalidOperationException(reply.Fault);
}
