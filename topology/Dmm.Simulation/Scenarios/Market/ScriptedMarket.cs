using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>All markets of a scenario, and the reference rate that a pool needs.</summary>
internal sealed class ScriptedMarket
{
    private const string ReferenceAsset = "TON";

    // Ten moves a second draw a ramp or a walk finely enough for refreshes every half second.
    private static readonly TimeSpan MoveEvery = TimeSpan.FromSeconds(0.1);

    private readonly ScenarioMarket _market;
    private readonly SimulationQueue _queue;
    private readonly InputReceiver _deliver;
    private readonly long _seed;
    private int _walks;

    public ScriptedMarket(ScenarioMarket market, SimulationQueue queue, InputReceiver deliver, long seed)
    {
        (_market, _queue, _deliver, _seed, TonRate) = (market, queue, deliver, seed, market.TonRate);
        Feeds = [.. market.Instruments.All.Select(i => new ScriptedFeed(i, market, queue, deliver) { QuoteRate = RateOf(i) })];
        Venues = [.. Feeds.Select(f => new ScriptedVenue(f, market.Rules, queue, deliver, SeededRandom.For(seed, f.Instrument.Name)))];
        queue.Schedule(queue.Now + market.Heartbeat, Beat);
    }

    public ImmutableArray<ScriptedFeed> Feeds { get; }

    public ImmutableArray<ScriptedVenue> Venues { get; }

    /// <summary>USD per TON.</summary>
    public double TonRate { get; private set; }

    public bool IsReferenceSilent { get; set; }

    /// <summary>The markets meant by a venue's name, all when there is none.</summary>
    public IEnumerable<ScriptedFeed> Of(string? venue) => venue is null ? Feeds : Feeds.Where(f => f.Instrument.Venue == venue);

    public ScriptedVenue Venue(string venue) => Venues.First(v => v.Instrument.Venue == venue);

    /// <summary>Moves mids by a factor, evenly over a time; at once when that is zero.</summary>
    public void Move(string? venue, double factor, TimeSpan over)
    {
        var moves = Math.Max(1, (int)Math.Round(over / MoveEvery));
        var each = Math.Pow(factor, 1.0 / moves);
        if (moves == 1) MoveBy(venue, factor);
        else Repeat(moves, _ => MoveBy(venue, each));
    }

    /// <summary>A random walk without drift for that time: each second its standard deviation is so many basis points.</summary>
    public void Walk(string? venue, double bpsPerRootSecond, TimeSpan lasts)
    {
        var random = SeededRandom.For(_seed, $"walk {++_walks}");
        var bpsEach = bpsPerRootSecond * Math.Sqrt(MoveEvery.TotalSeconds);
        Repeat((int)Math.Round(lasts / MoveEvery), _ => MoveBy(venue, Math.Exp(bpsEach * 1e-4 * random.NextGaussian())));
    }

    /// <summary>Pools follow: their price in USD is arbitrage's, not the rate's.</summary>
    public void SetTonRate(double rate)
    {
        TonRate = rate;
        SendReference();
        foreach (var feed in Feeds.Where(f => RateOf(f.Instrument) != f.QuoteRate))
        {
            feed.QuoteRate = RateOf(feed.Instrument);
            feed.Publish();
        }
    }

    public void SendReference()
    {
        if (!IsReferenceSilent) _deliver(new Input(new ReferenceRate(ReferenceAsset, "USDT", (decimal)Math.Round(TonRate, 8), _queue.Now)));
    }

    private void MoveBy(string? venue, double factor)
    {
        foreach (var feed in Of(venue)) feed.MoveBy(factor);
    }

    private void Repeat(int times, Action<int> move, int done = 0) => _queue.Schedule(_queue.Now + MoveEvery, () =>
    {
        move(done);
        if (done + 1 < times) Repeat(times, move, done + 1);
    });

    private void Beat()
    {
        if (Feeds.Any(f => f.Instrument.QuoteAsset == ReferenceAsset)) SendReference();
        foreach (var feed in Feeds) feed.Publish();
        _queue.Schedule(_queue.Now + _market.Heartbeat, Beat);
    }

    private double RateOf(Instrument instrument) => instrument.QuoteAsset == ReferenceAsset ? TonRate : 1;
}
