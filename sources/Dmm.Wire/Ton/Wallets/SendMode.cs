namespace Dmm.Wire.Ton;

/// <summary>How the chain treats a message that a contract sends.</summary>
[Flags]
public enum SendMode : byte
{
    None = 0,

    /// <summary>Fees come from the balance, not off the value.</summary>
    PayFeesSeparately = 1,

    /// <summary>
    /// A message that cannot be sent is left out and the rest goes on: the sequence number is used up and nothing says so but the missing message.
    /// </summary>
    IgnoreErrors = 2,
    DestroyIfEmpty = 32,
    CarryInboundValue = 64,
    CarryBalance = 128,
}
