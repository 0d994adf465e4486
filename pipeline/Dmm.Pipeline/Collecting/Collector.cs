using System.Collections.Immutable;
using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Pipeline.Collecting;

/// <summary>
/// Publishes what one venue says: each input as it comes, and beside it what readers need who came late or lost something: the instruments and a
/// snapshot of each whole book every 5 s, a heartbeat every second, and with it the last rate of each market that is a reference. Inputs may come from
/// several tasks; the order in which they come is the order in which they are published.
/// </summary>
internal sealed class Collector : IDisposable
{
    private const int BeatsToSnapshot = 5;
    private const int LevelsAtFirst = 1_024;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly InstrumentCatalog _instruments;
    private readonly string _id;
    private readonly string _venue;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly CollectCounters _counters;
    private readonly Func<BusMessage, CancellationToken, ValueTask> _publish;
    private readonly BusEncoder _encoder;
    private readonly JournalBuffer _buffer = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly OrderBook[] _books;
    private readonly Timestamp[] _receivedAt;
    private readonly byte[][] _keys;
    private readonly ImmutableArray<BusListing> _listings;
    private readonly ReadOnlyMemory<byte> _source;
    private readonly ReferenceRates _rates;
    private BookLevel[] _levels = new BookLevel[2 * LevelsAtFirst];
    private FeedState? _state;
    private long _beats;

    /// <param name="id">Which no other collector has.</param>
    /// <param name="venue">Name of the venue.</param>
    /// <param name="topic">For market data.</param>
    /// <param name="instruments">All that inputs may name; those of the venue are published.</param>
    /// <param name="references">Names of the markets whose middle is published as a rate too, <c>venue:symbol</c>.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="counters">Shared with other venues of this process.</param>
    /// <param name="publish">Completes when the message is queued.</param>
    public Collector(string id, string venue, string topic, InstrumentCatalog instruments, IEnumerable<string> references, TimeProvider time,
        CollectCounters counters, Func<BusMessage, CancellationToken, ValueTask> publish)
    {
        (_id, _venue, _topic, _instruments, _time, _counters, _publish) = (id, venue, topic, instruments, time, counters, publish);
        _encoder = new(instruments);
        _books = [.. instruments.All.Select(i => new OrderBook(i, OrderBookState.Empty))];
        _receivedAt = new Timestamp[instruments.Count];
        _keys = [.. instruments.All.Select(i => Encoding.UTF8.GetBytes(i.BaseAsset))];
        _listings =
        [
            .. instruments.All.Where(i => i.Venue == venue).GroupBy(i => i.BaseAsset)
                .Select(group => new BusListing(venue, group.Key, [.. group.Select((instrument, place) => instrument with { Id = new(place) })])),
        ];
        _source = Encoding.UTF8.GetBytes(id);
        _rates = new(instruments, references);
    }

    /// <summary>Publishes the instruments; to be done before the first input.</summary>
    public Task BeginAsync(CancellationToken cancellation) => InTurnAsync(PublishListingsAsync, cancellation);

