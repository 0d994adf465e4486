using System.Collections.Immutable;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;

namespace Dmm.Sources.Tests;

/// <summary>A venue whose answers the test gives one by one, whatever is asked; placing and cancelling are no business of a feed.</summary>
internal sealed class ScriptedVenue : IOrderVenue
{
    private readonly Channel<(string Question, TaskCompletionSource<object> Answer)> _asked = Channel.CreateUnbounded<(string, TaskCompletionSource<object>)>();
    private readonly List<(string Question, TaskCompletionSource<object> Answer)> _waiting = [];

    public string Venue => "hmac";

    /// <summary>Answers that question, which may come among others; a null answer is an unknown outcome.</summary>
    public async Task AnswerAsync<T>(string question, T? answer)
        where T : notnull
    {
        while (true)
        {
            var at = _waiting.FindIndex(w => w.Question == question);
            if (at >= 0)
            {
                _waiting[at].Answer.SetResult(answer is null ? new VenueReply<T>.Unknown("no answer") : new VenueReply<T>.Accepted(answer));
                _waiting.RemoveAt(at);
                return;
            }

            _waiting.Add(await _asked.Reader.ReadAsync().AsTask().Guarded(question));
        }
    }

    /// <summary>Ends once that is asked, and leaves it unanswered.</summary>
    public async Task AskedAsync(string question)
    {
        while (_waiting.TrueForAll(w => w.Question != question)) _waiting.Add(await _asked.Reader.ReadAsync().AsTask().Guarded(question));
    }

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) => Ask<OrderPage>("open orders", cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) =>
        Ask<OrderPage>($"orders after {cursor}", cancellation);

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) =>
        Ask<FillPage>($"fills after '{tradeId}'", cancellation);

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) =>
        Ask<BookUpdate>($"book {instrument.Symbol}", cancellation);

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) =>
        Ask<ImmutableArray<BalanceReport>>("balances", cancellation);

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => throw new NotSupportedException();

    private async Task<VenueReply<T>> Ask<T>(string question, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Writer.TryWrite((question, answer));
        return (VenueReply<T>)await answer.Task.WaitAsync(cancellation);
    }
}
