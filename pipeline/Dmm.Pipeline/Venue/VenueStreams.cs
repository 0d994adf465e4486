using System.Buffers;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

[Flags]
internal enum VenueChannels : byte
{
    None = 0,
    Book = 1,
    Trades = 2,
    Orders = 4,
    Fills = 8,
    Private = Orders | Fills,
}

/// <summary>
/// Says what happens at the venue to the sessions that subscribed: each frame is formatted once, and only when somebody listens. Used by the market's
/// thread alone.
/// </summary>
/// <param name="listing">What the venue lists.</param>
/// <param name="post">Takes each frame of a fill, to post it; null where none are posted. Must not wait.</param>
internal sealed class VenueStreams(VenueListing listing, Action<byte[]>? post = null)
{
    private readonly HmacVenueWriter _writer = listing.NewWriter();
    private readonly ArrayBufferWriter<byte> _buffer = new(4_096);
    private readonly List<(VenueSession Session, VenueChannels Channels)> _listeners = [];

    /// <summary>The session is told that it is subscribed, then of everything that happens from now on.</summary>
    public void Subscribe(VenueSession session, VenueChannels channels)
    {
        _writer.Subscribed(_buffer);
        session.TrySend(TakeFrame());
        _listeners.RemoveAll(l => l.Session.HasEnded);
        var at = _listeners.FindIndex(l => l.Session == session);
        if (at < 0) _listeners.Add((session, channels));
        else _listeners[at] = (session, _listeners[at].Channels | channels);
    }

    public void Say(in BookUpdate book)
    {
        if (!HasListeners(VenueChannels.Book)) return;
        _writer.Book(book, _buffer);
        Send(VenueChannels.Book);
    }

    public void Say(ReadOnlySpan<Trade> trades)
    {
        if (trades.IsEmpty || !HasListeners(VenueChannels.Trades)) return;
        _writer.Trades(trades, _buffer);
        Send(VenueChannels.Trades);
    }

    public void Say(OrderUpdate order, long sequence)
    {
        if (!HasListeners(VenueChannels.Orders)) return;
        _writer.Order(order, sequence, _buffer);
        Send(VenueChannels.Orders);
    }

    public void Say(Fill fill, long sequence)
    {
        if (post is null && !HasListeners(VenueChannels.Fills)) return;
        _writer.Fill(fill, sequence, _buffer);
        post?.Invoke(_buffer.WrittenSpan.ToArray());
        Send(VenueChannels.Fills);
    }

    private bool HasListeners(VenueChannels channel)
    {
        foreach (var (_, channels) in _listeners)
            if ((channels & channel) != 0) return true;
        return false;
    }

    private void Send(VenueChannels channel)
    {
        var frame = TakeFrame();
        for (var i = _listeners.Count - 1; i >= 0; i--)
        {
            var (session, channels) = _listeners[i];
            if ((channels & channel) != 0 && !session.TrySend(frame)) _listeners.RemoveAt(i);
        }
    }

    private byte[] TakeFrame()
    {
        var frame = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        return frame;
    }
}
