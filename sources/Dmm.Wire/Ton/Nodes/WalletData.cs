namespace Dmm.Wire.Ton;

/// <summary>A wallet's data as it stands in its account.</summary>
internal static class WalletData
{
    /// <summary>The number that it takes next. Both versions begin alike: v5 with a bit that says whether signatures are allowed, then number, id and
    /// key.</summary>
    /// <exception cref="FormatException">It is another wallet's, or takes no signatures.</exception>
    /// <exception cref="CellException">It is no wallet's.</exception>
    public static uint SeqnoOf(Cell data, IWalletContract wallet)
    {
        var (found, ours) = (data.Parse(), wallet.Init.Data.Parse());
        if (wallet is WalletV5R1 && (found.LoadBit(), ours.LoadBit()) is (false, _))
            throw new FormatException("the wallet takes no signatures any more");
        var (seqno, _) = (found.LoadUInt32(), ours.LoadUInt32());
        return (found.LoadUInt32(), found.LoadHash()) == (ours.LoadUInt32(), ours.LoadHash())
            ? seqno
            : throw new FormatException("the account is another wallet's: id and key are not ours");
    }
}
