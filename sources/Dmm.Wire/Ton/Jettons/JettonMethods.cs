namespace Dmm.Wire.Ton;

/// <summary>What a jetton wallet says of itself. Any contract can say so: that the minter has that wallet for that owner is the proof.</summary>
/// <param name="Balance">In the jetton's smallest units.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Minter">Of which jetton.</param>
public sealed record JettonWalletData(UInt128 Balance, Address Owner, Address Minter);

/// <summary>What a minter tells of its jetton.</summary>
/// <param name="Supply">Smallest units that are there in all.</param>
/// <param name="Content">For people.</param>
public sealed record JettonData(UInt128 Supply, JettonContent Content);

/// <summary>Get-methods of jettons.</summary>
/// <remarks>Source: TEP-74, jettons standard.</remarks>
public static class JettonMethods
{
    /// <summary>Of a minter: what it tells of the jetton.</summary>
    public const string Data = "get_jetton_data";

    /// <summary>Of a wallet: how much it holds, and whose it is.</summary>
    public const string WalletData = "get_wallet_data";

    /// <summary>Of a minter, for an owner's address: the owner's wallet.</summary>
    public const string WalletAddress = "get_wallet_address";

    /// <summary>Reads the answer of <see cref="Data"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing is.</summary>
    public static bool TryReadContent(IReadOnlyList<StackItem> stack, out JettonContent? content, out string fault) =>
        StackReader.TryRead(Data, stack, 5, ReadContent, out content, out fault);

    /// <summary>As <see cref="TryReadContent"/>, with the supply.</summary>
    public static bool TryReadData(IReadOnlyList<StackItem> stack, out JettonData? data, out string fault) =>
        StackReader.TryRead(Data, stack, 5, ReadData, out data, out fault);

    /// <summary>Reads the answer of <see cref="WalletData"/>, as above.</summary>
    public static bool TryReadWallet(IReadOnlyList<StackItem> stack, out JettonWalletData? wallet, out string fault) =>
        StackReader.TryRead(WalletData, stack, 4, ReadWallet, out wallet, out fault);

    private static JettonContent ReadContent(StackReader stack) => ReadData(stack).Content;

    private static JettonData ReadData(StackReader stack)
    {
        var supply = stack.Amount("total_supply");
        // Whether more can be made, and by whom.
        stack.Skip(2);
        return new(supply, stack.Load("jetton_content", JettonContent.Load));
    }

    private static JettonWalletData ReadWallet(StackReader stack) =>
        new(stack.Amount("balance"), stack.Address("owner"), stack.Address("jetton"));
}
