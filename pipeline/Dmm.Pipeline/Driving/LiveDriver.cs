using System.Buffers;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Driving;

/// <summary>
/// Feeds an engine from the outside world: sources write to one bounded channel (full means that the writer waits: nothing is dropped, nothing
/// overtakes), one reader stamps each input as it takes it and hands it to the engine; a tick in the same channel moves the clock while nothing
/// comes, so that due timers fire. The only consumer of real time.
/// </summary>
/// <param name="engine">Owned by the caller; used by <see cref="RunAsync"/> alone while that runs.</param>
/// <param name="time">The host's clock.</param>
/// <param name="capacity">Items the channel holds; at most one of them is a tick.</param>
/// <param name="tick">Longest time the clock of a quiet engine stands still.</param>
public sealed class LiveDriver(JournaledEngine engine, TimeProvider time, int capacity, TimeSpan tick)
{
    private readonly Channel<Item> _channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(capacity)
    {
        FullMode = BoundedChannelFullMode.Wait,
        SingleReader = true,
    });

    private int _isTickQueued;

    /// <summary>
    /// Hands over an input, and waits while the channel is full. Levels of a book update are copied: the caller's buffer is free on return.
    /// </summary>
    /// <exception cref="ChannelClosedException">The driver has ended, or ended while this waited; the inner exception is its fault, if it had
    /// one.</exception>
    public ValueTask WriteAsync(in Input input, CancellationToken cancellation) => _channel.Writer.WriteAsync(Own(input), cancellation);

    /// <summary>
    /// Calls back on the engine's thread once everything written before this is taken and journaled; waits while the channel is full. For sources
    /// that say what they need not be given again.
    /// </summary>
    /// <exception cref="ChannelClosedException">As for <see cref="WriteAsync"/>.</exception>
    public ValueTask AfterAllBeforeAsync(Action callback, CancellationToken cancellation) =>
        _channel.Writer.WriteAsync(new Item(default, null, IsTick: false, callback), cancellation);

    /// <summary>No more inputs: <see cref="RunAsync"/> takes what is in the channel and returns. A writer that still waits is refused.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>
    /// Drives the engine until <see cref="Complete"/> or cancellation, then closes its run. An <see cref="EngineFaultException"/>, as any other,
    /// passes through, for the host's kill path. However it ends, writers are refused from then on, also those that wait.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await using var ticks = time.CreateTimer(static driver => ((LiveDriver)driver!).Tick(), this, tick, tick);
            await TakeAllAsync(cancellation);
            engine.Close();
        }
        catch (Exception fault)
        {
            _channel.Writer.TryComplete(fault);
            throw;
        }

        _channel.Writer.TryComplete();
    }

    private async Task TakeAllAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _channel.Reader.WaitToReadAsync(cancellation))
            {
                // Asked to stop: what was taken is journaled, what is still queued was never seen, however fast more of it comes.
                while (!cancellation.IsCancellationRequested && _channel.Reader.TryRead(out var item)) Take(item);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    /// <summary>A full channel needs no tick: its inputs move the clock.</summary>
    private void Tick()
    {
        if (Interlocked.Exchange(ref _isTickQueued, 1) == 1) return;
        if (!_channel.Writer.TryWrite(new Item(default, null, IsTick: true))) Volatile.Write(ref _isTickQueued, 0);
    }

    private void Take(Item item)
    {
        if (item.Callback is { } callback)
        {
            engine.Flush();
            callback();
            return;
        }

        if (item.IsTick)
        {
            Volatile.Write(ref _isTickQueued, 0);
            engine.AdvanceTo(Now());
            return;
        }

        try
        {
            engine.Take(Now(), item.Input);
        }
        finally
        {
            if (item.Rented is { } levels) ArrayPool<BookLevel>.Shared.Return(levels);
        }
    }

    private Timestamp Now() => Timestamp.From(time.GetUtcNow());

    private static Item Own(in Input input)
    {
        if (input.Kind != InputKind.Book) return new Item(input, null, IsTick: false);
        var book = input.Book;
        var rented = ArrayPool<BookLevel>.Shared.Rent(book.Levels.Length);
        book.Levels.CopyTo(rented);
        return new Item(new Input(book with { Levels = rented.AsMemory(0, book.Levels.Length) }), rented, IsTick: false);
    }

    private readonly record struct Item(Input Input, BookLevel[]? Rented, bool IsTick, Action? Callback = null);
}
