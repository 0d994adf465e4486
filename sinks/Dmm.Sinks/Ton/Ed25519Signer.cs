using Dmm.Wire.Ton;
using NSec.Cryptography;

namespace Dmm.Sinks.Ton;

/// <summary>Signs with an Ed25519 key that libsodium holds in guarded memory until it is disposed of. Thread-safe.</summary>
public sealed class Ed25519Signer : ISigner, IDisposable
{
    private readonly Key _key;

    /// <param name="seed">32 bytes, as <see cref="Mnemonic.DeriveSeed"/> gives them; the caller clears them.</param>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public Ed25519Signer(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Hash256.Bytes) throw new ArgumentException($"a seed of {seed.Length} bytes: expected {Hash256.Bytes}", nameof(seed));
        _key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        PublicKey = new(_key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    public Hash256 PublicKey { get; }

    public static bool Verify(Hash256 publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey.ToArray(), KeyBlobFormat.RawPublicKey, out var key)
        && key is not null
        && SignatureAlgorithm.Ed25519.Verify(key, message, signature);

    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => SignatureAlgorithm.Ed25519.Sign(_key, message, signature);

    public void Dispose() => _key.Dispose();
}
