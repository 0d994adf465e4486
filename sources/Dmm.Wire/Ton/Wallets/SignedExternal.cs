namespace Dmm.Wire.Ton;

/// <summary>A signed batch, ready to be sent, and sent again as it is until it expires.</summary>
/// <param name="Message">The external message.</param>
/// <param name="Seqno">The sequence number it uses up.</param>
/// <param name="ValidUntil">Unix time in seconds from which on it can do nothing any more.</param>
public sealed record SignedExternal(ExternalInMessage Message, uint Seqno, uint ValidUntil)
{
    /// <summary>Nodes take no larger message from outside.</summary>
    public const int BytesMax = 65_535;

    /// <summary>Nodes take no deeper message from outside.</summary>
    public const int DepthMax = 512;

    public Hash256 NormalisedHash => Message.NormalisedHash;

    /// <summary>Signs a batch. The first, with sequence number 0, deploys the wallet.</summary>
    /// <exception cref="ArgumentException">The key is not the wallet's, or the batch is none that the wallet or a node takes.</exception>
    public static SignedExternal Sign(
        IWalletContract wallet, ISigner signer, uint seqno, uint validUntil, IReadOnlyList<WalletTransfer> transfers)
    {
        if (signer.PublicKey != wallet.PublicKey)
            throw new ArgumentException($"the signer's public key is {signer.PublicKey}: expected {wallet.PublicKey}, the wallet's", nameof(signer));
        var part = wallet.SignedPart(seqno, validUntil, transfers);
        var body = wallet.Body(part, Signature(signer, part));
        var message = new ExternalInMessage(wallet.Address, body, seqno == 0 ? wallet.Init : null);
        var (bytes, depth) = (message.ToCell().Serialize().Length, message.ToCell().Depth);
        return bytes <= BytesMax && depth <= DepthMax
            ? new(message, seqno, validUntil)
            : throw new ArgumentException(
                $"a message of {bytes} bytes, {depth} cells deep: expected at most {BytesMax} and {DepthMax}, which is what nodes take",
                nameof(transfers));
    }

    /// <summary>As nodes take it.</summary>
    public byte[] ToBoc() => Message.ToCell().Serialize();

    private static byte[] Signature(ISigner signer, Cell part)
    {
        var signature = new byte[ISigner.SignatureBytes];
        signer.Sign(part.Hash.ToArray(), signature);
        return signature;
    }
}
