using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>
/// What the contract of all feeds does not ask: how often the REST book is asked for, sides, funding. Real connections and real time, and every wait is
/// for something told.
/// </summary>
public sealed class BinanceFeedTests
{
    private const long Mid = 600_000;

    [Theory]
    [InlineData(BinanceMarket.Spot)]
    [InlineData(BinanceMarket.UsdMargined)]
    public async Task DroppedDelta_OneMoreSnapshot_OlderOnesAreAskedForAgain(BinanceMarket market)
    {
        await using var desk = new Desk(market);
        await desk.StartedAsync();
        var asked = desk.Venue.Requests.All.Count;
        desk.Venue.Faults.Next(FrameKind.Book, new FrameFault.Dropped());
        desk.Market.ServeStaleBooks(times: 2, updatesAgo: 8);
        for (var i = 0; i < 4; i++) desk.Stir(i);
        await desk.BookAsync();
        desk.Venue.Requests.All.Count.ShouldBe(asked + 3);
        desk.View.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Trades_WithTheTakersSide()
    {
        await using var desk = new Desk(BinanceMarket.UsdMargined);
        await desk.StartedAsync();
        desk.Market.Take(desk.Instrument, Side.Sell, Mid - 1, 2);
        await desk.View.UntilAsync(v => v.Trades.Count == 1, "the trade");
        desk.View.Trades[0].Aggressor.ShouldBe(Side.Sell);
        desk.View.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Funding_OfAPerpetual_WithTheTimeOfItsPayment()
    {
        await using var desk = new Desk(BinanceMarket.UsdMargined);
        await desk.StartedAsync();
        await desk.View.UntilAsync(v => v.Fundings.Count == 1, "the funding");
        var funding = desk.View.Fundings[0];
        (funding.Instrument, funding.Rate).ShouldBe((desk.Instrument.Id, BinanceDialect.FundingRate));
        (funding.NextFundingAt - funding.VenueTime).ShouldBe(TimeSpan.FromHours(4));
    }

    /// <summary>One market, its fake, and a feed that runs until the test ends.</summary>
    private sealed class Desk : IAsyncDisposable
    {
        private readonly HttpClient _client = VenueHttp.Client();
        private readonly CancellationTokenSource _stop = new();
        private readonly BinanceFeed _feed;
        private Task _running = Task.CompletedTask;

        public Desk(BinanceMarket market)
        {
            Instrument = BinanceInstruments.BuiltIn(market, "BTCUSDT", new(0));
            Market = new([Instrument], TimeProvider.System);
            for (var i = 1; i <= 3; i++)
            {
                Market.Rest(Instrument, Side.Buy, Mid - i, 100 * i);
                Market.Rest(Instrument, Side.Sell, Mid + i, 100 * i);
            }

            Venue = new(new BinanceDialect(market, [Instrument]), Market, TimeProvider.System);
            View = new([Instrument]);
            var options = new BinanceOptions
            {
                Market = market, BaseUrl = Venue.Url, SocketUrl = new Uri(Venue.SocketUrl, "/stream"), PingInterval = TimeSpan.FromSeconds(0.5),
                ReconnectMin = TimeSpan.FromSeconds(0.01), ReconnectMax = TimeSpan.FromSeconds(0.1),
            }.Checked();
            var wire = new BinanceWire(options.Venue, [Instrument]);
            var rest = new BinanceRest(_client, options, TimeProvider.System);
            _feed = new(options, wire, (i, c) => rest.FetchOrderBookAsync(wire, i, c), TimeProvider.System, () => 0.5, View.WriteAsync);
        }

        public Instrument Instrument { get; }

        public FakeMarket Market { get; }

        public FakeVenue Venue { get; }

        public FeedView View { get; }

        public async Task StartedAsync()
        {
            _running = _feed.RunAsync(_stop.Token);
            await View.UntilAsync(v => v.IsConnected, "the link");
            await BookAsync();
        }

        public Task BookAsync() => View.UntilAsync(v => v.IsTrueTo(Market, Instrument), "the venue's own book");

        public void Stir(int step) => Market.Rest(Instrument, Side.Buy, Mid - 1 - step % 3, 10 + step);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _client.Dispose();
            await Venue.DisposeAsync();
            Market.Dispose();
            _stop.Dispose();
        }
    }
}
