namespace Dmm.Wire.Ton;

/// <summary>
/// The end of every message: initial state and body, each inline or in a reference. Either place is valid; inline where it goes in is what other
/// wallets write, so that signatures over the same messages are the same.
/// </summary>
internal static class MessageParts
{
    public static CellBuilder Store(CellBuilder builder, StateInit? init, Cell body)
    {
        StoreInit(builder, init);
        return builder.HasRoom(1 + body.BitsCount, body.RefsCount) && !body.IsExotic
            ? builder.StoreBit(false).StoreCell(body)
            : builder.StoreBit(true).StoreRef(body);
    }

    public static (StateInit? Init, Cell Body) Load(CellSlice slice)
    {
        StateInit? init = null;
        if (slice.LoadBit())
        {
            if (slice.LoadBit())
            {
                var state = slice.LoadRef().Parse();
                init = StateInit.Load(state);
                state.DemandEnd();
            }
            else
            {
                init = StateInit.Load(slice);
            }
        }

        var body = slice.LoadBit() ? slice.LoadRef() : slice.LoadRemainder();
        slice.DemandEnd();
        return (init, body);
    }

    private static void StoreInit(CellBuilder builder, StateInit? init)
    {
        if (init is null)
        {
            builder.StoreBit(false);
            return;
        }

        var cell = init.ToCell();
        // One reference more is for the body.
        if (builder.HasRoom(2 + cell.BitsCount, cell.RefsCount + 1)) builder.StoreUInt(0b10, 2).StoreCell(cell);
        else builder.StoreUInt(0b11, 2).StoreRef(cell);
    }
}
