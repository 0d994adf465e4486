using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Tests;

/// <summary>
/// A recorded market as a script: ticks of 0.1, lots of 0.001, and what a capture venue says of our orders, with its time in milliseconds.
/// </summary>
internal sealed class CaptureDesk
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T23:54:15Z");

    public static readonly Instrument Instrument = new()
    {
        Id = new(0), Venue = "test", Symbol = "BTCUSDT", BaseAsset = "BTC", QuoteAsset = "USDT", Kind = ContractKind.Linear,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.1m), Sizes = new(0.001m),
    };

    private readonly SimulationQueue _queue = new(Start);
    private readonly List<string> _said = [];
    private readonly List<Fill> _fills = [];
    private long _updateId;
    private int _orders;

    public CaptureDesk(string model = "risk-averse", int latencyMs = 10) => Venue = new(
        Instrument,
        new()
        {
            OrderLatency = TimeSpan.FromMilliseconds(latencyMs), ResponseLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero, MakerFeeBps = 1, TakerFeeBps = 4,
        },
        QueueModel.Parse(model), _queue, new(1), Hear);

    public CaptureVenue Venue { get; }

    public IReadOnlyList<Fill> Fills => _fills;

    /// <summary>All that was said, a line each: <c>20 a1 Live 50</c>, <c>30 a1 fill 10@1000 maker</c>.</summary>
    public IReadOnlyList<string> Said => _said;

    /// <summary>A snapshot: bids at 1000 and 999, asks at 1001 and 1002, in lots.</summary>
    public CaptureDesk Opened(long bid = 100, long bid2 = 100, long ask = 100, long ask2 = 100)
    {
        Give(BookInput([new(1000, bid), new(999, bid2)], [new(1001, ask), new(1002, ask2)], isSnapshot: true));
        return this;
    }

    public void At(double milliseconds)
    {
        var at = Start + TimeSpan.FromMilliseconds(milliseconds);
        while (_queue.RunNext(at))
        {
        }

        _queue.MoveTo(at);
    }

    /// <summary>Sends an order at the present time; returns its id.</summary>
    public string Place(Side side, long price, long lots, bool isPostOnly = true)
    {
        var id = $"a{++_orders}";
        Venue.Send(Intent(OrderIntentKind.Place, id, side, price, lots) with { IsPostOnly = isPostOnly }, _queue.Now);
        return id;
    }

    public void Amend(string id, Side side, long price, long lots) => Venue.Send(Intent(OrderIntentKind.Amend, id, side, price, lots), _queue.Now);

    public void Cancel(string id) => Venue.Send(Intent(OrderIntentKind.Cancel, id, Side.Buy, 0, 0), _queue.Now);

    /// <summary>Places an order and lets it arrive.</summary>
    public string Resting(Side side, long price, long lots)
    {
        var id = Place(side, price, lots);
        At((_queue.Now - Start).TotalMilliseconds + 10);
        return id;
    }

    public void Trade(Side aggressor, long price, long lots) => Give(new Input(new Trade
    {
        Instrument = Instrument.Id, VenueTime = _queue.Now, ReceiveTime = _queue.Now, TradeId = 1, PriceTicks = price, SizeLots = lots, Aggressor = aggressor,
    }));

    public void Bid(long price, long lots) => Give(BookInput([new(price, lots)], []));

    public void Ask(long price, long lots) => Give(BookInput([], [new(price, lots)]));

    /// <summary>A delta after one that is missing.</summary>
    public void Gap()
    {
        _updateId += 5;
        Bid(1, 1);
    }

    private void Give(in Input input)
    {
        Venue.OnMarketData(input);
        while (_queue.RunNext(_queue.Now))
        {
        }
    }

    private Input BookInput(BookLevel[] bids, BookLevel[] asks, bool isSnapshot = false)
    {
        _updateId++;
        return new(new BookUpdate
        {
            Instrument = Instrument.Id, IsSnapshot = isSnapshot, VenueTime = _queue.Now, ReceiveTime = _queue.Now, FirstUpdateId = _updateId,
            LastUpdateId = _updateId, PreviousUpdateId = -1, BidCount = bids.Length, Levels = (BookLevel[])[.. bids, .. asks],
        });
    }

    private static OrderIntent Intent(OrderIntentKind kind, string id, Side side, long price, long lots) => new()
    {
        Kind = kind, Instrument = Instrument.Id, ClientOrderId = id, Side = side, PriceTicks = price, SizeLots = lots, IsPostOnly = true,
    };

    private void Hear(in Input input)
    {
        var at = (_queue.Now - Start).TotalMilliseconds;
        if (input.Control is Fill fill)
        {
            _fills.Add(fill);
            _said.Add(FormattableString.Invariant(
                $"{at} {fill.ClientOrderId} fill {fill.Quantity * 1000:0}@{fill.Price * 10:0} {(fill.IsMaker ? "maker" : "taker")}"));
        }
        else
        {
            var update = (OrderUpdate)input.Control;
            _said.Add(FormattableString.Invariant($"{at} {update.ClientOrderId} {update.Status} {update.RemainingLots}")
                + (update.Reason.Length > 0 ? $": {update.Reason}" : ""));
        }
    }
}
