namespace Dmm.Core.Ports;

/// <summary>Why a request did not take effect. In each case it is certain that it did not.</summary>
public enum RefusalKind : byte
{
    /// <summary>A rule of the venue for orders: price, size, funds, post-only, state of the market.</summary>
    Order,

    /// <summary>The venue knows no order of that id, or none that is still open.</summary>
    UnknownOrder,

    /// <summary>An order of that id exists already: an earlier request of ours arrived after all.</summary>
    DuplicateOrder,

    /// <summary>Too many requests, by the venue's count or by our own.</summary>
    RateLimited,

    /// <summary>Key, signature or time stamp.</summary>
    Credentials,

    /// <summary>The venue could not be reached: nothing was sent.</summary>
    NotSent,
}

/// <summary>A request that certainly did not take effect.</summary>
/// <param name="Kind">What can be done about it.</param>
/// <param name="Reason">In words, the venue's own where it gave any.</param>
/// <param name="RetryAfter">How long to wait before asking again; zero where nobody said.</param>
public sealed record VenueRefusal(RefusalKind Kind, string Reason, TimeSpan RetryAfter = default);

/// <summary>How a request to a venue ended: one of three, and there is no fourth.</summary>
public abstract record VenueReply<T>
{
    private VenueReply()
    {
    }

    /// <summary>The venue did what was asked.</summary>
    /// <param name="Value">What it said.</param>
    public sealed record Accepted(T Value) : VenueReply<T>;

    /// <summary>It certainly did not.</summary>
    public sealed record Refused(VenueRefusal Refusal) : VenueReply<T>;

    /// <summary>It may have, or may yet: no answer, or none that can be read. Only a query can tell.</summary>
    /// <param name="Reason">In words.</param>
    public sealed record Unknown(string Reason) : VenueReply<T>;

    /// <summary>Why there is no value, in words; empty where there is one.</summary>
    public string Fault => this switch
    {
        Refused refused => refused.Refusal.Reason,
        Unknown unknown => unknown.Reason,
        _ => "",
    };
}
