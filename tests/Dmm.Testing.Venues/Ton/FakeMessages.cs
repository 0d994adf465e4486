using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>What comes from outside to a wallet of version 5 at a fake node.</summary>
internal static class FakeMessages
{
    public static SendAttempt Attempt(string boc)
    {
        var message = Message.Read(Cell.FromBase64(boc));
        var hash = new ExternalInMessage(message.Destination!, message.Body).NormalisedHash;
        // Operation, id, time, number.
        var body = message.Body.Parse();
        body.SkipBits(64);
        var validUntil = body.LoadUInt32();
        return new(body.LoadUInt32(), validUntil, hash, Convert.FromBase64String(boc));
    }

    /// <summary>The wallet's data at that number.</summary>
    public static Cell Data(WalletV5R1 wallet, uint seqno)
    {
        var slice = wallet.Init.Data.Parse();
        var isAllowed = slice.LoadBit();
        slice.SkipBits(32);
        return new CellBuilder().StoreBit(isAllowed).StoreUInt(seqno, 32).StoreCell(slice.LoadRemainder()).Build();
    }
}
