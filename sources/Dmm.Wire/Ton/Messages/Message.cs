namespace Dmm.Wire.Ton;

public enum MessageKind : byte
{
    /// <summary>From contract to contract.</summary>
    Internal,

    /// <summary>From outside to a contract.</summary>
    ExternalIn,

    /// <summary>From a contract to whoever listens: an event.</summary>
    ExternalOut,
}

/// <summary>A message as it stands in the chain.</summary>
/// <param name="Kind">Who speaks to whom.</param>
/// <param name="Source">The sending contract; null from outside, and in messages that are yet to be sent.</param>
/// <param name="Destination">The receiving contract; null to the outside.</param>
/// <param name="Value">What goes along; nothing to and from the outside.</param>
/// <param name="IsBounceable">What cannot be used comes back.</param>
/// <param name="IsBounced">It did come back: the body is 32 ones and the beginning of what was sent.</param>
/// <param name="Init">Deploys the receiver.</param>
/// <param name="Body">What it says.</param>
public sealed record Message(
    MessageKind Kind, Address? Source, Address? Destination, Coins Value, bool IsBounceable, bool IsBounced, StateInit? Init, Cell Body)
{
    /// <exception cref="CellException">The cell is no message, or one with addresses or an initial state of a kind that is not used.</exception>
    public static Message Read(Cell cell)
    {
        var slice = cell.Parse();
        if (!slice.LoadBit()) return ReadInternal(slice);
        return slice.LoadBit() ? ReadExternalOut(slice) : ReadExternalIn(slice);
    }

    private static Message ReadInternal(CellSlice slice)
    {
        slice.SkipBits(1);
        var (isBounceable, isBounced) = (slice.LoadBit(), slice.LoadBit());
        var (source, destination, value) = (slice.LoadAddress(), slice.LoadGivenAddress(), slice.LoadCoins());
        slice.LoadOptRef();
        slice.LoadAmount();
        slice.LoadAmount();
        slice.SkipBits(64 + 32);
        var (init, body) = MessageParts.Load(slice);
        return new(MessageKind.Internal, source, destination, value, isBounceable, isBounced, init, body);
    }

    private static Message ReadExternalIn(CellSlice slice)
    {
        slice.SkipExternalAddress();
        var destination = slice.LoadGivenAddress();
        slice.LoadAmount();
        var (init, body) = MessageParts.Load(slice);
        return new(MessageKind.ExternalIn, null, destination, 0, false, false, init, body);
    }

    private static Message ReadExternalOut(CellSlice slice)
    {
        var source = slice.LoadAddress();
        slice.SkipExternalAddress();
        slice.SkipBits(64 + 32);
        var (init, body) = MessageParts.Load(slice);
        return new(MessageKind.ExternalOut, source, null, 0, false, false, init, body);
    }
}
