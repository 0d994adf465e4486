using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Simulation;

namespace Dmm.Pipeline.Faults;

/// <summary>A faulty venue behind the port that live order paths use.</summary>
internal sealed class RequestedVenue(FaultyVenue venue) : IOrderVenue
{
    public string Venue => venue.Instrument.Venue;

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        Asked<OrderUpdate>(answer => venue.Requests.Submit(placement, answer));

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) =>
        Asked<OrderUpdate>(answer => venue.Requests.Amend(amendment, answer));

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        Asked<OrderUpdate>(answer => venue.Requests.Cancel(cancel.ClientOrderId, answer));

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) =>
        Asked<int>(answer => venue.Requests.CancelAll(prefix, answer));

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) =>
        Asked<OrderUpdate>(answer => venue.Requests.FetchOrder(clientOrderId, answer));

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        Asked<OrderPage>(answer => venue.Requests.FetchOpenOrders(prefix, answer));

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        Asked<OrderPage>(answer => venue.Requests.FetchOrdersSince(cursor, answer));

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        Asked<FillPage>(answer => venue.Requests.FetchFillsSince(tradeId, answer));

    /// <summary>What the account holds of the traded asset.</summary>
    public async Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) =>
        await Asked<int>(venue.Requests.Look) switch
        {
            VenueReply<int>.Accepted => new VenueReply<ImmutableArray<BalanceReport>>.Accepted(
                [new(Venue, venue.Instrument.BaseAsset, venue.Record.Position, Timestamp.None)]),
            VenueReply<int>.Refused refused => new VenueReply<ImmutableArray<BalanceReport>>.Refused(refused.Refusal),
            var unknown => new VenueReply<ImmutableArray<BalanceReport>>.Unknown(unknown.Fault),
        };

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Venue} sends its book by the feed alone");

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Venue} sends its trades by the feed alone");

    private static Task<VenueReply<T>> Asked<T>(Action<Action<VenueReply<T>>> ask)
    {
        var reply = new TaskCompletionSource<VenueReply<T>>();
        ask(reply.SetResult);
        return reply.Task;
    }
}
