using System.Collections.Immutable;
using System.Diagnostics;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>
/// A whole ladder replaced at a venue that answers after a while: six cancels and six placements, from the first intent until the last answer. What
/// it
/// costs to wait for each answer before the next request, against several under way, against batches.
/// </summary>
internal static class OrderPathBenchmark
{
    private const int Rungs = 6;
    private const int Rounds = 31;
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(5);

    public static void Run()
    {
        Report.Title($"orders: a ladder of {Rungs} replaced, the venue answers after {Answer.TotalMilliseconds:0} ms");
        Measure("one request under way", inFlight: 1, batch: 1);
        Measure("eight under way", inFlight: 8, batch: 1);
        Measure("eight under way, batches of 20", inFlight: 8, batch: 20);
    }

    private static void Measure(string name, int inFlight, int batch)
    {
        var venue = new SlowVenue(Answer, batch);
        var heard = new SemaphoreSlim(0);
        var orders = new VenueOrders(
            venue, new() { InFlightMax = inFlight }, TimeProvider.System, () => 1,
            (_, _) =>
            {
                heard.Release();
                return ValueTask.CompletedTask;
            });
        using var end = new CancellationTokenSource();
        var running = orders.RunAsync("dbenchx", end.Token);
        List<double> milliseconds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Rungs; i++) orders.TrySend(Intent(OrderIntentKind.Cancel, Rungs * round + i));
            for (var i = 0; i < Rungs; i++) orders.TrySend(Intent(OrderIntentKind.Place, Rungs * (round + 1) + i));
            for (var i = 0; i < 2 * Rungs; i++) heard.Wait();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        end.Cancel();
        running.GetAwaiter().GetResult();
        milliseconds.Sort();
        Report.Figure(name, milliseconds[Rounds / 2], "ms", beside: $"{venue.Requests / (double)Rounds:0.#} requests");
    }

    private static OrderIntent Intent(OrderIntentKind kind, int number) => new()
    {
        Kind = kind, Instrument = new(0), ClientOrderId = $"dbenchx0x{number}", Side = Side.Buy, PriceTicks = 10_000, SizeLots = 10, IsPostOnly = true,
    };

    private sealed class SlowVenue(TimeSpan answer, int batch) : IOrderVenue
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public string Venue => "slow";

        public int BatchMax(OrderIntentKind kind) => batch;

        public async Task<ImmutableArray<VenueReply<OrderUpdate>>> SendBatchAsync(ImmutableArray<OrderIntent> intents, CancellationToken cancellation)
        {
            await AnswerAsync(cancellation);
            return [.. intents.Select(i => new VenueReply<OrderUpdate>.Accepted(State(i)))];
        }

        public Task<VenueReply<OrderUpdate>> SubmitOrderAsync(OrderIntent placement, CancellationToken cancellation) => OneAsync(placement, cancellation);

        public Task<VenueReply<OrderUpdate>> AmendOrderAsync(OrderIntent amendment, CancellationToken cancellation) => OneAsync(amendment, cancellation);

        public Task<VenueReply<OrderUpdate>> CancelOrderAsync(OrderIntent cancel, CancellationToken cancellation) => OneAsync(cancel, cancellation);

        public Task<VenueReply<int>> CancelAllAsync(string prefix, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<OrderUpdate>> FetchOrderAsync(string clientOrderId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<OrderPage>> FetchOpenOrdersAsync(string prefix, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<OrderPage>> FetchOrdersSinceAsync(long cursor, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<FillPage>> FetchFillsSinceAsync(string tradeId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<BookUpdate>> FetchOrderBookAsync(Instrument instrument, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<VenueReply<ImmutableArray<Trade>>> FetchTradesAsync(Instrument instrument, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<VenueReply<ImmutableArray<BalanceReport>>> FetchBalancesAsync(CancellationToken cancellation) => throw new NotSupportedException();

        private async Task<VenueReply<OrderUpdate>> OneAsync(OrderIntent intent, CancellationToken cancellation)
        {
            await AnswerAsync(cancellation);
            return new VenueReply<OrderUpdate>.Accepted(State(intent));
        }

        private async Task AnswerAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _requests);
            await Task.Delay(answer, cancellation);
        }

        private static OrderUpdate State(OrderIntent intent) => new()
        {
            Instrument = intent.Instrument, ClientOrderId = intent.ClientOrderId, Side = intent.Side, PriceTicks = intent.PriceTicks, RemainingLots = intent.SizeLots,
            Status = intent.Kind == OrderIntentKind.Cancel ? OrderStatus.Cancelled : OrderStatus.Live, Reason = "",
        };
    }
}
