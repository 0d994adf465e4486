using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Collecting;

namespace Dmm.Pipeline.Rates;

/// <summary>
/// Makes rates of what a market's feed says. Its book is kept here, not by the desk's engine, which hears of the rates alone, and, under the market's
/// own name, of the feed's troubles: a venue of the same name is none of their business.
/// </summary>
/// <param name="instrument">The market.</param>
/// <param name="write">Takes the rates in the order in which they came.</param>
internal sealed class RateBook(Instrument instrument, Func<Input, CancellationToken, ValueTask> write) : IDisposable
{
    private readonly OrderBook _book = new(instrument, OrderBookState.Empty);
    private readonly ReferenceRates _rates = new(new([instrument]), [instrument.Name]);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Takes a message of the feed; several tasks may call.</summary>
    public async ValueTask TakeAsync(Input input, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (Told(input) is { } message) await write(new Input(message), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private ControlMessage? Told(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Book:
                _book.Apply(input.Book);
                return _book.Top is { IsValid: true } top ? Rate(top.Bid, top.Ask, input.VenueTime, input.Book.ReceiveTime) : null;
            case InputKind.Top:
                return Rate(input.Top.Bid, input.Top.Ask, input.VenueTime, input.Top.ReceiveTime);
            case InputKind.Control:
                return input.Control switch
                {
                    FeedStatus status => status with { Venue = instrument.Name },
                    Rejected rejected => rejected with { Venue = instrument.Name },
                    _ => null,
                };
            default:
                return null;
        }
    }

    // A time ahead of its arrival would hold back all rates until it has come.
    private ReferenceRate? Rate(BookLevel bid, BookLevel ask, Timestamp venueTime, Timestamp receiveTime) =>
        _rates.Of(instrument.Id, bid, ask, venueTime.IsKnown && venueTime < receiveTime ? venueTime : receiveTime);
}
