using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests.Flow;

/// <summary>Markets to generate flow for.</summary>
internal static class FlowSamples
{
    public static readonly Timestamp Start = Timestamp.Parse("2026-03-02T00:00:00Z");
    public static readonly DailyProfile Even = new(0);

    public static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "alpha", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m),
    };

    /// <summary>The same on grids so fine that rounding does not count.</summary>
    public static readonly Instrument FineDct = Dct with { Prices = new(0.000000001m), Sizes = new(0.000001m) };

    public static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public static void Ignore(in Input input)
    {
    }

    /// <summary>Lets everything happen up to a time, and moves the clock there.</summary>
    public static void RunTo(this SimulationQueue queue, Timestamp end)
    {
        while (queue.RunNext(end)) { }
        queue.MoveTo(end);
    }

    /// <summary>A calm market on a venue of its own, begun.</summary>
    public static (SimulationQueue Queue, SimulatedExchange Exchange, GeneratedMarket Market) Begun(
        MarketScenario scenario, long seed, Instrument? instrument = null, InputReceiver? receive = null, Timestamp? start = null)
    {
        var queue = new SimulationQueue(start ?? Start);
        var exchange = new SimulatedExchange(instrument ?? Dct, new(), queue, SeededRandom.For(seed, "venue"), receive ?? Ignore);
        var market = new GeneratedMarket(seed, scenario, queue, exchange, receive ?? Ignore);
        market.Start();
        return (queue, exchange, market);
    }
}

/// <summary>One thing a trader did; no lots for a cancel.</summary>
internal readonly record struct Deed(Timestamp At, Side Side, long PriceTicks, long Lots, TimeInForce TimeInForce, long Cancelled)
{
    public bool IsTaking => Cancelled == 0 && TimeInForce == TimeInForce.ImmediateOrCancel;

    public override string ToString() => Cancelled != 0
        ? string.Create(CultureInfo.InvariantCulture, $"{At} cancel {Cancelled}")
        : string.Create(CultureInfo.InvariantCulture, $"{At} {Side} {Lots}@{PriceTicks} {TimeInForce}");
}

/// <summary>A book that nothing stands in but what the test says, and that keeps what was sent to it.</summary>
internal sealed class ScriptedBook(Instrument instrument, SimulationQueue queue) : IOrderFlowTarget
{
    private long _numbers;

    public List<Deed> Deeds { get; } = [];

    public Instrument Instrument => instrument;

    public (BookLevel Bid, BookLevel Ask) Best { get; set; }

    public IEnumerable<Deed> Taken => Deeds.Where(d => d.IsTaking);

    public long Submit(Side side, long priceTicks, long lots, TimeInForce timeInForce)
    {
        Deeds.Add(new(queue.Now, side, priceTicks, lots, timeInForce, 0));
        return timeInForce == TimeInForce.GoodTillCancelled ? ++_numbers : 0;
    }

    public void Cancel(long number) => Deeds.Add(new(queue.Now, default, 0, 0, default, number));

    public byte[] Bytes() => Encoding.UTF8.GetBytes(string.Join('\n', Deeds));
}
