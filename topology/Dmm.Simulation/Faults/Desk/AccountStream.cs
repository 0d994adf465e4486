using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Simulation;

/// <summary>
/// Our orders and fills at a faulty venue, in one process. Where the stream is numbered, a gap shows, and fills enter in the venue's order, those
/// missed first; where it is not, everything enters as it comes, and a sweep by cursor every few seconds finds what did not come.
/// </summary>
internal sealed class AccountStream : IPrivateReceiver
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(300);

    private readonly FaultyVenue _venue;
    private readonly SimulationQueue _queue;
    private readonly InputReceiver _write;
    private readonly Action _isKnown;
    private readonly bool _isNumbered;
    private string _lastTradeId;
    private long _orderCursor;
    private long _fillLast;
    private long _orderHeard;
    private long _fillHeard;
    private bool _knowsOrders;
    private bool _isFetching;
    private bool _wasKnown;
    private bool _hasEnded;

    /// <param name="venue">Where the account is.</param>
    /// <param name="isNumbered">Its stream shows gaps.</param>
    /// <param name="lastTradeId">Behind which fills are to be fetched; empty for all.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="write">Takes orders and fills.</param>
    /// <param name="isKnown">Called once, when everything that was missed has been fetched.</param>
    public AccountStream(
        FaultyVenue venue, bool isNumbered, string lastTradeId, SimulationQueue queue, InputReceiver write, Action isKnown) =>
        (_venue, _isNumbered, _lastTradeId, _queue, _write, _isKnown) = (venue, isNumbered, lastTradeId, queue, write, isKnown);

    public void Start()
    {
        _venue.Connect(this);
        Fetch();
        if (!_isNumbered) Sweep();
    }

    public void End() => _hasEnded = true;

    public void OnMessage(ControlMessage message, long number)
    {
        if (message is OrderUpdate)
        {
            _write(new Input(message));
            _orderHeard = Math.Max(_orderHeard, number);
            if (!_isFetching && number <= _orderCursor + 1) _orderCursor = Math.Max(_orderCursor, number);
            else if (_isNumbered) Fetch();
        }
        else if (!_isNumbered)
        {
            _write(new Input(message));
        }
        else
        {
            TakeNumbered((Fill)message, number);
        }
    }

    public void OnHeartbeat(long orders, long fills)
    {
        if (!_isNumbered) return;
        (_orderHeard, _fillHeard) = (Math.Max(_orderHeard, orders), Math.Max(_fillHeard, fills));
        if (orders > _orderCursor || fills > _fillLast) Fetch();
    }

    private void TakeNumbered(Fill fill, long number)
    {
        _fillHeard = Math.Max(_fillHeard, number);
        if (_isFetching || number <= _fillLast) return;
        if (number > _fillLast + 1)
        {
            Fetch();
            return;
        }

        (_fillLast, _lastTradeId) = (number, fill.TradeId);
        _write(new Input(fill));
    }

    private void Sweep() => _queue.Schedule(_queue.Now + SweepEvery, () =>
    {
        if (_hasEnded) return;
        Fetch();
        Sweep();
    });

    private void Fetch()
    {
        if (_isFetching) return;
        _isFetching = true;
        FetchOrders();
    }

    private void FetchOrders()
    {
        if (_knowsOrders) _venue.Requests.FetchOrdersSince(_orderCursor, Take);
        else _venue.Requests.FetchOpenOrders("", Take);

        void Take(VenueReply<OrderPage> reply) => Unless(() =>
        {
            if (reply is not VenueReply<OrderPage>.Accepted { Value: var page })
            {
                Retry();
                return;
            }

            foreach (var order in page.Orders) _write(new Input(order));
            var isLast = !_knowsOrders || page.Cursor <= _orderCursor;
            (_knowsOrders, _orderCursor) = (true, page.Cursor);
            if (isLast) FetchFills();
            else FetchOrders();
        });
    }

    private void FetchFills() => _venue.Requests.FetchFillsSince(_lastTradeId, reply => Unless(() =>
    {
        if (reply is not VenueReply<FillPage>.Accepted { Value: var page })
        {
            Retry();
            return;
        }

        foreach (var fill in page.Fills)
        {
            _write(new Input(fill));
            _lastTradeId = fill.TradeId;
        }

        if (!page.Fills.IsEmpty)
        {
            FetchFills();
            return;
        }

        _fillLast = page.Sequence;
        if (_isNumbered && (_orderHeard > _orderCursor || _fillHeard > _fillLast))
        {
            FetchOrders();
            return;
        }

        _isFetching = false;
        if (_wasKnown) return;
        _wasKnown = true;
        _isKnown();
    }));

    private void Retry() => _queue.Schedule(_queue.Now + RetryAfter, () => Unless(FetchOrders));

    private void Unless(Action action)
    {
        if (!_hasEnded) action();
    }
}
