using System.Collections.Immutable;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;

namespace Dmm.Sinks.Tests;

/// <summary>A venue every call of which waits for the test's answer, in whatever order the test likes.</summary>
internal sealed class HeldVenue : IOrderVenue, IDeadManSwitch
{
    private readonly Channel<(string Question, TaskCompletionSource<object> Answer)> _asked = Channel.CreateUnbounded<(string, TaskCompletionSource<object>)>();
    private readonly List<(string Question, TaskCompletionSource<object> Answer)> _waiting = [];

    public string Venue => "held";

    /// <summary>Intents a request may carry.</summary>
    public int Batch { get; init; } = 1;

    public TimeSpan WindowMin => TimeSpan.FromSeconds(10);

    public TimeSpan WindowMax => TimeSpan.FromSeconds(120);

    /// <summary>Answers that question, which may come among others.</summary>
    public async Task AnswerAsync<T>(string question, VenueReply<T> reply) => (await TakeAsync(question)).SetResult(reply);

    public Task AcceptAsync<T>(string question, T value) => AnswerAsync(question, new VenueReply<T>.Accepted(value));

    public Task LoseAsync<T>(string question) => AnswerAsync(question, new VenueReply<T>.Unknown("no answer"));

    public Task RefuseAsync<T>(string question, RefusalKind kind, TimeSpan retryAfter = default) =>
        AnswerAsync(question, new VenueReply<T>.Refused(new(kind, $"says {kind}", retryAfter)));

    public Task AnswerBatchAsync(string question, params ImmutableArray<VenueReply<OrderUpdate>> replies) => AcceptBatchAsync(question, replies);

    /// <summary>Ends once that is asked.</summary>
    public async Task<TaskCompletionSource<object>> TakeAsync(string question)
    {
        while (true)
        {
            var at = _waiting.FindIndex(w => w.Question == question);
            if (at >= 0)
            {
                var answer = _waiting[at].Answer;
                _waiting.RemoveAt(at);
                return answer;
            }

            try
            {
                _waiting.Add(await _asked.Reader.ReadAsync().AsTask().Guarded(question));
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message}; asked was {string.Join("; ", _waiting.Select(w => w.Question).DefaultIfEmpty("nothing"))}");
            }
        }
    }

    /// <summary>What was asked so far and not answered.</summary>
    public string[] Waiting()
    {
        while (_asked.Reader.TryRead(out var asked)) _waiting.Add(asked);
        return [.. _waiting.Select(w => w.Question)];
    }

    public int BatchMax(OrderIntentKind kind) => Batch;

    public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation) =>
        (ImmutableArray<VenueReply<OrderUpdate>>)await AskAsync(
            $"{intents[0].Kind} {string.Join(",", intents.Select(i => i.ClientOrderId))}", cancellation);

    public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) =>
        Ask<OrderUpdate>($"Place {placement.ClientOrderId}", cancellation);

    public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) =>
        Ask<OrderUpdate>($"Amend {amendment.ClientOrderId}", cancellation);

    public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) =>
        Ask<OrderUpdate>($"Cancel {cancel.ClientOrderId}", cancellation);

    public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => Ask<int>($"cancel all {prefix}", cancellation);

    public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) =>
        Ask<OrderUpdate>($"order {clientOrderId}", cancellation);

    public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) =>
        Ask<OrderPage>($"open {prefix}", cancellation);

    public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) =>
        Ask<ImmutableArray<BalanceReport>>("balances", cancellation);

    public Task<VenueReply<TimeSpan>> ArmAsync(TimeSpan window, CancellationToken cancellation) => Ask<TimeSpan>("arm", cancellation);

    public Task<VenueReply<TimeSpan>> DisarmAsync(CancellationToken cancellation) => Ask<TimeSpan>("disarm", cancellation);

    private async Task AcceptBatchAsync(string question, ImmutableArray<VenueReply<OrderUpdate>> replies) =>
        (await TakeAsync(question)).SetResult(replies);

    private async Task<VenueReply<T>> Ask<T>(string question, CancellationToken cancellation) =>
        (VenueReply<T>)await AskAsync(question, cancellation);

    private async Task<object> AskAsync(string question, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Writer.TryWrite((question, answer));
        return await answer.Task.WaitAsync(cancellation);
    }
}
