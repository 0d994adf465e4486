using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources;

/// <summary>
/// Several feeds as one, by receive time: of the feeds' next inputs the earliest comes first, of equal ones that of the feed named first. The order
/// inside a
/// feed is never changed. Statuses, rejections and offsets travel with the frame they came with. Ends when all have ended.
/// </summary>
/// <param name="feeds">The feeds, each with its own buffers.</param>
public sealed class MergedCapture(IReadOnlyList<CaptureFeed> feeds) : IObservable<Input>
{
    /// <summary>Pulls: the reader's owner sets the pace, and disposes it.</summary>
    public IInputReader Open() => new Reader(feeds);

    /// <summary>As <see cref="CaptureFeed.Subscribe"/>.</summary>
    public IDisposable Subscribe(IObserver<Input> observer) => CaptureFeed.Inputs(Open).Subscribe(observer);

    private sealed class Reader : IInputReader
    {
        private readonly IInputReader[] _readers;
        private readonly Head[] _heads;
        private int _taken = -1;

        public Reader(IReadOnlyList<CaptureFeed> feeds)
        {
            _readers = [.. feeds.Select(f => f.Open())];
            _heads = new Head[_readers.Length];
        }

        public bool TryRead(out Input input, out Timestamp receiveTime)
        {
            // Only now is the last input's buffer free for its feed to write to.
            if (_taken >= 0)
            {
                Draw(_taken);
            }
            else
            {
                for (var i = 0; i < _readers.Length; i++) Draw(i);
            }

            _taken = Earliest();
            if (_taken < 0)
            {
                input = default;
                receiveTime = Timestamp.None;
                return false;
            }

            ref readonly var head = ref _heads[_taken];
            input = head.Input;
            receiveTime = head.ReceiveTime;
            return true;
        }

        public void Dispose()
        {
            foreach (var reader in _readers) reader.Dispose();
        }

        private void Draw(int index)
        {
            ref var head = ref _heads[index];
            head.HasInput = _readers[index].TryRead(out head.Input, out head.ReceiveTime);
        }

        private int Earliest()
        {
            var earliest = -1;
            for (var i = 0; i < _heads.Length; i++)
                if (_heads[i].HasInput && (earliest < 0 || _heads[i].ReceiveTime < _heads[earliest].ReceiveTime))
                    earliest = i;
            return earliest;
        }

        private struct Head
        {
            public Input Input;
            public Timestamp ReceiveTime;
            public bool HasInput;
        }
    }
}
