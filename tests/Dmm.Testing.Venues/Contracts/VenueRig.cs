using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Testing.Venues;

/// <summary>By what a client signs.</summary>
public enum RigCredentials
{
    Genuine,
    WrongSecret,
    UnknownKey,
}

/// <summary>All that the contracts need to know of one venue: its fake, its adapter, and where it is allowed to differ from others.</summary>
public abstract class VenueRig
{
    /// <summary>What the fake lists; the contracts trade the first. Prices around <see cref="VenueContract.Mid"/> ticks must be possible.</summary>
    public abstract IReadOnlyList<Instrument> Instruments { get; }

    public Instrument Instrument => Instruments[0];

    /// <summary>How long the adapter waits for an answer; no other wait of it is as long.</summary>
    public virtual TimeSpan RequestTimeout => TimeSpan.FromSeconds(2.5);

    public virtual PostOnlyStyle PostOnly => PostOnlyStyle.Refused;

    /// <summary>
    /// An answer to a placement, an amendment or a cancel is a receipt (<see cref="OrderStatus.PendingNew"/>); the state comes by the stream.
    /// </summary>
    public virtual bool AnswersAreReceipts => false;

    /// <summary>More orders and fills than any page of the venue's holds.</summary>
    public virtual int BeyondAPage => 120;

    /// <summary>
    /// The venue numbers what it says of our orders, so that the feed sees when a message is lost. Elsewhere the order path finds it, by comparing lists.
    /// </summary>
    public virtual bool NumbersOrderMessages => true;

    /// <summary>The account at this market has a balance of that asset: that of contracts holds what they settle in alone.</summary>
    public virtual bool Holds(string asset) => true;

    /// <summary>Our client order id as it stands on the wire.</summary>
    public virtual string OnTheWire(string clientOrderId) => clientOrderId;

    /// <summary>The venue's side of the wire, for one fake.</summary>
    public abstract IVenueDialect NewDialect();

    /// <summary>What <see cref="OnTheWire"/> was made of; the id itself where it is not ours.</summary>
    public virtual string FromTheWire(string wireId) => wireId;

    /// <summary>Our side: the adapter, against that fake. Its own count of the venue's limits is so high that no contract reaches it.</summary>
    public abstract IOrderVenue NewVenue(HttpClient client, FakeVenue venue, TimeProvider time, RigCredentials credentials, TimeSpan requestTimeout);

    /// <summary>
    /// Runs the venue's feed with genuine credentials until cancelled, and then ends without an exception. Real time passes: pings and sweeps
    /// each half second, reconnects after some ten milliseconds.
    /// </summary>
    public abstract Task RunFeedAsync(
        HttpClient client, FakeVenue venue, TimeProvider time, string lastTradeId, Func<Input, CancellationToken, ValueTask> write,
        CancellationToken cancellation);

    /// <summary>The venue's dead-man's switch; null where it has none.</summary>
    public virtual IDeadManSwitch? NewDeadMan(HttpClient client, FakeVenue venue, TimeProvider time) => null;
}
