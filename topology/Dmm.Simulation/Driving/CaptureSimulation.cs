using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Simulation;

/// <summary>How recorded markets are traded.</summary>
/// <param name="Queue">How our orders move up in a level's queue.</param>
/// <param name="Latency">Of feed and order together: from a change at the venue to the arrival of our answer to it.</param>
public sealed record CaptureTrading(QueueModel Queue, TimeSpan Latency)
{
    /// <summary>
    /// Cancels come more from behind than from in front (f(x) = x²), and 10 ms, which a desk in the venue's region reaches. The model of
    /// hftbacktest's
    /// example too, so that results compare.
    /// </summary>
    public static CaptureTrading Default { get; } = new(QueueModel.Parse("power-2"), TimeSpan.FromMilliseconds(10));
}

/// <summary>
/// A closed loop over recorded market data: every instrument has a <see cref="CaptureVenue"/>, and the recording's receive times are the clock.
/// The engine
/// to drive has <see cref="Sink"/> for its sink.
/// </summary>
public sealed class CaptureSimulation
{
    private readonly SimulationQueue _queue;
    private readonly SimulationDriver _driver;
    private JournaledEngine? _engine;

    /// <param name="instruments">All recorded instruments.</param>
    /// <param name="parameters">Hold each venue's fees.</param>
    /// <param name="trading">How orders fare.</param>
    /// <param name="start">Not after the first receive time.</param>
    /// <param name="observer">Told of every decision and input.</param>
    public CaptureSimulation(
        InstrumentCatalog instruments, QuotingParameters parameters, CaptureTrading trading, Timestamp start, IDecisionSink observer)
    {
        _queue = new(start);
        _driver = new(_queue, observer);
        Venues = [.. instruments.All.Select(instrument => new CaptureVenue(
            instrument, Rules(parameters.Venues[instrument.Id.Index], trading), trading.Queue, _queue, SeededRandom.For(0, instrument.Name),
            _driver.Deliver))];
        foreach (var venue in Venues) _driver.Connect(venue);
    }

    /// <summary>In the catalogue's order.</summary>
    public ImmutableArray<CaptureVenue> Venues { get; }

    public IDecisionSink Sink => _driver;

    public void Drive(JournaledEngine engine)
    {
        _engine = engine;
        _driver.Drive(engine);
    }

    /// <summary>
    /// Lets everything happen up to the receive time, shows market data to its venue, then gives the input to the engine, which learns of fills
    /// from it
    /// after it.
    /// </summary>
    /// <returns>The engine's stamp: the receive time, unless the clock had reached it.</returns>
    public Stamp Take(Timestamp receiveTime, in Input input)
    {
        var engine = _engine ?? throw new InvalidOperationException("the simulation has no engine yet");
        _driver.RunBefore(receiveTime);
        if (input.Kind != InputKind.Control) Venues[input.Instrument.Index].OnMarketData(input);
        return engine.Take(receiveTime, input);
    }

    /// <summary>Lets everything happen up to a time, that included.</summary>
    public void RunTo(Timestamp end) => _driver.RunTo(end);

    // What the venue says is as long under way as market data, by whose receive times it is clocked.
    private static VenueRules Rules(VenueParameters venue, CaptureTrading trading) => new()
    {
        OrderLatency = trading.Latency, ResponseLatency = TimeSpan.Zero, FeedLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero,
        MakerFeeBps = venue.MakerFeeBps, TakerFeeBps = venue.TakerFeeBps,
    };
}
