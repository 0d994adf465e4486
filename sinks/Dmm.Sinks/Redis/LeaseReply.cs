namespace Dmm.Sinks.Redis;

/// <summary>How asking for an asset ended.</summary>
public abstract record LeaseReply
{
    private LeaseReply()
    {
    }

    /// <summary>The asset is ours.</summary>
    public sealed record Granted(OwnershipLease Lease) : LeaseReply;

    /// <summary>It is not.</summary>
    /// <param name="Holder">Node that holds it; empty while nobody may, because the store may have forgotten an owner.</param>
    /// <param name="For">How long, unless it is renewed: worth waiting before asking again.</param>
    public sealed record Held(string Holder, TimeSpan For) : LeaseReply;
}

public enum LeaseState : byte
{
    /// <summary>Ours, and the last renewal worked.</summary>
    Held,

    /// <summary>Ours, though the last renewal failed.</summary>
    Failing,

    /// <summary>No longer ours: nothing may be sent.</summary>
    Lost,

    /// <summary>Given up by ourselves.</summary>
    Released,
}

/// <summary>How a lease stands, and why in words.</summary>
public sealed record LeaseStatus(LeaseState State, string Detail);
