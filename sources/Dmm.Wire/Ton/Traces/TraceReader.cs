using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>
/// Reads what became of a wallet's batch from its trace. That a sequence number was used up proves nothing: the messages that went out do, and what
/// came of each.
/// </summary>
public static class TraceReader
{
    /// <summary>The outcome; null while the trace may still grow or be taken back, or when it is not one of this wallet.</summary>
    /// <param name="trace">As an indexer tells it.</param>
    /// <param name="wallet">The wallet that was asked from outside.</param>
    /// <param name="messages">How many messages the batch had.</param>
    public static TraceOutcome? Read(Trace trace, Address wallet, int messages)
    {
        if (!trace.IsComplete || trace.Finality != TraceFinality.Finalized) return null;
        var root = trace.Transactions.FirstOrDefault(t => t.Account == wallet && t.Came?.Content.Kind == MessageKind.ExternalIn);
        if (root is null) return null;
        var answers = new Dictionary<Hash256, TraceTransaction>();
        foreach (var transaction in trace.Transactions)
        {
            if (transaction.Came is { } came) answers[came.Hash] = transaction;
        }

        var legs = root.Sent.Where(m => m.Content.Kind == MessageKind.Internal).Select(m => Leg(m, wallet, answers)).ToImmutableArray();
        var fees = trace.Transactions.Where(t => t.Account == wallet).Aggregate(Coins.Zero, (sum, t) => sum + t.Fees);
        fees = root.Sent.Aggregate(fees, (sum, m) => sum + m.ForwardFee);
        return new(Together(legs, messages), legs, Math.Max(0, messages - legs.Length), fees, trace.Transactions.Max(t => t.At));
    }

    private static TraceKind Together(ImmutableArray<TraceLeg> legs, int messages)
    {
        if (legs.IsEmpty) return TraceKind.NotSent;
        var kinds = legs.Select(l => l.Kind).Concat(legs.Length < messages ? [TraceKind.NotSent] : []).Distinct().ToArray();
        return kinds is [var one] ? one : kinds.Contains(TraceKind.Executed) ? TraceKind.Partial : TraceKind.Refunded;
    }

    private static TraceLeg Leg(TraceMessage first, Address wallet, Dictionary<Hash256, TraceTransaction> answers)
    {
        var (swaps, taken) = (ImmutableArray.CreateBuilder<TracedSwap>(), ImmutableArray.CreateBuilder<JettonTaken>());
        var (returned, isBounced, isTurnedBack) = (Coins.Zero, false, false);
        var waiting = new Queue<TraceMessage>([first]);
        while (waiting.TryDequeue(out var message))
        {
            var content = message.Content;
            if (Told(content) is { } told) swaps.Add(told);
            if (content.IsBounced && content.Destination == wallet) isBounced = true;
            else if (content.IsBounced) isTurnedBack = true;
            // What comes to the wallet ends there: it answers nobody.
            if (content.Destination == wallet) returned += content.Value;
            // Each message is answered once; taken out, a trace that is not a tree ends too.
            if (!answers.Remove(message.Hash, out var answer)) continue;
            if (StonFiSwap.Read(content.Body, [.. answer.Sent.Select(m => m.Content.Body)]) is { } swap) swaps.Add(Of(swap, answer.Account));
            if (Taken(content, answer) is { } arrived) taken.Add(arrived);
            foreach (var next in answer.Sent) waiting.Enqueue(next);
            if (message == first && answer.Exit is not (null or 0 or 1)) isTurnedBack |= answer.Sent.All(m => !m.Content.IsBounced);
        }

        var isDone = swaps.Count > 0 ? swaps.All(s => s.IsDone) : !AsksForASwap(first.Content.Body);
        var kind = isBounced ? TraceKind.Bounced
            : returned == Coins.Zero && isTurnedBack && swaps.Count == 0 ? TraceKind.Failed
            : isTurnedBack || !isDone ? TraceKind.Refunded
            : TraceKind.Executed;
        return new(kind, first.Content.Destination!, first.Content.Value, returned, swaps.ToImmutable(), new(Asked(first), taken.ToImmutable()));
    }

    private static TracedSwap Of(StonFiSwap swap, Address pool) => new(
        pool, swap.OfferWallet, swap.AmountIn, swap.AskWallet, swap.AmountOut, swap.IsDone ? "" : StonFiV2Exits.NameOf(swap.ExitCode));

    /// <summary>What a pool of DeDust tells the outside of a swap: it does so when it has done it.</summary>
    private static TracedSwap? Told(Message message) =>
        message is { Kind: MessageKind.ExternalOut, Source: { } pool } && MessageBodies.Read(message.Body, out _) is DedustSwapEvent swap
            ? new(pool, swap.AssetIn.Minter, swap.AmountIn, swap.AssetOut.Minter, swap.AmountOut, "")
            : null;

    private static JettonTaken? Taken(Message message, TraceTransaction answer) =>
        !message.IsBounced && answer.Exit is 0 or 1 && answer.Sent.All(m => !m.Content.IsBounced)
        && MessageBodies.Read(message.Body, out _) is JettonInternalTransfer moved
            ? new(answer.Account, moved.Amount)
            : null;

    private static UInt128 Asked(TraceMessage first) =>
        MessageBodies.Read(first.Content.Body, out _) is JettonTransfer transfer ? transfer.Amount : 0;

    // A request that no pool ever saw was refused on its way.
    private static bool AsksForASwap(Cell body) => MessageBodies.Read(body, out _) switch
    {
        JettonTransfer { Payload.Cell: { } payload } => IsSwap(MessageBodies.ReadPayload(payload, out _)),
        PtonTransfer { Payload: { } payload } => IsSwap(MessageBodies.ReadPayload(payload, out _)),
        DedustNativeSwap => true,
        _ => false,
    };

    private static bool IsSwap(IMessageBody? payload) => payload is StonFiV1Swap or StonFiV2Swap or DedustJettonSwap;
}
