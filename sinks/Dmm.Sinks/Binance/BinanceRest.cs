using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>Binance's public requests: the book that a feed starts on, what is listed, and the venue's clock. Thread-safe.</summary>
public sealed class BinanceRest
{
    private readonly RestClient _rest;
    private readonly BinanceRequests _requests;
    private readonly TimeProvider _time;

    /// <param name="client">Owned by the caller; see <see cref="VenueHttp.Client"/>.</param>
    /// <param name="options">Checked.</param>
    /// <param name="time">For timeouts and the limit.</param>
    public BinanceRest(HttpClient client, BinanceOptions options, TimeProvider time)
    {
        (_requests, _time) = (new(options), time);
        var limits = new Dictionary<string, RequestLimits>(StringComparer.Ordinal) { [BinanceRequests.Bucket] = options.Requests };
        _rest = new(client, _requests, limits, options.RequestTimeout, time);
    }

    public string Venue => _rest.Venue;

    /// <summary>The body of the venue's listing, for <see cref="BinanceInstruments"/>: needed before there is a wire.</summary>
    public Task<VenueReply<ReadOnlyMemory<byte>>> FetchInstrumentsAsync(CancellationToken cancellation) =>
        _rest.SendAsync(_requests.Instruments(), cancellation);

    /// <summary>The venue's clock as it answered.</summary>
    public Task<VenueReply<Timestamp>> FetchTimeAsync(CancellationToken cancellation) => _rest.AskAsync<Timestamp>(
        _requests.Time(),
        body => BinanceRequests.ParseTime(body.Span) is { IsKnown: true } time
            ? new VenueReply<Timestamp>.Accepted(time)
            : new VenueReply<Timestamp>.Unknown("the reply with the venue's time cannot be read"),
        cancellation);

    /// <summary>The book as a snapshot whose levels belong to the caller.</summary>
    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(BinanceWire wire, Instrument instrument, CancellationToken cancellation) =>
        _rest.AskAsync(
            _requests.Book(instrument),
            body => ReplyReading.One(
                body, (text, batch) => wire.ParseSnapshot(instrument, text.Span, Timestamp.From(_time.GetUtcNow()), batch), i => i.Book),
            cancellation);
}
