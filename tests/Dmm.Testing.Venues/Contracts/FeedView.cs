using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>The engine's end of a feed: its own books, orders and fills, made of nothing but what the feed said. Thread-safe.</summary>
public sealed class FeedView
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<InstrumentId, OrderBook> _books;
    private readonly List<FeedStatus> _statuses = [];
    private readonly List<Rejected> _rejected = [];
    private readonly List<Trade> _trades = [];
    private readonly List<Fill> _fills = [];
    private readonly List<FundingRate> _fundings = [];
    private readonly Dictionary<string, OrderUpdate> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _balances = new(StringComparer.Ordinal);
    private readonly List<(Func<FeedView, bool> IsMet, TaskCompletionSource Met)> _waiting = [];

    public FeedView(IEnumerable<Instrument> instruments) =>
        _books = instruments.ToDictionary(i => i.Id, i => new OrderBook(i, OrderBookState.Empty));

    /// <summary>Whether the feed's last word was that it is connected.</summary>
    public bool IsConnected => Read(() => _statuses is [.., { State: FeedState.Connected }]);

    /// <summary>How often the feed said that it is connected.</summary>
    public int Connections => Read(() => _statuses.Count(s => s.State == FeedState.Connected));

    public IReadOnlyList<FeedStatus> Statuses => Read(() => _statuses.ToArray());

    public IReadOnlyList<Rejected> Rejected => Read(() => _rejected.ToArray());

    public IReadOnlyList<Trade> Trades => Read(() => _trades.ToArray());

    public IReadOnlyList<FundingRate> Fundings => Read(() => _fundings.ToArray());

    /// <summary>Each trade id once, in the order told: the engine counts a fill once, whoever repeats it.</summary>
    public IReadOnlyList<Fill> Fills => Read(() => _fills.DistinctBy(f => f.TradeId).ToArray());

    /// <summary>What is held of an asset by the last word on it; null before that.</summary>
    public decimal? Balance(string asset) => Read(() => _balances.TryGetValue(asset, out var total) ? total : (decimal?)null);

    /// <summary>An order by its status of the highest rank.</summary>
    public OrderUpdate? Order(string clientOrderId) => Read(() => _orders.GetValueOrDefault(clientOrderId));

    public BookStatus Status(Instrument instrument) => Read(() => _books[instrument.Id].Status);

    /// <summary>The book may be believed, and is the market's own, level by level.</summary>
    public bool IsTrueTo(FakeMarket market, Instrument instrument)
    {
        var there = market.TrueBook(instrument);
        return Read(() => _books[instrument.Id] is var book && book.Status == BookStatus.Valid
            && Levels(book, Side.Buy).SequenceEqual(there.Bids.ToArray()) && Levels(book, Side.Sell).SequenceEqual(there.Asks.ToArray()));
    }

    /// <summary>Takes what the feed says.</summary>
    public ValueTask WriteAsync(Input input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Take(input);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].IsMet(this)) continue;
                _waiting[i].Met.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Waits until it holds of what the feed has said so far.</summary>
    /// <exception cref="TimeoutException">It did not within a minute; the message tells what was said.</exception>
    public async Task UntilAsync(Func<FeedView, bool> isMet, string expected)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (isMet(this)) return;
            _waiting.Add((isMet, met));
        }

        try
        {
            await met.Task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"waited in vain for {expected}; {Describe()}");
        }
    }

    private string Describe() => Read(() =>
        $"statuses: {string.Join(" | ", _statuses.TakeLast(5))}; books: {string.Join(", ", _books.Values.Select(b => b.Top))}; "
        + $"fills: {string.Join(",", _fills.Select(f => f.TradeId))}; "
        + $"orders: {string.Join(", ", _orders.Values.TakeLast(5).Select(o => $"{o.ClientOrderId} {o.Status}"))}; "
        + $"rejected: {string.Join(" | ", _rejected.TakeLast(3))}");

    private void Take(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Book:
                _books[input.Book.Instrument].Apply(input.Book);
                return;
            case InputKind.Trade:
                _trades.Add(input.Trade);
                return;
            case not InputKind.Control:
                return;
        }

        switch (input.Control)
        {
            case FeedStatus status:
                _statuses.Add(status);
                break;
            case Rejected rejected:
                _rejected.Add(rejected);
                break;
            case FundingRate funding:
                _fundings.Add(funding);
                break;
            case Fill fill:
                _fills.Add(fill);
                break;
            case OrderUpdate order:
                if (!_orders.TryGetValue(order.ClientOrderId, out var known) || order.Status >= known.Status) _orders[order.ClientOrderId] = order;
                break;
            case BalanceReport balance:
                _balances[balance.Asset] = balance.Total;
                break;
        }
    }

    private static BookLevel[] Levels(OrderBook book, Side side)
    {
        var levels = new BookLevel[1_024];
        return levels[..book.CopyLevels(side, levels)];
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}
