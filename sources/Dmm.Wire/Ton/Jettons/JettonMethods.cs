namespace Dmm.Wire.Ton;

/// <summary>Whose a jetton wallet says that it is. Any contract can say so: that the minter has that wallet for that owner is the proof.</summary>
public sealed record JettonWalletData(Address Owner, Address Minter);

/// <summary>Get-methods of jettons.</summary>
/// <remarks>Source: TEP-74, jettons standard.</remarks>
public static class JettonMethods
{
    /// <summary>Of a minter: what it tells of the jetton.</summary>
    public const string Data = "get_jetton_data";

    /// <summary>Of a wallet: whose it is.</summary>
    public const string WalletData = "get_wallet_data";

    /// <summary>Of a minter, for an owner's address: the owner's wallet.</summary>
    public const string WalletAddress = "get_wallet_address";

    /// <summary>Reads the answer of <see cref="Data"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing is.</summary>
    public static bool TryReadContent(IReadOnlyList<StackItem> stack, out JettonContent? content, out string fault) =>
        StackReader.TryRead(Data, stack, 5, ReadContent, out content, out fault);

    /// <summary>Reads the answer of <see cref="WalletData"/>, as above.</summary>
    public static bool TryReadWallet(IReadOnlyList<StackItem> stack, out JettonWalletData? wallet, out string fault) =>
        StackReader.TryRead(WalletData, stack, 4, ReadWallet, out wallet, out fault);

    private static JettonContent ReadContent(StackReader stack)
    {
        // Supply, whether more can be made, and by whom.
        stack.Skip(3);
        return stack.Load("jetton_content", JettonContent.Load);
    }

    private static JettonWalletData ReadWallet(StackReader stack)
    {
        // The balance.
        stack.Skip();
        return new(stack.Address("owner"), stack.Address("jetton"));
    }
}
