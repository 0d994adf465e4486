using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Operators;
using Dmm.Topology.Engine;

namespace Dmm.Topology;

/// <summary>The streams that each market has for itself: from its messages to a book.</summary>
public sealed partial class QuotingTopology
{
    private Market WireMarket(
        StreamGraph graph, InputStreams hub, Instrument instrument, StatePort<OrderStageState> orders, StateSet states, IScheduler scheduler)
    {
        Timestamp Now() => Timestamp.From(scheduler.Now);
        string Named(string stream) => $"{stream} {instrument.Name}";
        var updates = graph.Input(Named("book-updates"), hub.Books(instrument.Id));
        var venueTops = graph.Input(Named("venue-tops"), hub.VenueTops(instrument.Id));
        var trades = graph.Input(Named("trades"), hub.Trades(instrument.Id));
        var guarded = graph.Stream(Named("guarded"), [Named("book-updates"), "controls"], updates.GuardEventTimes(
            instrument, hub.Controls<ClockOffset>(), () => _parameters.Breakers, states.Port(Named("guarded"), default(EventTimeState)), scheduler));
        var view = new BookView(instrument);
        var books = graph.Stream(Named("books"), [Named("guarded")],
            guarded.Books(instrument, states.Port(Named("books"), OrderBookState.Empty), view));
        var checks = graph.Stream(Named("book-checks"), [Named("books"), Named("venue-tops")],
            books.BookChecks(venueTops, instrument.Id, states.Port(Named("book-checks"), BookOracleState.Empty)));
        var tops = graph.Stream(Named("tops"), [Named("books")], books.TopChanges(states.Port(Named("tops"), default(TopChangeState))));
        return new Market
        {
            Instrument = instrument,
            View = view,
            // A pool's reserves hold nothing of what we intend there.
            Others = instrument.IsPool ? view
                : _ordersInBooks is { } shown ? new OthersBook(view, instrument.Id, shown, Now)
                : ShowsOurs(instrument) ? new OthersBook(view, instrument.Id, () => orders.Capture().Live, Now) : view,
            BooksName = Named("books"),
            Books = books,
            TopsName = Named("tops"),
            Tops = tops,
            TradesName = Named("trades"),
            Trades = trades,
            AlertSources = [Named("guarded"), Named("book-checks")],
            Alerts = guarded.Refusals().Select(Refused).Merge(checks.Where(check => !check.IsMatch).Select(check =>
                new Alert(AlertLevel.Critical, instrument.Name, $"the built book differs from the venue's own top: {check.Describe(instrument)}"))),
        };
    }

    /// <summary>The venue's book shows this topology's own orders.</summary>
    private bool ShowsOurs(Instrument instrument) => _mode == TradingMode.Live && _ordersInBooks is null && !instrument.IsPool;

    /// <summary>The streams of one instrument.</summary>
    private sealed record Market
    {
        public required Instrument Instrument { get; init; }

        public required BookView View { get; init; }

        /// <summary>The book without our own orders.</summary>
        public required IBookView Others { get; init; }

        public required string BooksName { get; init; }

        public required IObservable<BookTop> Books { get; init; }

        public required string TopsName { get; init; }

        public required IObservable<BookTop> Tops { get; init; }

        public required string TradesName { get; init; }

        public required IObservable<Trade> Trades { get; init; }

        public required ImmutableArray<string> AlertSources { get; init; }

        public required IObservable<Alert> Alerts { get; init; }
    }
}
