namespace Dmm.Wire.Ton;

/// <summary>What a wallet pays for a batch beside the messages' own values.</summary>
public static class WalletGas
{
    // Of one message, and of each more; measured on the virtual machine.
    private const ulong V4R2First = 3_308, V4R2More = 642, V5R1First = 4_939, V5R1More = 717;

    /// <summary>Import of the batch, computation, and the ways of its messages; storage is small change, and within any buffer.</summary>
    /// <param name="wallet">Which version counts.</param>
    /// <param name="transfers">The batch.</param>
    /// <param name="isFirst">With the wallet's initial state, which is imported along.</param>
    /// <param name="fees">Prices.</param>
    public static Coins Estimate(IWalletContract wallet, IReadOnlyList<WalletTransfer> transfers, bool isFirst, ChainFees fees)
    {
        var (first, more) = wallet is WalletV4R2 ? (V4R2First, V4R2More) : (V5R1First, V5R1More);
        var body = wallet.Body(wallet.SignedPart(0, uint.MaxValue, transfers), new byte[ISigner.SignatureBytes]);
        var external = new ExternalInMessage(wallet.Address, body, isFirst ? wallet.Init : null).ToCell();
        var total = Way(external, fees) + fees.ForGas(first + more * (ulong)(transfers.Count - 1));
        return transfers.Aggregate(total, (sum, transfer) => sum + Way(transfer.Message, fees));
    }

    // Cells behind the first, each of them once.
    private static Coins Way(Cell message, ChainFees fees)
    {
        var (bits, cells) = (0UL, 0UL);
        HashSet<Hash256> seen = [];
        var waiting = new Stack<Cell>(message.Refs.ToArray());
        while (waiting.TryPop(out var cell))
        {
            if (!seen.Add(cell.Hash)) continue;
            (bits, cells) = (bits + (ulong)cell.BitsCount, cells + 1);
            foreach (var below in cell.Refs) waiting.Push(below);
        }

        return fees.ForMessage(bits, cells);
    }
}
