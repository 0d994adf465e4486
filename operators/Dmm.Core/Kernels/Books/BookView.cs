using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Shows the book of whichever subscription builds it: empty, awaiting its snapshot, while there is none.</summary>
public sealed class BookView : IBookView
{
    private readonly OrderBook _empty;
    private OrderBook _shown;

    public BookView(Instrument instrument)
    {
        _empty = new(instrument, OrderBookState.Empty);
        _shown = _empty;
    }

    public BookTop Top => _shown.Top;

    /// <summary>Called by the operator on subscription; disposing the result at its end takes the book off again.</summary>
    /// <exception cref="InvalidOperationException">Another book is shown: share the stream by Publish.</exception>
    public IDisposable Show(OrderBook book)
    {
        if (_shown != _empty) throw new InvalidOperationException("the view shows the book of another subscription: expected one, shared by Publish");
        _shown = book;
        return new Showing(this);
    }

    private sealed class Showing(BookView view) : IDisposable
    {
        public void Dispose() => view._shown = view._empty;
    }
}
