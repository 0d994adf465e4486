using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// One web socket of a venue: what is said on it and what is heard, without IO or clock. A venue that keeps public and private channels apart has two.
/// </summary>
public interface IVenueSocket
{
    /// <summary>What it is called in a feed's status, such as <c>public</c>.</summary>
    string Name { get; }

    Uri Url { get; }

    /// <summary>What the request for the socket carries beside what every such request does.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>It brings our orders and fills: what a frame of it said that cannot be read has to be asked for.</summary>
    bool HasAccount => Name == "private";

    /// <summary>How often the venue is asked for a sign of life; the session is given up after two intervals without a frame.</summary>
    TimeSpan PingInterval { get; }

    /// <summary>The first frame, which <see cref="VenueFrameKind.LoggedIn"/> answers; null where nothing is to be proved, or each subscription proves
    /// it.</summary>
    byte[]? Login(Timestamp now);

    /// <summary>
    /// The frames that ask for the channels, and how many <see cref="VenueFrameKind.Subscribed"/> answer them in all; the venue has been heard only then.
    /// </summary>
    IReadOnlyList<byte[]> Subscriptions(Timestamp now, out int answers);

    /// <summary>
    /// The frames by which the books begin anew, with a snapshot each, while the session lives: for a venue whose ids do not show that an update is
    /// missing. None where they do.
    /// </summary>
    IReadOnlyList<byte[]> BookRefreshes() => [];

    byte[] Ping(Timestamp now);

    /// <summary>The answer to a ping of the venue's, given its frame.</summary>
    byte[] Pong(ReadOnlySpan<byte> ping);

    /// <summary>Parses one frame into the batch, whose former content is dropped; no frame makes it throw.</summary>
    /// <param name="frame">The frame's payload, UTF-8.</param>
    /// <param name="receiveTime">When it reached us, on the receiving machine's clock.</param>
    /// <param name="batch">Reused from frame to frame; its messages are valid until the next call.</param>
    /// <param name="heard">What the frame is.</param>
    ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard);
}
