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
/// <param name="Swaps">Pools of STON.fi that it went through, with exact amounts; of other exchanges there are none here.</param>
/// <param name="Jettons">What jetton wallets told us of having received.</param>
public sealed record TraceLeg(
    TraceKind Kind, Address To, Coins Sent, Coins Returned, ImmutableArray<StonFiSwap> Swaps, ImmutableArray<JettonReceived> Jettons);

/// <summary>Jettons that came to the wallet's owner.</summary>
/// <param name="Teller">The contract that says so: only our own jetton wallet is to be believed, which is the caller's to know.</param>
/// <param name="Amount">In the jetton's smallest units.</param>
public readonly record struct JettonReceived(Address Teller, UInt128 Amount);

/// <summary>What a trace says of a batch. The wallet's balance fell by sent plus fees less returned, exactly.</summary>
/// <param name="Kind">Of all legs together.</param>
/// <param name="Legs">In the order of the batch; messages that the wallet left out are not among them.</param>
/// <param name="Missing">Messages of the batch that the wallet left out.</param>
/// <param name="Fees">Of all the wallet's transactions in the trace, and of its messages' ways.</param>
public sealed record TraceOutcome(TraceKind Kind, ImmutableArray<TraceLeg> Legs, int Missing, Coins Fees)
{
    public Coins Sent => Legs.Aggregate(Coins.Zero, (sum, leg) => sum + leg.Sent);

    public Coins Returned => Legs.Aggregate(Coins.Zero, (sum, leg) => sum + leg.Returned);
}
