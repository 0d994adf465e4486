using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>What takes the private stream of a venue in one process.</summary>
internal interface IPrivateReceiver
{
    /// <summary>An order's new state, or a fill; each kind is numbered from 1 without a gap.</summary>
    void OnMessage(ControlMessage message, long number);

    /// <summary>A sign of life, with the numbers of the last messages; the stream may have been down before.</summary>
    void OnHeartbeat(long orders, long fills);
}

/// <summary>
/// The private stream of a venue with its faults: late, out of order, twice, or not at all. Nobody gets what was said while it was not connected.
/// </summary>
internal sealed class PrivateMessages(string venue, SimulationQueue queue, FaultWeather weather, SeededRandom random)
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LatencyMax = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan OvertakenMax = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private IPrivateReceiver? _receiver;
    private Timestamp _last;
    private long _orders;
    private long _fills;

    /// <summary>A process connects, in place of the one before; null when it is gone.</summary>
    public void Connect(IPrivateReceiver? receiver)
    {
        var isFirst = _receiver is null;
        _receiver = receiver;
        if (isFirst && receiver is not null) Beat(receiver);
    }

    public void Say(ControlMessage message)
    {
        var number = message is Fill ? ++_fills : ++_orders;
        if (_receiver is not { } receiver || weather.Has(FaultKind.Outage, venue) || weather.Strikes(FaultKind.LostMessages, venue)) return;
        Send(() => receiver.OnMessage(message, number), receiver);
        if (weather.Strikes(FaultKind.DuplicatedMessages, venue)) Send(() => receiver.OnMessage(message, number), receiver);
    }

    private void Send(Action hand, IPrivateReceiver receiver)
    {
        var at = queue.Now + Latency * (1 + random.NextDouble()) + weather.Delay(FaultKind.Latency, venue, LatencyMax);
        if (weather.StruckBy(FaultKind.ReorderedMessages, venue) is { } chance) at += OvertakenMax * chance.NextDouble();
        else at = _last = Timestamp.Max(_last, at);
        queue.Schedule(at, () =>
        {
            if (_receiver == receiver) hand();
        });
    }

    private void Beat(IPrivateReceiver receiver)
    {
        if (_receiver != receiver) return;
        var (orders, fills) = (_orders, _fills);
        if (!weather.Has(FaultKind.Outage, venue) && !weather.Strikes(FaultKind.LostMessages, venue))
            Send(() => receiver.OnHeartbeat(orders, fills), receiver);
        queue.Schedule(queue.Now + Heartbeat, () => Beat(receiver));
    }
}
