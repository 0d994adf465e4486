namespace Dmm.Wire.Ton;

/// <summary>One message of a batch, and how it is to be sent.</summary>
public readonly record struct WalletTransfer(Cell Message, SendMode Mode = SendMode.PayFeesSeparately | SendMode.IgnoreErrors)
{
    public WalletTransfer(InternalMessage message, SendMode mode = SendMode.PayFeesSeparately | SendMode.IgnoreErrors) : this(message.ToCell(), mode)
    {
    }
}

/// <summary>A version of the wallet contract with one key: its address, and how it wants to be told what to send.</summary>
public interface IWalletContract
{
    Address Address { get; }

    Hash256 PublicKey { get; }

    StateInit Init { get; }

    /// <summary>How many messages go into one batch.</summary>
    int TransfersMax { get; }

    /// <summary>What is signed: its hash is.</summary>
    /// <param name="seqno">The wallet's sequence number, which the batch uses up.</param>
    /// <param name="validUntil">Unix time in seconds from which on the wallet refuses it.</param>
    /// <param name="transfers">One to <see cref="TransfersMax"/>, in the order in which they are sent.</param>
    /// <exception cref="ArgumentException">There are none or too many, or a mode is one that the wallet refuses.</exception>
    Cell SignedPart(uint seqno, uint validUntil, IReadOnlyList<WalletTransfer> transfers);

    /// <summary>The body of the external message: signature and signed part where this version has them.</summary>
    Cell Body(Cell signedPart, ReadOnlySpan<byte> signature);
}
