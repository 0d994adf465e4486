using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>A recording in memory, and what a venue's source does with each frame: parses it and estimates the venue's clock.</summary>
internal sealed class VenueFrames(IVenueWire wire, FrameStore frames)
{
    private readonly MessageBatch _batch = new();
    private ClockOffsetState _clock;

    public int Count => frames.Count;

    public ReadOnlySpan<byte> Bytes(int frame) => frames[frame];

    public Timestamp Start => frames.ReceiveTime(0) - Timestamp.Unit;

    public Timestamp End => frames.ReceiveTime(frames.Count - 1);

    /// <summary>Starts the recording anew.</summary>
    public VenueFrames Rewind()
    {
        _clock = default;
        return this;
    }

    public void Parse(int frame) => wire.Parse(frames[frame], frames.ReceiveTime(frame), _batch);

    /// <summary>Parses one frame and hands its inputs on.</summary>
    public void Push<T>(int frame, T taker)
        where T : struct, IInputTaker
    {
        var receivedAt = frames.ReceiveTime(frame);
        wire.Parse(frames[frame], receivedAt, _batch);
        for (var i = 0; i < _batch.Count; i++)
        {
            ref readonly var input = ref _batch[i];
            if (input.Kind != InputKind.Control)
            {
                _clock = ClockOffsetEstimator.Step(_clock, input.VenueTime, receivedAt, out var isReported);
                if (isReported) taker.Take(receivedAt, new Input(new ClockOffset(wire.Venue, _clock.Offset)));
            }

            taker.Take(receivedAt, input);
        }
    }

    public void PushAll<T>(T taker)
        where T : struct, IInputTaker
    {
        for (var i = 0; i < Count; i++) Push(i, taker);
    }

    /// <summary>All inputs, with levels of their own, so that they can be pushed without the parser.</summary>
    public (Timestamp At, Input Input)[] Inputs()
    {
        List<(Timestamp, Input)> inputs = [];
        Rewind().PushAll(new Copier(inputs, new BookLevel[LevelsInBlock], [0]));
        return [.. inputs];
    }

    // The levels lie one behind the other, as in a feed's own buffer, not scattered over the heap.
    private const int LevelsInBlock = 1 << 20;

    private readonly struct Copier(List<(Timestamp, Input)> inputs, BookLevel[] levels, int[] used) : IInputTaker
    {
        public void Take(Timestamp at, in Input input) => inputs.Add((at, input.Kind == InputKind.Book ? new Input(Copied(input.Book)) : input));

        private BookUpdate Copied(in BookUpdate book)
        {
            var copy = levels.AsMemory(used[0], book.Levels.Length);
            book.Levels.CopyTo(copy);
            used[0] += copy.Length;
            return book with { Levels = copy };
        }
    }
}
