using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// The public market data of a simulated venue, by <see cref="BookSequenceRule.ContiguousRange"/>: each instant at which something happened is one
/// frame (its trades, then one delta), which reaches us whole after the feed latency. Frames keep their order.
/// </summary>
/// <param name="instrument">The one traded there.</param>
/// <param name="book">Read at the end of each instant, so that a change is told here before it is made there.</param>
/// <param name="queue">The simulation's clock and agenda.</param>
/// <param name="latency">Of every frame.</param>
/// <param name="receive">Takes the messages; levels are valid during the call.</param>
internal sealed class PublicFeed(Instrument instrument, LimitOrderBook book, SimulationQueue queue, TimeSpan latency, InputReceiver receive)
{
    private static readonly TimeSpan HeartbeatAfter = TimeSpan.FromSeconds(1);

    private readonly Queue<FeedFrame> _underWay = new();
    private readonly Stack<FeedFrame> _spare = new();
    private Action? _deliver;
    private FeedFrame? _open;
    private Timestamp _lastFrameAt;
    private long _updateId;
    private int _connections;
    private int _deltasToLose;

    public bool IsConnected { get; private set; }

    /// <summary>The link comes up: we hear of it, then get a snapshot.</summary>
    public void Connect()
    {
        if (IsConnected) return;
        IsConnected = true;
        _connections++;
        Say(new FeedStatus(instrument.Venue, FeedState.Connected, "connected"));
        RequestSnapshot();
        Watch(_connections);
    }

    /// <summary>The link goes down: what is under way still comes, then word of it, then nothing.</summary>
    public void Disconnect(string detail)
    {
        if (!IsConnected) return;
        Seal();
        IsConnected = false;
        Say(new FeedStatus(instrument.Venue, FeedState.Disconnected, detail));
    }

    /// <summary>The book as it stands at the end of this instant, in place of the instant's delta; nothing while disconnected.</summary>
    public void RequestSnapshot()
    {
        if (IsConnected) Frame().IsSnapshot = true;
    }

    /// <summary>The next delta is lost on its way; the chain of ids shows it.</summary>
    public void LoseNextDelta() => _deltasToLose++;

    /// <summary>That level is about to change.</summary>
    public void Touch(Side side, long priceTicks)
    {
        if (IsConnected) Frame().Touch(side, priceTicks);
        _updateId++;
    }

    public void Say(in Trade trade)
    {
        if (IsConnected) Frame().Trades.Add(trade);
    }

    private void Say(FeedStatus status)
    {
        Seal();
        Send(status);
    }

    /// <summary>The frame of this instant.</summary>
    private FeedFrame Frame()
    {
        if (_open is { } open && open.VenueTime == queue.Now) return open;
        Seal();
        _lastFrameAt = queue.Now;
        return _open = Send(status: null);
    }

    private FeedFrame Send(FeedStatus? status)
    {
        var frame = _spare.TryPop(out var spare) ? spare : new FeedFrame();
        frame.Open(queue.Now, _updateId + 1, status);
        _underWay.Enqueue(frame);
        queue.Schedule(queue.Now + latency, _deliver ??= Deliver);
        return frame;
    }

    private void Seal()
    {
        if (_open is not { } frame) return;
        frame.Seal(book, _updateId);
        if (!frame.IsSnapshot && _deltasToLose > 0)
        {
            _deltasToLose--;
            frame.IsBookLost = true;
        }

        _open = null;
    }

    private void Deliver()
    {
        var frame = _underWay.Dequeue();
        // Nothing has happened since: the book still stands as it did at the end of that instant.
        if (frame == _open) Seal();
        if (frame.Status is { } status)
        {
            receive(new Input(status));
        }
        else
        {
            foreach (var trade in frame.Trades) receive(new Input(trade with { ReceiveTime = queue.Now }));
            if (!frame.IsBookLost) receive(new Input(frame.Book(instrument.Id, queue.Now)));
        }

        _spare.Push(frame);
    }

    /// <summary>An empty delta when the book was quiet for a second, so that who watches for staleness sees a living feed.</summary>
    private void Watch(int connection)
    {
        Action beat = null!;
        beat = () =>
        {
            if (!IsConnected || connection != _connections) return;
            if (queue.Now - _lastFrameAt >= HeartbeatAfter)
            {
                Frame();
                _updateId++;
            }

            queue.Schedule(_lastFrameAt + HeartbeatAfter, beat);
        };
        queue.Schedule(_lastFrameAt + HeartbeatAfter, beat);
    }
}