    /// <summary>Publishes an input, if it is of those that travel; completes when it is queued.</summary>
    public async ValueTask WriteAsync(Input input, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await PublishAsync(input, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Publishes heartbeats, instruments and snapshots until cancelled.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await InTurnAsync(PublishBeatAsync, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _turn.Dispose();
    }

    private async Task InTurnAsync(Func<CancellationToken, ValueTask> publish, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await publish(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask PublishAsync(Input input, CancellationToken cancellation)
    {
        if (BusEncoder.KindOf(input) is not { } kind)
        {
            if (input.Control is Rejected) _counters.Reject();
            return;
        }

        _buffer.Clear();
        _encoder.Input(_buffer, input);
        switch (kind)
        {
            case BusKind.Feed:
                // Said once for each asset, so that whoever reads one hears it in order.
                foreach (var listing in _listings) await SendAsync(kind, Key(listing), default, default, cancellation);
                _state = ((FeedStatus)input.Control).State;
                return;
            case BusKind.Rate:
                await SendAsync((ReferenceRate)input.Control, cancellation);
                return;
            case BusKind.Book:
                await SendAsync(kind, _keys[input.Instrument.Index], input.VenueTime, input.Book.ReceiveTime, cancellation);
                // Only what is queued counts: what was cancelled on its way must be missing in the snapshots too.
                _books[input.Instrument.Index].Apply(input.Book);
                _receivedAt[input.Instrument.Index] = input.Book.ReceiveTime;
                if (_books[input.Instrument.Index].Top is { IsValid: true } top)
                    await PublishRateAsync(input.Instrument, top.Bid, top.Ask, input.VenueTime, input.Book.ReceiveTime, cancellation);
                return;
            case BusKind.Top:
                await SendAsync(kind, _keys[input.Instrument.Index], input.VenueTime, input.Top.ReceiveTime, cancellation);
                await PublishRateAsync(input.Instrument, input.Top.Bid, input.Top.Ask, input.VenueTime, input.Top.ReceiveTime, cancellation);
                return;
            default:
                await SendAsync(kind, _keys[input.Instrument.Index], input.VenueTime, input.Trade.ReceiveTime, cancellation);
                return;
        }
    }

    private ValueTask PublishRateAsync(
        InstrumentId market, BookLevel bid, BookLevel ask, Timestamp venueTime, Timestamp receiveTime, CancellationToken cancellation) =>
        _rates.Of(market, bid, ask, venueTime.IsKnown ? venueTime : receiveTime) is { } rate ? PublishAsync(rate, cancellation) : default;

    private ValueTask PublishAsync(ReferenceRate rate, CancellationToken cancellation)
    {
        _buffer.Clear();
        _encoder.Input(_buffer, new Input(rate));
        return SendAsync(rate, cancellation);
    }

    private async ValueTask PublishListingsAsync(CancellationToken cancellation)
    {
        foreach (var listing in _listings)
        {
            _buffer.Clear();
            _encoder.Listing(_buffer, listing);
            await SendAsync(BusKind.Instruments, Key(listing), default, default, cancellation);
        }
    }

    private async ValueTask PublishBeatAsync(CancellationToken cancellation)
    {
        if (_state is not { } state) return;
        foreach (var rate in _rates.Last) await PublishAsync(rate, cancellation);
        if (++_beats % BeatsToSnapshot == 0)
        {
            await PublishListingsAsync(cancellation);
            foreach (var instrument in _instruments.All)
                if (instrument.Venue == _venue && IsWhole(instrument)) await PublishSnapshotAsync(instrument, cancellation);
        }

        foreach (var listing in _listings)
        {
            var books = _instruments.All.Where(i => i.Venue == _venue && i.BaseAsset == listing.Asset && IsWhole(i))
                .Select(i => new BusBookPosition(i.Name, _books[i.Id.Index].Top.LastUpdateId)).ToImmutableArray();
            _buffer.Clear();
            _encoder.Heartbeat(_buffer, new(_id, _venue, listing.Asset, _beats, Now(), state, books));
            await SendAsync(BusKind.Heartbeat, Key(listing), default, default, cancellation);
        }
    }

    private ValueTask PublishSnapshotAsync(Instrument instrument, CancellationToken cancellation)
    {
        var book = _books[instrument.Id.Index];
        var bids = Copied(book, Side.Buy, 0);
        var asks = Copied(book, Side.Sell, bids);
        var top = book.Top;
        _buffer.Clear();
        _encoder.Input(_buffer, new Input(new BookUpdate
        {
            Instrument = instrument.Id, IsSnapshot = true, VenueTime = top.VenueTime, ReceiveTime = _receivedAt[instrument.Id.Index],
            FirstUpdateId = top.LastUpdateId, LastUpdateId = top.LastUpdateId, PreviousUpdateId = -1, BidCount = bids,
            Levels = _levels.AsMemory(0, bids + asks),
        }));
        return SendAsync(BusKind.Book, _keys[instrument.Id.Index], top.VenueTime, _receivedAt[instrument.Id.Index], cancellation);
    }

    /// <summary>Copies a whole side behind what is there already; returns how many levels it has.</summary>
    private int Copied(OrderBook book, Side side, int start)
    {
        while (true)
        {
            var count = book.CopyLevels(side, _levels.AsSpan(start));
            if (count < _levels.Length - start) return count;
            Array.Resize(ref _levels, 2 * _levels.Length);
        }
    }

    private bool IsWhole(Instrument instrument) =>
        _books[instrument.Id.Index].Status is BookStatus.Valid or BookStatus.Crossed or BookStatus.OneSided;

    private ValueTask SendAsync(ReferenceRate rate, CancellationToken cancellation) => SendAsync(
        BusKind.Rate, Encoding.UTF8.GetBytes($"{rate.BaseAsset}/{rate.QuoteAsset}"), rate.VenueTime, default, cancellation);

    private ValueTask SendAsync(BusKind kind, byte[] key, Timestamp venueTime, Timestamp receiveTime, CancellationToken cancellation)
    {
        var message = new BusMessage
        {
            Topic = kind == BusKind.Rate ? BusTopics.References : _topic,
            Key = key,
            Value = _buffer.Written.ToArray(),
            Headers = BusHeaders.Of(kind, venueTime, receiveTime, _source),
        };
        _counters.Queued(message.Value.Length, Timestamp.From(_time.GetUtcNow()));
        return _publish(message, cancellation);
    }

    private static byte[] Key(BusListing listing) => Encoding.UTF8.GetBytes(listing.Asset);

    private Timestamp Now() => Timestamp.From(_time.GetUtcNow());
}
