namespace Dmm.Wire.Ton;

/// <summary>What a workchain asks for gas and messages, from its configuration; prices in units of 2⁻¹⁶ nanoton.</summary>
/// <param name="Gas">Of a unit of gas (parameters 20 and 21).</param>
/// <param name="MessageLump">Nanotons of every message (parameters 24 and 25).</param>
/// <param name="MessageBit">Of a bit behind the message's first cell.</param>
/// <param name="MessageCell">Of a cell behind the first.</param>
/// <param name="FirstShare">What of a message's fee is paid when it is sent, in units of 2⁻¹⁶; the rest goes along with it.</param>
/// <param name="StorageBit">Of a bit that is kept for a second (parameter 18).</param>
/// <param name="StorageCell">Of a cell that is kept for a second.</param>
/// <remarks>Source: ton-org/docs, foundations/fees.</remarks>
public sealed record ChainFees(
    ulong Gas, ulong MessageLump, ulong MessageBit, ulong MessageCell, uint FirstShare, ulong StorageBit, ulong StorageCell)
{
    /// <summary>The basic workchain since 2024. The chain can change them at any time: they are for estimates, with a buffer.</summary>
    public static readonly ChainFees Basic = new(26_214_400, 400_000, 26_214_400, 2_621_440_000, 21_845, 1, 500);

    private const int Scale = 16;

    /// <summary>Of a computation.</summary>
    public Coins ForGas(ulong gas) => Coins.FromNano(Up((UInt128)gas * Gas));

    /// <summary>Of sending a message whose cells behind the first are so many, with so many bits; of taking one from outside likewise.</summary>
    public Coins ForMessage(ulong bits, ulong cells) => Coins.FromNano(MessageLump + Up((UInt128)bits * MessageBit + (UInt128)cells * MessageCell));

    /// <summary>The part of a message's fee that its sender's transaction pays.</summary>
    public Coins FirstPart(Coins messageFee) => Coins.FromNano((messageFee.Nano * FirstShare) >> Scale);

    /// <summary>Of being kept.</summary>
    public Coins ForStorage(ulong bits, ulong cells, ulong seconds) =>
        Coins.FromNano(Up(((UInt128)bits * StorageBit + (UInt128)cells * StorageCell) * seconds));

    private static UInt128 Up(UInt128 scaled) => (scaled + 0xFFFF) >> Scale;
}
