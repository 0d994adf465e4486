using System.Collections.Immutable;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Driving;
using Dmm.Sinks;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Running;

/// <summary>How trading ended.</summary>
/// <param name="Fault">What ended it; null when it was asked to end.</param>
/// <param name="IsClean">Each venue itself reported that no order of ours is open.</param>
/// <param name="Reached">The engine's clock at the end.</param>
/// <param name="RecoverySeconds">From the beginning until orders could be placed at the last venue that opened; null when none did.</param>
internal sealed record DeskEnd(Exception? Fault, bool IsClean, Timestamp Reached, double? RecoverySeconds);

/// <summary>What feeds a desk: runs until cancelled, and hands each message to the writer.</summary>
internal delegate Task DeskFeed(Func<Input, CancellationToken, ValueTask> write, CancellationToken cancellation);

/// <summary>
/// One asset traded at its venues, from what an earlier process left to the moment when each venue reports none of our orders open. Start-up is
/// recovery, and there is no other: the engine goes on where the journal ends, with the ways out closed; each order the journal knows of is asked for
/// at its venue; fills are fetched from the last one counted; then that venue's way out opens, whatever becomes of the others.
/// </summary>
/// <param name="start">Where to begin; the venues have none of our orders open.</param>
/// <param name="venues">Those of the instruments; their order paths are told by <see cref="WriteAsync"/>.</param>
/// <param name="journal">Open, and at the end of what <paramref name="start"/> was made from.</param>
/// <param name="sink">Where decisions go.</param>
/// <param name="mayNotSend">Cancelled when nothing may be sent any more, not even a cancel: the orders are another's to see to.</param>
/// <param name="time">The host's clock.</param>
internal sealed class DeskRun(
    DeskStart start, ImmutableArray<DeskVenue> venues, IJournalWriter journal, LiveOrderSink sink,
    CancellationToken mayNotSend, TimeProvider time)
{
    private const int InputsQueuedMax = 16_384;

    // Longest time that a due timer of a quiet engine waits.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    // Above twice the receive window, within which a request that was lost on its way may still arrive.
    internal static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(15);

    private static readonly Backoff Patience = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    // Once the venue reports nothing open, what it said of the last orders is on the wire at most.
    private static readonly TimeSpan HearPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private LiveDriver? _driver;
    private double? _recoverySeconds;

    /// <summary>What trades; null before it begins.</summary>
    public JournaledEngine? Engine { get; private set; }

    /// <summary>Hands an input to the engine, and waits while its queue is full.</summary>
    /// <exception cref="ChannelClosedException">The engine has ended; the inner exception is its fault, if it had one.</exception>
    public ValueTask WriteAsync(Input input, CancellationToken cancellation) => _driver!.WriteAsync(input, cancellation);

    /// <summary>As <see cref="WriteAsync"/>, without effect before there is an engine and once it has ended.</summary>
    public async Task TryWriteAsync(Input input)
    {
        if (_driver is not { } driver) return;
        try
        {
            await driver.WriteAsync(input, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // Who ended it tells why.
        }
    }

    /// <summary>See <see cref="LiveDriver.AfterAllBeforeAsync"/>.</summary>
    public ValueTask AfterAllBeforeAsync(Action callback, CancellationToken cancellation) => _driver!.AfterAllBeforeAsync(callback, cancellation);

    /// <summary>Recovers, then trades until <paramref name="stop"/> or until a part of it fails; then cancels all orders of ours.</summary>
    /// <param name="markets">Gives what the feeds of the venues do not, such as more market data; null when those give all.</param>
    /// <param name="stop">Asks for the end.</param>
    public async Task<DeskEnd> TradeAsync(DeskFeed? markets, CancellationToken stop)
    {
        using var engine = new JournaledEngine(
            start.Topology, start.Instruments, start.Parameters, start.Engine, start.Identity, journal, sink);
        Engine = engine;
        Resume(engine);
        var driver = _driver = new LiveDriver(engine, time, InputsQueuedMax, Tick);
        using var end = new CancellationTokenSource();
        var driving = driver.RunAsync(CancellationToken.None);
        List<Task> parts = [driving];
        foreach (var venue in venues)
        {
            parts.Add(OpenAsync(venue, end.Token));
            parts.Add(venue.Account((input, cancellation) => WriteAccountAsync(venue, input, cancellation), end.Token));
        }

        if (markets is not null) parts.Add(markets(WriteAsync, end.Token));
        await UntilOverAsync(parts, stop);
        var fault = parts.FirstOrDefault(part => part.IsCompleted) is not { } ended ? null
            : ended.Exception?.GetBaseException() ?? new InvalidOperationException("a part of the run ended by itself");
        foreach (var venue in venues) venue.Orders.Fence("the run ends");
        foreach (var venue in venues) fault ??= await CloseAsync(driver, venue.Name);
        // Needs nothing of the engine, and comes whatever became of it.
        var isClean = await IsNoneOpenAsync();
        if (fault is null) await HeardAsync();
        // Who writes to the engine ends before it does.
        await end.CancelAsync();
        var late = await EndedAsync([.. parts.Where(part => part != driving)]);
        fault ??= late;
        driver.Complete();
        fault ??= await EndedAsync([driving]);
        return new(fault, isClean, engine.Time, _recoverySeconds);
    }

    /// <summary>Lets the engine ask for nothing more, and record why; its fault when it ended meanwhile.</summary>
    internal static async Task<Exception?> CloseAsync(LiveDriver driver, string venue)
    {
        try
        {
            await driver.WriteAsync(new Input(new AdapterStatus(venue, AcceptsOrders: false, "the run ends")), CancellationToken.None);
            return null;
        }
        catch (ChannelClosedException ended)
        {
            return ended.InnerException ?? ended;
        }
    }

    private async ValueTask WriteAccountAsync(DeskVenue venue, Input input, CancellationToken cancellation)
    {
        await WriteAsync(input, cancellation);
        if (input is { Kind: InputKind.Control, Control: FeedStatus { State: FeedState.Connected } }) venue.TellAccountKnown();
    }

    /// <summary>The first inputs close the ways out, at the very moment where the journal ended: nothing that was due since may be acted on.</summary>
    private void Resume(JournaledEngine engine)
    {
        var at = engine.Time;
        var ended = start.Recovered?.Reached.At ?? at;
        var why = start.Recovered is null ? "the account is being read" : $"recovering from {ended}, where the journal ended";
        foreach (var venue in venues) engine.Take(at, new Input(new AdapterStatus(venue.Name, AcceptsOrders: false, why)));
        if (start.Recovered is null) return;
        engine.Take(at, new Input(new JournalStatus(IsWritable: true, $"goes on, from {ended}")));
        foreach (var venue in start.Instruments.All.Select(i => i.Venue).Distinct())
            engine.Take(at, new Input(new FeedStatus(venue, FeedState.Disconnected, $"the process had ended at {ended}")));
    }

    /// <summary>Opens the way out to a venue once what was left behind there is known, then carries orders.</summary>
    private async Task OpenAsync(DeskVenue venue, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var left = start.Orders.Where(order => start.Instruments[order.Instrument].Venue == venue.Name).ToArray();
        foreach (var order in left) await ReconcileAsync(venue, order, cancellation);
        await venue.AccountKnown.WaitAsync(cancellation);
        var carrying = venue.Orders.RunAsync(start.Ids.Prefix, cancellation);
        lock (_lock) _recoverySeconds = Math.Max(_recoverySeconds ?? 0, time.GetElapsedTime(began).TotalSeconds);
        await WriteAsync(
            new Input(new AdapterStatus(venue.Name, AcceptsOrders: true, $"orders and fills are known, {left.Length} orders were asked for")),
            cancellation);
        venue.Opened();
        await carrying;
    }

    /// <summary>An order of an earlier process: the venue's word on it, or, while it has none, the order path keeps asking.</summary>
    private async Task ReconcileAsync(DeskVenue venue, LiveOrder order, CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            switch (await venue.Rest.FetchOrderAsync(order.ClientOrderId, cancellation))
            {
                case VenueReply<OrderUpdate>.Accepted { Value: var found }:
                    await WriteAsync(new Input(found), cancellation);
                    if (found.Status < OrderStatus.Filled) venue.Orders.Adopt(Cancel(order));
                    return;
                case VenueReply<OrderUpdate>.Refused { Refusal.Kind: RefusalKind.UnknownOrder }:
                    // What the earlier process sent may still be on its way.
                    await WriteAsync(new Input(Unknown(order)), cancellation);
                    venue.Orders.Adopt(Cancel(order));
                    return;
                default:
                    await Task.Delay(Patience.Delay(failures, chance: 1), time, cancellation);
                    break;
            }
        }
    }

    private static OrderIntent Cancel(LiveOrder order) => new()
    {
        Kind = OrderIntentKind.Cancel, Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Side = order.Side,
        PriceTicks = order.PriceTicks, SizeLots = order.RemainingLots, IsPostOnly = true,
    };

    private static OrderUpdate Unknown(LiveOrder order) => new()
    {
        Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = OrderStatus.PendingUnknown, Side = order.Side,
        PriceTicks = order.PriceTicks, RemainingLots = order.RemainingLots, Reason = "the venue does not know it, or not yet",
    };

    /// <summary>The first fault of those parts, once all have ended.</summary>
    private static async Task<Exception?> EndedAsync(IReadOnlyCollection<Task> parts)
    {
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return parts.FirstOrDefault(part => part.IsFaulted)?.Exception!.GetBaseException();
    }

    private static async Task UntilOverAsync(IEnumerable<Task> parts, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await Task.WhenAny([.. parts, stopped.Task]);
    }

    private async Task<bool> IsNoneOpenAsync()
    {
        using var patience = new CancellationTokenSource(venues.Max(venue => venue.CancelPatience), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, mayNotSend);
        try
        {
            // Side by side: a venue that does not answer must not keep the others' orders open.
            await Task.WhenAll(venues.Select(venue => venue.Orders.CancelAllOursAsync(start.Ids.Prefix, either.Token)));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task HeardAsync()
    {
        for (var waited = time.GetTimestamp(); sink.OpenOrders > 0 && time.GetElapsedTime(waited) < HearPatience;) await Task.Delay(Tick, time);
    }
}
