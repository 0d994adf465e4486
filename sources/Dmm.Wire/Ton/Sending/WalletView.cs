namespace Dmm.Wire.Ton;

/// <summary>A wallet as of one block of the masterchain.</summary>
/// <param name="Seqno">The next that it takes; 0 before it is deployed.</param>
/// <param name="Balance">TON in it.</param>
/// <param name="ChainTime">
/// Unix time in seconds of that block, or of an earlier one: never later than the state that was read, or an expiry would be certain too early.
/// </param>
public sealed record WalletView(uint Seqno, Coins Balance, uint ChainTime);
