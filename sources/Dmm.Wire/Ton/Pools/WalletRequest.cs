namespace Dmm.Wire.Ton;

/// <summary>What others ask of their wallets from outside, before the chain has carried it out.</summary>
public static class WalletRequest
{
    private const int SignatureBits = 512;
    private const byte SimpleSend = 0;

    /// <summary>
    /// The messages that a wallet (v4 or v5) is told to send. None where the body is another contract's, or not of that form. Whether
    /// signature and number are right, and the money is there, shows only on the chain.
    /// </summary>
    public static IReadOnlyList<Message> Read(Cell body)
    {
        try
        {
            var transfers = BodyOps.Of(body) == WalletV5R1.SignedExternalOp ? V5(body) : V4(body);
            return [.. transfers.Select(Message.Read).Where(m => m.Kind == MessageKind.Internal)];
        }
        catch (CellException)
        {
            return [];
        }
    }

    private static IEnumerable<Cell> V5(Cell body)
    {
        var slice = body.Parse();
        // Operation, wallet, valid until, number.
        slice.SkipBits(4 * 32);
        return slice.LoadOptRef() is { } list ? WalletV5Actions.ReadTransfers(list).Select(t => t.Message) : [];
    }

    private static List<Cell> V4(Cell body)
    {
        var slice = body.Parse();
        slice.SkipBits(SignatureBits + 3 * 32);
        var messages = new List<Cell>();
        if (slice.LoadUInt(8) != SimpleSend) return messages;
        while (slice.RefsLeft > 0)
        {
            slice.SkipBits(8);
            messages.Add(slice.LoadRef());
        }

        slice.DemandEnd();
        return messages;
    }
}
