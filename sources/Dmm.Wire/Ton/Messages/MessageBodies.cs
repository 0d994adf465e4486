namespace Dmm.Wire.Ton;

/// <summary>Tells bodies of messages and payloads of jetton transfers by their operation. No exception leaves it.</summary>
public static class MessageBodies
{
    /// <summary>
    /// Reads the body of a message between contracts. Null with an empty <paramref name="fault"/> when the operation is none of this layer's; null
    /// with the reason when it is and the body is not of its form.
    /// </summary>
    public static IMessageBody? Read(Cell body, out string fault) => Guard(body, Body, out fault);

    /// <summary>
    /// As <see cref="Read"/>, for what a jetton transfer or wrapped TON tells its receiver: the same numbers mean other forms there.
    /// </summary>
    public static IMessageBody? ReadPayload(Cell payload, out string fault) => Guard(payload, Payload, out fault);

    private static IMessageBody? Guard(Cell body, Func<Cell, IMessageBody?> read, out string fault)
    {
        fault = "";
        try
        {
            return read(body);
        }
        catch (CellException malformed)
        {
            fault = malformed.Message;
            return null;
        }
    }

    private static IMessageBody? Body(Cell body) => BodyOps.Of(body) switch
    {
        TextComment.Op => TextComment.Read(body),
        JettonTransfer.Op => JettonTransfer.Read(body),
        JettonInternalTransfer.Op => JettonInternalTransfer.Read(body),
        JettonNotification.Op => JettonNotification.Read(body),
        JettonExcesses.Op => JettonExcesses.Read(body),
        JettonBurn.Op => JettonBurn.Read(body),
        JettonBurnNotification.Op => JettonBurnNotification.Read(body),
        PtonTransfer.Op => PtonTransfer.Read(body),
        StonFiV1PoolSwap.Op => StonFiV1PoolSwap.Read(body),
        StonFiV1PayTo.Op => StonFiV1PayTo.Read(body),
        StonFiV2PoolSwap.Op => StonFiV2PoolSwap.Read(body),
        StonFiV2PayTo.Op => StonFiV2PayTo.Read(body),
        DedustNativeSwap.Op => DedustNativeSwap.Read(body),
        DedustNativeDeposit.Op => DedustNativeDeposit.Read(body),
        DedustCancelDeposit.Op => DedustCancelDeposit.Read(body),
        DedustPayout.Op => DedustPayout.Read(body),
        DedustSwapEvent.Op => DedustSwapEvent.Read(body),
        DedustDepositEvent.Op => DedustDepositEvent.Read(body),
        AnchorPost.Op => AnchorPost.Read(body),
        _ => null,
    };

    private static IMessageBody? Payload(Cell payload) => BodyOps.Of(payload) switch
    {
        TextComment.Op => TextComment.Read(payload),
        StonFiV1Swap.Op => StonFiV1Swap.Read(payload),
        StonFiV1Provide.Op => StonFiV1Provide.Read(payload),
        StonFiV2Swap.Op or StonFiV2Swap.CrossOp => StonFiV2Swap.Read(payload),
        StonFiV2Provide.Op => StonFiV2Provide.Read(payload),
        DedustJettonSwap.Op => DedustJettonSwap.Read(payload),
        DedustJettonDeposit.Op => DedustJettonDeposit.Read(payload),
        _ => null,
    };
}
