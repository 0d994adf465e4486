using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sources;

/// <summary>The books of one session: which have a beginning, and snapshots for those that have not.</summary>
internal sealed class SessionBooks(
    VenueFeedOptions options, IReadOnlyList<Instrument> instruments, TimeProvider time, Func<double> chance,
    Func<Input, CancellationToken, ValueTask> write)
{
    private readonly Dictionary<InstrumentId, Book> _books = instruments.ToDictionary(i => i.Id, i => new Book(i, new BookChain(i.SequenceRule)));

    /// <summary>Those that have no snapshot yet.</summary>
    public IEnumerable<Instrument> Missing => _books.Values.Where(b => !b.Chain.IsInSync).Select(b => b.Instrument);

    /// <summary>Takes an update that has been handed on; true when its book needs a snapshot that was not needed before, or that the stream
    /// owes.</summary>
    public bool Take(in BookUpdate update, out Instrument instrument)
    {
        var book = _books[update.Instrument];
        instrument = book.Instrument;
        return book.Chain.Take(update) || (options.Snapshots is null && !book.Chain.IsInSync);
    }

    /// <summary>Hands on snapshots until one joins the deltas.</summary>
    public async Task FetchAsync(Instrument instrument, CancellationToken cancellation)
    {
        var book = _books[instrument.Id];
        // A gap while one is fetching finds that somebody is: who fetches looks again before it goes.
        while (!book.Chain.IsInSync && book.TryBegin())
        {
            try
            {
                await FetchAsync(book, cancellation);
            }
            finally
            {
                book.End();
            }
        }
    }

    private async Task FetchAsync(Book book, CancellationToken cancellation)
    {
        for (var failures = 0; !book.Chain.IsInSync; failures++)
        {
            if (await options.Snapshots!(book.Instrument, cancellation) is VenueReply<BookUpdate>.Accepted { Value: var snapshot })
            {
                // The stream may have brought a newer one meanwhile.
                if (book.Chain.IsInSync) return;
                await write(new Input(snapshot), cancellation);
                if (book.Chain.TryJoin(snapshot.LastUpdateId)) return;
            }

            await Task.Delay(options.Reconnect.Delay(failures, chance()), time, cancellation);
        }
    }

    private sealed class Book(Instrument instrument, BookChain chain)
    {
        private int _isFetching;

        public Instrument Instrument => instrument;

        public BookChain Chain => chain;

        public bool TryBegin() => Interlocked.Exchange(ref _isFetching, 1) == 0;

        public void End() => Volatile.Write(ref _isFetching, 0);
    }
}
