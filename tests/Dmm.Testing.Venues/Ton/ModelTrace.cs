using Dmm.Core;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>The trace of one swap, hop by hop, as contracts of the exchanges send messages to each other.</summary>
/// <param name="wallet">Ours.</param>
/// <param name="at">Unix time in seconds of all its transactions.</param>
internal sealed class ModelTrace(Address wallet, uint at)
{
    private static int _numbers;

    private readonly List<(Address From, Address To, Coins Value, Cell Body)> _hops = [];
    private readonly List<(int AfterHop, Address Pool, Cell Body)> _told = [];

    /// <summary>From the wallet's message to what the router, which has the pool's answer, does with it.</summary>
    public void StonFi(StonFiV2Place place, Message asked, SwapOrder order, UInt128 arrives, UInt128 pays, uint refusal, bool isRouterRefusing)
    {
        var isBuy = order.Side == Side.Buy;
        var payload = isBuy ? PtonTransfer.Read(asked.Body).Payload! : JettonTransfer.Read(asked.Body).Payload.Cell;
        var (inWallet, gas) = (isBuy ? place.QuoteWallet : place.BaseWallet, Coins.Parse("0.2"));
        Hop(wallet, asked.Destination!, asked.Value, asked.Body);
        if (!isBuy) Hop(asked.Destination!, place.BaseWallet, gas, Internal(order.QueryId, arrives, wallet));
        Hop(inWallet, place.Router, gas, new JettonNotification(order.QueryId, arrives, wallet, ForwardPayload.InReference(payload)).ToCell());
        if (isRouterRefusing) return;
        var isBaseIn = !isBuy;
        var (amount0, amount1) = isBaseIn == place.IsBaseFirst ? (arrives, (UInt128)0) : ((UInt128)0, arrives);
        Hop(place.Router, place.Pool, gas, new StonFiV2PoolSwap(order.QueryId, wallet, amount0, amount1, payload).ToCell());
        var (wallet0, wallet1) = place.IsBaseFirst ? (place.BaseWallet, place.QuoteWallet) : (place.QuoteWallet, place.BaseWallet);
        var isFirstOut = refusal == 0 ? isBaseIn != place.IsBaseFirst : isBaseIn == place.IsBaseFirst;
        var sum = refusal == 0 ? pays : arrives;
        Hop(place.Pool, place.Router, gas, new StonFiV2PayTo(
            order.QueryId, wallet, wallet, wallet, refusal == 0 ? StonFiV2Exits.SwapOk : refusal, null, 0, isFirstOut ? sum : 0, wallet0,
            isFirstOut ? 0 : sum, wallet1).ToCell());
    }

    /// <summary>From the wallet's message to the pool's event.</summary>
    public void Dedust(DedustPlace place, Message asked, SwapOrder order, UInt128 arrives, UInt128 pays, bool isDone)
    {
        var (vault, gas) = (order.Side == Side.Buy ? Wire.Ton.Dedust.NativeVault : place.BaseVault, Coins.Parse("0.2"));
        Hop(wallet, asked.Destination!, asked.Value, asked.Body);
        if (order.Side == Side.Sell)
        {
            Hop(asked.Destination!, At(0x71), gas, Internal(order.QueryId, arrives, wallet));
            Hop(At(0x71), vault, gas, new JettonNotification(order.QueryId, arrives, wallet, ForwardPayload.None).ToCell());
        }

        Hop(vault, place.Pool, gas, new CellBuilder().StoreUInt(0x61ee542d, 32).StoreUInt(order.QueryId, 64).Build());
        if (!isDone) return;
        var (token, ton) = (new DedustAsset(place.BaseMinter), DedustAsset.Native);
        var (offered, wanted) = order.Side == Side.Buy ? (ton, token) : (token, ton);
        _told.Add((_hops.Count - 1, place.Pool, new DedustSwapEvent(offered, wanted, arrives, pays, wallet, null, 1, 1).ToCell()));
    }

    /// <summary>From whom has them last to our jetton wallet.</summary>
    public void JettonsArrive(Address jettonWallet, UInt128 amount) =>
        Hop(_hops[^1].To, jettonWallet, Coins.Parse("0.1"), Internal(7, amount, _hops[^1].To));

    /// <summary>What is left, and proceeds in TON.</summary>
    public void Return(Coins value) => Hop(_hops[^1].To, wallet, value, new JettonExcesses(7).ToCell());

    /// <summary>The whole.</summary>
    public Trace Of(Message external, Coins fees, Message? sent)
    {
        var messages = _hops.Select(h => Told(new(MessageKind.Internal, h.From, h.To, h.Value, true, false, null, h.Body))).ToArray();
        List<TraceTransaction> all = [new(wallet, at, 0, fees, Told(external), sent is null ? [] : [messages[0]])];
        for (var i = 0; i < messages.Length; i++)
        {
            var events = _told.Where(t => t.AfterHop == i)
                .Select(t => Told(new(MessageKind.ExternalOut, t.Pool, null, 0, false, false, null, t.Body)));
            all.Add(new(_hops[i].To, at, 0, 0, messages[i], [.. i + 1 < messages.Length ? [messages[i + 1]] : Array.Empty<TraceMessage>(), .. events]));
        }

        return new([.. all], TraceFinality.Finalized, IsComplete: true);
    }

    private void Hop(Address from, Address to, Coins value, Cell body) => _hops.Add((from, to, value, body));

    private static Cell Internal(ulong queryId, UInt128 amount, Address from) =>
        new JettonInternalTransfer(queryId, amount, from, from, 1, ForwardPayload.None).ToCell();

    private static TraceMessage Told(Message message)
    {
        var number = new byte[32];
        BitConverter.TryWriteBytes(number, Interlocked.Increment(ref _numbers));
        return new(new Hash256(number), message, 0);
    }

    private static Address At(byte fill) => new(0, new Hash256([.. Enumerable.Repeat(fill, 32)]));
}
