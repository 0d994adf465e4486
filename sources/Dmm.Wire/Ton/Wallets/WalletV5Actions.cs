namespace Dmm.Wire.Ton;

/// <summary>What a v5 wallet can be told besides sending. We ask for none; who reads a wallet's requests must know them.</summary>
public abstract record WalletV5Action
{
    /// <summary>A contract that may use the wallet without a signature.</summary>
    public sealed record AddExtension(Address Extension) : WalletV5Action;

    public sealed record RemoveExtension(Address Extension) : WalletV5Action;

    /// <summary>Whether the key still rules the wallet.</summary>
    public sealed record AllowSignature(bool IsAllowed) : WalletV5Action;
}

/// <summary>The actions of a v5 wallet's request: messages as the virtual machine's list of actions, and the others behind a bit.</summary>
public static class WalletV5Actions
{
    private const uint SendMessage = 0x0ec3c86d;
    private const byte Add = 2, Remove = 3, Allow = 4;

    /// <exception cref="CellException">The cell is no list of messages, or a longer one.</exception>
    public static List<WalletTransfer> ReadTransfers(Cell list, int most = 255)
    {
        var transfers = new List<WalletTransfer>();
        while (list.BitsCount > 0)
        {
            var slice = list.Parse();
            list = slice.LoadRef();
            if (slice.LoadUInt(32) is var op && op != SendMessage) throw slice.Fault($"the action {op:x8}: expected {SendMessage:x8}");
            var mode = (SendMode)slice.LoadUInt(8);
            transfers.Add(new(slice.LoadRef(), mode));
            slice.DemandEnd();
            if (transfers.Count > most) throw slice.Fault($"a list of more than {most} messages");
        }

        transfers.Reverse();
        return transfers;
    }

    /// <summary>Writes both lists. The list of messages is a chain from the last to the first.</summary>
    public static CellBuilder Store(CellBuilder builder, IReadOnlyList<WalletTransfer> transfers, IReadOnlyList<WalletV5Action> others)
    {
        var list = Cell.Empty;
        foreach (var (message, mode) in transfers)
            list = new CellBuilder().StoreRef(list).StoreUInt(SendMessage, 32).StoreUInt((byte)mode, 8).StoreRef(message).Build();
        builder.StoreOptRef(transfers.Count == 0 ? null : list).StoreBit(others.Count > 0);
        if (others.Count == 0) return builder;
        Cell? rest = null;
        for (var i = others.Count - 1; i > 0; i--) rest = Chained(new(), others[i], rest).Build();
        return Chained(builder, others[0], rest);
    }

    private static CellBuilder Chained(CellBuilder builder, WalletV5Action action, Cell? rest)
    {
        _ = action switch
        {
            WalletV5Action.AddExtension add => builder.StoreUInt(Add, 8).StoreAddress(add.Extension),
            WalletV5Action.RemoveExtension remove => builder.StoreUInt(Remove, 8).StoreAddress(remove.Extension),
            WalletV5Action.AllowSignature allow => builder.StoreUInt(Allow, 8).StoreBit(allow.IsAllowed),
            _ => throw new ArgumentException($"{action.GetType().Name}: expected one of this file's", nameof(action)),
        };
        return rest is null ? builder : builder.StoreRef(rest);
    }
}
