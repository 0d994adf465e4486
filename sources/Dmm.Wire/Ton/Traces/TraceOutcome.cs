using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>What became of what a wallet sent.</summary>
public enum TraceKind : byte
{
    /// <summary>Everything did what it was sent for.</summary>
    Executed,

    /// <summary>The first contract could not use it: it came back, less its gas.</summary>
    Bounced,

    /// <summary>It got as far as it could and was given back, less the gas of both ways.</summary>
    Refunded,

    /// <summary>The first contract failed and kept what was sent.</summary>
    Failed,

    /// <summary>The wallet spent gas and its sequence number, and sent nothing.</summary>
    NotSent,

    /// <summary>Some of it was executed, some not: each leg tells.</summary>
    Partial,
}

/// <summary>One message of a batch and what followed from it.</summary>
/// <param name="Kind">Never <see cref="TraceKind.Partial"/>.</param>
/// <param name="To">Whom it was sent to.</param>
/// <param name="Sent">What went along.</param>
/// <param name="Returned">What came to the wallet because of it: change, refund, proceeds in TON.</param>
/// <param name="Swaps">Pools that it went through, with exact amounts.</param>
/// <param name="Jettons">What it moved of jettons.</param>
public sealed record TraceLeg(
    TraceKind Kind, Address To, Coins Sent, Coins Returned, ImmutableArray<TracedSwap> Swaps, TracedJettons Jettons);

/// <summary>A swap of a pool of whichever exchange, in the smallest units of each token.</summary>
/// <param name="Pool">Whose transaction it was: that it is the pool that is meant is the caller's to know.</param>
/// <param name="Offer">What came in: STON.fi's router wallet of it; DeDust's minter, null for TON.</param>
/// <param name="AmountIn">How much came into the pool.</param>
/// <param name="Ask">What went out, named likewise.</param>
/// <param name="AmountOut">What the pool paid; nothing when the input went back.</param>
/// <param name="Reason">Why the input went back, as the pool says it; empty when the swap was done.</param>
public sealed record TracedSwap(Address Pool, Address? Offer, UInt128 AmountIn, Address? Ask, UInt128 AmountOut, string Reason)
{
    public bool IsDone => Reason.Length == 0;
}

/// <summary>Jettons that a message moved.</summary>
/// <param name="Asked">What it asked its receiver, a jetton wallet, to send; nothing where it asked for none.</param>
/// <param name="Taken">What jetton wallets took in, whosesoever: a transfer tax makes it less than what was sent.</param>
public sealed record TracedJettons(UInt128 Asked, ImmutableArray<JettonTaken> Taken)
{
    public static readonly TracedJettons None = new(0, []);

    /// <summary>What one jetton wallet took in.</summary>
    public UInt128 TakenBy(Address wallet) => Taken.Where(t => t.Wallet == wallet).Aggregate(UInt128.Zero, (sum, t) => sum + t.Amount);
}

/// <summary>Jettons that a jetton wallet took in.</summary>
/// <param name="Wallet">The jetton wallet: whose it is, and of which jetton, is the caller's to know.</param>
/// <param name="Amount">In the jetton's smallest units.</param>
public readonly record struct JettonTaken(Address Wallet, UInt128 Amount);

/// <summary>What a trace says of a batch. The wallet's balance fell by sent plus fees less returned, exactly.</summary>
/// <param name="Kind">Of all legs together.</param>
/// <param name="Legs">In the order of the batch; messages that the wallet left out are not among them.</param>
/// <param name="Missing">Messages of the batch that the wallet left out.</param>
/// <param name="Fees">Of all the wallet's transactions in the trace, and of its messages' ways.</param>
/// <param name="At">Unix time in seconds of the last transaction.</param>
public sealed record TraceOutcome(TraceKind Kind, ImmutableArray<TraceLeg> Legs, int Missing, Coins Fees, uint At)
{
    public Coins Sent => Legs.Aggregate(Coins.Zero, (sum, leg) => sum + leg.Sent);

    public Coins Returned => Legs.Aggregate(Coins.Zero, (sum, leg) => sum + leg.Returned);
}
