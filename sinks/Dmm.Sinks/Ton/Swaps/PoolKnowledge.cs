using Dmm.Core.Kernels;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>A look at a pool.</summary>
/// <param name="Pool">With the token's tax.</param>
/// <param name="Head">The block that was known before the look.</param>
/// <param name="At">Time stamp of our clock at which it was told.</param>
internal sealed record PoolLook(ITokenPool Pool, ChainHead Head, long At);

/// <summary>What is known of a pool and of the wallet that trades there, and whether a swap may be sent by it. Not thread-safe.</summary>
internal sealed class PoolKnowledge(PoolVenueOptions options, TimeProvider time)
{
    private long _restsUntil = time.GetTimestamp();
    private uint _looksFrom;
    private int _version;

    /// <summary>The last, unless something has changed since; null where there is none, or the pool makes no market.</summary>
    public PoolLook? Look { get; private set; }

    /// <summary>The wallet's balances; null where they are not known, or something has changed since.</summary>
    public PoolFunds? Funds { get; private set; }

    /// <summary>What a swap may be sent by; null while none may.</summary>
    public PoolLook? Usable =>
        Funds is not null && time.GetTimestamp() >= _restsUntil && Look is { } look && time.GetElapsedTime(look.At) <= options.SightAgeMax ? look : null;

    /// <summary>A look that is not older than the swap before it.</summary>
    public void Saw(ITokenPool? pool, ChainHead head) =>
        Look = pool is not null && head.At >= _looksFrom ? new(pool, head, time.GetTimestamp()) : null;

    /// <summary>To be given to <see cref="Read"/> with what is read from here on.</summary>
    public int BeginReading() => _version;

    /// <summary>Balances, unless a swap began or ended while they were read: it may be in one of them and not in the other.</summary>
    public void Read(PoolFunds funds, int version)
    {
        if (version == _version) Funds = funds;
    }

    /// <summary>A swap begins.</summary>
    public void Begin() => _version++;

    /// <summary>A swap has moved pool and wallet, by that time of the chain.</summary>
    public void Settled(uint at)
    {
        Forget();
        _looksFrom = Math.Max(_looksFrom, at);
    }

    /// <summary>A swap was refused, or not taken: why is not known well enough to try again at once.</summary>
    public void Rest()
    {
        Forget();
        _restsUntil = time.GetTimestamp() + (long)(options.RestAfterRefusal.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Nothing was sent, and nothing is by this look.</summary>
    public void GiveUp()
    {
        Look = null;
        _version++;
    }

    private void Forget()
    {
        (Look, Funds) = (null, null);
        _version++;
    }
}
