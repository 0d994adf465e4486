using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>
/// Finds swaps at a pool of ours in messages that are still on their way: asked of a wallet from outside, sent by it, told to the router or the
/// vault, or put to the pool. A swap that comes to our pool behind another pool is not found before it gets there: its amount is not known yet.
/// </summary>
/// <param name="baseWalletOf">
/// An owner's jetton wallet of the base token, as its minter tells: a transfer from any other contract moves another token, or none.
/// </param>
public sealed class SwapRequests(Func<Address, Address> baseWalletOf)
{
    /// <summary>The swaps of a pool of STON.fi, version 2, in the order of the message. No exception leaves it.</summary>
    public IReadOnlyList<SwapRequest> Read(Message message, StonFiV2Place place) =>
        Each(message, (sent, sender) => StonFi(sent, sender, place));

    /// <summary>As for STON.fi, of a classic pool of DeDust.</summary>
    public IReadOnlyList<SwapRequest> Read(Message message, DedustPlace place) =>
        Each(message, (sent, sender) => OfDedust(sent, sender, place));

    private static IReadOnlyList<SwapRequest> Each(Message message, Func<Message, Address?, SwapRequest?> read)
    {
        if (message.IsBounced) return [];
        var sent = message.Kind == MessageKind.ExternalIn ? WalletRequest.Read(message.Body) : message.Kind == MessageKind.Internal ? [message] : [];
        // What a wallet is told to send comes from it.
        return [.. sent.Select(m => read(m, m.Source ?? message.Destination)).OfType<SwapRequest>()];
    }

    private SwapRequest? StonFi(Message sent, Address? sender, StonFiV2Place place) => MessageBodies.Read(sent.Body, out _) switch
    {
        PtonTransfer { Payload: { } payload } pton when sent.Destination == place.QuoteWallet && sent.Value >= pton.Amount =>
            Asked(payload, place.BaseWallet, Side.Buy, pton.Amount.Nano, hasArrived: false),
        JettonTransfer transfer when transfer.Destination == place.Router && IsBaseWallet(sender, sent.Destination) =>
            Asked(transfer.Payload.Cell, place.QuoteWallet, Side.Sell, transfer.Amount, hasArrived: false),
        JettonNotification told when sent.Destination == place.Router && sender == place.BaseWallet =>
            Asked(told.Payload.Cell, place.QuoteWallet, Side.Sell, told.Amount, hasArrived: true),
        JettonNotification told when sent.Destination == place.Router && sender == place.QuoteWallet =>
            Asked(told.Payload.Cell, place.BaseWallet, Side.Buy, told.Amount, hasArrived: true),
        StonFiV2PoolSwap swap when sent.Destination == place.Pool && sender == place.Router => AtPool(swap, place),
        _ => null,
    };

    private SwapRequest? OfDedust(Message sent, Address? sender, DedustPlace place)
    {
        switch (MessageBodies.Read(sent.Body, out _))
        {
            case DedustNativeSwap swap when sent.Destination == Dedust.NativeVault && sent.Value >= swap.Amount:
                return Asked(swap.Step, swap.Params, Side.Buy, swap.Amount.Nano, hasArrived: false, place);
            case JettonTransfer transfer when transfer.Destination == place.BaseVault && IsBaseWallet(sender, sent.Destination):
                return Payload(transfer.Payload.Cell) is DedustJettonSwap sale
                    ? Asked(sale.Step, sale.Params, Side.Sell, transfer.Amount, hasArrived: false, place)
                    : null;
            case JettonNotification told when sent.Destination == place.BaseVault && sender is not null && sender == baseWalletOf(place.BaseVault):
                return Payload(told.Payload.Cell) is DedustJettonSwap asked
                    ? Asked(asked.Step, asked.Params, Side.Sell, told.Amount, hasArrived: true, place)
                    : null;
            default:
                return null;
        }
    }

    private bool IsBaseWallet(Address? owner, Address? wallet) => owner is not null && wallet is not null && baseWalletOf(owner) == wallet;

    private static SwapRequest? AtPool(StonFiV2PoolSwap swap, StonFiV2Place place)
    {
        var isFirst = swap.Amount0 > 0;
        var isSale = isFirst == place.IsBaseFirst;
        return Asked(
            swap.Payload, isSale ? place.QuoteWallet : place.BaseWallet, isSale ? Side.Sell : Side.Buy, isFirst ? swap.Amount0 : swap.Amount1,
            hasArrived: true);
    }

    private static SwapRequest? Asked(Cell payload, Address wanted, Side side, UInt128 amount, bool hasArrived) =>
        Payload(payload) is StonFiV2Swap swap && swap.AskWallet == wanted && amount > 0
            ? new(side, amount, swap.MinOut, swap.Deadline, hasArrived)
            : null;

    private static SwapRequest? Asked(DedustStep step, DedustSwapParams all, Side side, UInt128 amount, bool hasArrived, DedustPlace place) =>
        step.Pool == place.Pool && amount > 0 ? new(side, amount, step.Limit, all.Deadline, hasArrived) : null;

    private static IMessageBody? Payload(Cell payload) => MessageBodies.ReadPayload(payload, out _);
}
