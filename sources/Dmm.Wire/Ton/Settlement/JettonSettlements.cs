namespace Dmm.Wire.Ton;

/// <summary>
/// Reads from a trace what became of a burn or a transfer of jettons. Contracts are known by their addresses, which the caller got from the
/// minter: what another contract says in the same words means nothing.
/// </summary>
public static class JettonSettlements
{
    /// <summary>What became of a burn; null while the trace may still grow or be taken back.</summary>
    /// <param name="trace">As an indexer tells it.</param>
    /// <param name="owner">Who burns.</param>
    /// <param name="minter">Of the jetton.</param>
    /// <param name="queryId">Of the burn.</param>
    public static JettonSettlement? Burn(Trace trace, JettonHolder owner, Address minter, ulong queryId) => Read(
        trace, owner, minter, owner.Address,
        body => body is JettonBurn burn && burn.QueryId == queryId ? burn.Amount : null,
        body => body is JettonBurnNotification told && told.QueryId == queryId && told.Sender == owner.Address ? told.Amount : null);

    /// <summary>As <see cref="Burn"/>, of a transfer.</summary>
    /// <param name="trace">As an indexer tells it.</param>
    /// <param name="owner">Who sends.</param>
    /// <param name="receiver">Who is to get them.</param>
    /// <param name="queryId">Of the transfer.</param>
    public static JettonSettlement? Transfer(Trace trace, JettonHolder owner, JettonHolder receiver, ulong queryId) => Read(
        trace, owner, receiver.Wallet, receiver.Address,
        body => body is JettonTransfer transfer && transfer.QueryId == queryId && transfer.Destination == receiver.Address ? transfer.Amount : null,
        body => body is JettonInternalTransfer told && told.QueryId == queryId && told.From == owner.Address ? told.Amount : null);

    // The owner asks its jetton wallet, which tells the contract at the end, which agrees.
    private static JettonSettlement? Read(
        Trace trace, JettonHolder owner, Address end, Address receiver, Func<IMessageBody?, UInt128?> asks, Func<IMessageBody?, UInt128?> tells)
    {
        if (!trace.IsComplete || trace.Finality != TraceFinality.Finalized) return null;
        var answers = new Dictionary<Hash256, TraceTransaction>();
        foreach (var transaction in trace.Transactions)
        {
            if (transaction.Came is { } came) answers[came.Hash] = transaction;
        }

        var first = trace.Transactions.Where(t => t.Account == owner.Address).SelectMany(t => t.Sent)
            .FirstOrDefault(m => m.Content.Destination == owner.Wallet && asks(Body(m)) is not null);
        if (first is null) return new(SettlementKind.NotSent, 0, 0, 0, 0, 0, 0);

        var (settled, delivered, returned, exit) = ((UInt128?)null, Coins.Zero, Coins.Zero, 0);
        var waiting = new Queue<TraceMessage>([first]);
        while (waiting.TryDequeue(out var message))
        {
            var content = message.Content;
            if (content.Destination == owner.Address) returned += content.Value;
            else if (content.Destination == receiver && content.Source == end) delivered += content.Value;
            // What comes to either of them ends there; each message is answered once, so that a trace that is no tree ends too.
            if (content.Destination == owner.Address || content.Destination == receiver || !answers.Remove(message.Hash, out var answer)) continue;
            var isRefused = answer.Exit is not (0 or 1) || answer.Sent.Any(m => m.Content.IsBounced);
            if (isRefused && exit == 0) exit = answer.Exit ?? 0;
            if (!isRefused && !content.IsBounced && content.Source == owner.Wallet && content.Destination == end) settled ??= tells(Body(message));
            foreach (var next in answer.Sent) waiting.Enqueue(next);
        }

        return new(
            settled is null ? SettlementKind.Refused : SettlementKind.Settled, asks(Body(first))!.Value, settled ?? 0, first.Content.Value, delivered,
            returned, settled is null ? exit : 0);
    }

    private static IMessageBody? Body(TraceMessage message) =>
        message.Content.IsBounced ? null : MessageBodies.Read(message.Content.Body, out _);
}
