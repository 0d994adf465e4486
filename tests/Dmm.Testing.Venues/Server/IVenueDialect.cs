namespace Dmm.Testing.Venues;

/// <summary>What a request asks for, whatever it is called at a venue: faults are aimed by this.</summary>
public enum VenueOperation
{
    /// <summary>Not a call of the venue.</summary>
    None,
    Place,
    PlaceBatch,
    Amend,
    AmendBatch,
    Cancel,
    CancelBatch,

    /// <summary>All at once, or all of an instrument.</summary>
    CancelAll,

    /// <summary>One order, open or ended.</summary>
    Order,
    OpenOrders,

    /// <summary>Orders that changed or ended lately.</summary>
    OrderHistory,
    Fills,
    Balances,

    /// <summary>Of contracts.</summary>
    Positions,

    /// <summary>How the account is set up.</summary>
    Settings,
    Book,
    Trades,
    Instruments,
    Time,

    /// <summary>The dead-man's switch.</summary>
    DeadMan,

    /// <summary>A web socket is asked for; said by the server, never by a dialect.</summary>
    Connect,
}

/// <summary>
/// The wire of one venue, from the venue's side: everything that tells a fake OKX from a fake Gate.io. The market behind it, the sockets and the
/// faults
/// are the same for all. Called with the market's gate held, so that a request is one step and its answer comes after what the streams tell of it.
/// </summary>
public interface IVenueDialect
{
    /// <summary>What a request asks for; reads no more of it than that takes.</summary>
    VenueOperation Operation(FakeRequest request);

    /// <summary>
    /// Checks who asks, does what is asked, and says what came of it. Must not throw, whatever the request: an answer of the venue's own kind tells
    /// what is wrong with it.
    /// </summary>
    FakeAnswer Answer(FakeRequest request, FakeMarket market);

    /// <summary>The answer of a venue that refuses a request for that reason; headers such as the time to wait are the dialect's.</summary>
    FakeAnswer Refuse(FakeRequest request, MarketRefusal refusal);

    /// <summary>A client asks for a web socket; null where the venue has none at that path.</summary>
    ISocketDialect? Connect(FakeRequest request, FakeMarket market);
}

/// <summary>One web socket of a client, from the venue's side: knows who is logged in and what is subscribed. Called with the gate held.</summary>
public interface ISocketDialect
{
    /// <summary>A text frame of the client's. Must not throw.</summary>
    void Hear(ReadOnlySpan<byte> frame, IFrameSink sink);

    /// <summary>Something happened: what the client has subscribed is told.</summary>
    void Tell(MarketEvent happened, IFrameSink sink);
}

/// <summary>What a frame is, so that faults can be aimed.</summary>
[Flags]
public enum FrameKind
{
    None = 0,

    /// <summary>Answers to the client: logins, subscriptions, pongs, errors.</summary>
    Reply = 1,
    Book = 2,
    Trade = 4,
    Order = 8,
    Fill = 16,
    Balance = 32,
    Public = Book | Trade,

    /// <summary>A venue that tells fills within its order messages says them as <see cref="Order"/> | <see cref="Fill"/>.</summary>
    Private = Order | Fill | Balance,
    Any = Reply | Public | Private,
}

/// <summary>Takes what a venue says on one web socket.</summary>
public interface IFrameSink
{
    /// <summary>Says a text frame; the bytes are copied.</summary>
    void Say(FrameKind kind, ReadOnlySpan<byte> payload);

    /// <summary>Closes the web socket in good order, after what was said.</summary>
    void Close();
}
