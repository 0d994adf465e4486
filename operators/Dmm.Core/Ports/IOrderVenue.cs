using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>Orders as a venue reports them, and how far that report reaches.</summary>
/// <param name="Orders">Each as it stood when the venue answered.</param>
/// <param name="Cursor">Passed to <see cref="IOrderVenue.FetchOrdersSinceAsync"/>, gives what changed later.</param>
public sealed record OrderPage(ImmutableArray<OrderUpdate> Orders, long Cursor);

/// <summary>Fills as a venue lists them, oldest first.</summary>
/// <param name="Fills">A page of them; empty when there is none after the one asked from.</param>
/// <param name="Sequence">Of an empty page: how many fills the account ever had, by which the private stream numbers them too.</param>
public sealed record FillPage(ImmutableArray<Fill> Fills, long Sequence);

/// <summary>
/// An order-book venue as the edges use it: one request, one answer, nothing kept between them. No call throws for what a venue or a network does;
/// cancellation passes through as <see cref="OperationCanceledException"/>, and leaves the outcome of what was asked unknown.
/// </summary>
public interface IOrderVenue
{
    /// <summary>Name of the venue, as in <see cref="Instrument.Venue"/>.</summary>
    string Venue { get; }

    /// <summary>
    /// Places the order; its client order id makes a repetition harmless. A venue whose answer is no more than a receipt gives
    /// <see cref="OrderStatus.PendingNew"/>: the order's own state comes by the stream, or has to be asked for.
    /// </summary>
    Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation);

    /// <summary>Changes price or lowers size of an open order under its own id.</summary>
    Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation);

    /// <summary>Cancels one order; the answer is the order as it then is, which may be filled.</summary>
    Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation);

    /// <summary>Most intents of one kind that a single request may carry; 1 where the venue has no such request.</summary>
    int BatchMax(OrderIntentKind kind) => 1;

    /// <summary>
    /// Sends intents of one kind and instrument in one request, at most <see cref="BatchMax"/>; an answer for each, in their order, because a venue may take
    /// some and refuse others.
    /// </summary>
    Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Venue} has no batch requests");

    /// <summary>Cancels all open orders whose client order ids start with the prefix; the answer is how many.</summary>
    Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation);

    /// <summary>One order, open or ended.</summary>
    Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation);

    /// <summary>The open orders whose client order ids start with the prefix; an empty prefix asks for all.</summary>
    Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation);

    /// <summary>Every order that changed after the cursor, open or ended, each once, as it now is.</summary>
    Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation);

    /// <summary>Our fills after that trade. An empty id asks from the oldest that the venue keeps.</summary>
    Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation);

    /// <summary>The book as a snapshot whose levels belong to the caller.</summary>
    Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation);

    /// <summary>The last public trades, oldest first.</summary>
    Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation);

    /// <summary>What the account holds, an asset each.</summary>
    Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation);

    /// <summary>
    /// What the account holds of each contract that is traded here, also of those of which it holds none; empty where there are no contracts.
    /// </summary>
    Task<VenueReply<ImmutableArray<PositionReport>>> FetchPositionsAsync(CancellationToken cancellation) =>
        Task.FromResult<VenueReply<ImmutableArray<PositionReport>>>(new VenueReply<ImmutableArray<PositionReport>>.Accepted([]));

    /// <summary>Why the account, as it is set up, cannot trade these instruments as they are traded here, in words; empty where it can.</summary>
    Task<VenueReply<string>> FetchAccountFaultAsync(CancellationToken cancellation) =>
        Task.FromResult<VenueReply<string>>(new VenueReply<string>.Accepted(""));
}
