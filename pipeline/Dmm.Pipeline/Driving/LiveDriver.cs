using System.Buffers;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Driving;

/// <summary>
/// Feeds an engine from the outside world: sources write to one bounded channel (full means that the writer waits: nothing is dropped, nothing
/// overtakes), one reader stamps each input as it takes it and hands it to the engine; while nothing comes, a tick moves the clock so that due timers
/// fire. The only consumer of real time.
/// </summary>
/// <param name="engine">Owned by the caller; used by <see cref="RunAsync"/> alone while that runs.</param>
/// <param name="time">The host's clock.</param>
/// <param name="capacity">Inputs the channel holds.</param>
/// <param name="tick">Longest time the clock of a quiet engine stands still.</param>
public sealed class LiveDriver(JournaledEngine engine, TimeProvider time, int capacity, TimeSpan tick)
{
    private readonly Channel<Item> _channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(capacity)
    {
        FullMode = BoundedChannelFullMode.Wait,
        SingleReader = true,
    });

    /// <summary>Hands over an input, and waits while the channel is full. Levels of a book update are copied: the caller's buffer is free on return.</summary>
    public ValueTask WriteAsync(in Input input, CancellationToken cancellation) => _channel.Writer.WriteAsync(Own(input), cancellation);

    /// <summary>No more inputs: <see cref="RunAsync"/> takes what is in the channel and returns.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>
    /// Drives the engine until <see cref="Complete"/> or cancellation, then closes its run. An <see cref="EngineFaultException"/> passes through, for the
    /// host's kill path.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await WaitAsync(cancellation))
            {
                while (_channel.Reader.TryRead(out var item)) Take(item);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop: what was taken is journaled, what is still queued was never seen.
        }

        engine.Close();
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        var more = _channel.Reader.WaitToReadAsync(cancellation).AsTask();
        while (!more.IsCompleted)
        {
            using var tickEnds = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var ticked = Task.Delay(tick, time, tickEnds.Token);
            if (await Task.WhenAny(more, ticked) == ticked && !cancellation.IsCancellationRequested) engine.AdvanceTo(Now());
            await tickEnds.CancelAsync();
        }

        return await more;
    }

    private void Take(Item item)
    {
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
        if (input.Kind != InputKind.Book) return new Item(input, null);
        var book = input.Book;
        var rented = ArrayPool<BookLevel>.Shared.Rent(book.Levels.Length);
        book.Levels.CopyTo(rented);
        return new Item(new Input(book with { Levels = rented.AsMemory(0, book.Levels.Length) }), rented);
    }

    private readonly record struct Item(Input Input, BookLevel[]? Rented);
}
