namespace Dmm.Wire.Ton;

internal static class WalletBatch
{
    public static void Demand(IReadOnlyList<WalletTransfer> transfers, int most)
    {
        if (transfers.Count < 1 || transfers.Count > most)
            throw new ArgumentException($"{transfers.Count} messages in a batch: expected 1 to {most}", nameof(transfers));
    }

    public static CellBuilder StoreSignature(CellBuilder builder, ReadOnlySpan<byte> signature) => signature.Length == ISigner.SignatureBytes
        ? builder.StoreBytes(signature)
        : throw new ArgumentException($"a signature of {signature.Length} bytes: expected {ISigner.SignatureBytes}", nameof(signature));
}
