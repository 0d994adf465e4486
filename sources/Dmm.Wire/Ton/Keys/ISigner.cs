namespace Dmm.Wire.Ton;

/// <summary>Signs with one Ed25519 key, which it keeps to itself.</summary>
public interface ISigner
{
    public const int SignatureBytes = 64;

    Hash256 PublicKey { get; }

    /// <summary>Writes the 64 bytes of the signature.</summary>
    void Sign(ReadOnlySpan<byte> message, Span<byte> signature);
}
