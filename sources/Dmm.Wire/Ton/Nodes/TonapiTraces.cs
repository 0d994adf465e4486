using System.Collections.Immutable;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>
/// Traces as TonAPI tells them: a tree of transactions, each with the messages that nobody has answered; those that somebody has stand at who did. How
/// many messages a transaction sent is read from its own cell, so that a trace from which one is missing is never taken for whole.
/// </summary>
/// <remarks>Source: tonkeeper/opentonapi, api/openapi.yml, pkg/core/trace.go; TL-B of transactions: ton-blockchain/ton, crypto/block/block.tlb.</remarks>
internal static class TonapiTraces
{
    /// <summary>
    /// What is told is not said to be in a block that the masterchain knows. It is once the masterchain is that much later: its blocks refer to those
    /// of shards within seconds, or never will.
    /// </summary>
    public const uint FinalityMarginSeconds = 5;

    // Tag, account, logical time, hash and logical time of the one before, time.
    private const int AccountBits = 256, TimeBits = 64, TransactionTag = 0b0111;

    /// <exception cref="FormatException">It is no trace of that message, nor says that there is none.</exception>
    public static Trace? Read(JsonElement json, Hash256 message, ChainHead before)
    {
        if (json.Optional("error") is not null)
        {
            return json.Text("error").Contains("not found", StringComparison.OrdinalIgnoreCase)
                ? null
                : throw new FormatException($"it says '{json.Text("error")}'");
        }

        var (transactions, isWhole, isEmulated) = (ImmutableArray.CreateBuilder<TraceTransaction>(), true, false);
        var open = new Stack<JsonElement>([json]);
        while (open.TryPop(out var node))
        {
            if (transactions.Count == ToncenterReplies.TransactionsMax)
                throw new FormatException($"a trace of more than {ToncenterReplies.TransactionsMax} transactions");
            JsonElement[] children = node.Optional("children") is { } below ? [.. below.EnumerateArray()] : [];
            var (transaction, isAnswered) = Transaction(node.Member("transaction"), children);
            transactions.Add(transaction);
            isWhole &= isAnswered;
            isEmulated |= node.Flag("emulated");
            foreach (var child in children) open.Push(child);
        }

        if (!transactions[0].Answers(message)) throw new FormatException("the trace is of another message than was asked for");
        var newest = transactions.Max(t => t.At);
        var finality = isEmulated ? TraceFinality.Pending
            : (ulong)newest + FinalityMarginSeconds <= before.At ? TraceFinality.Finalized
            : TraceFinality.Confirmed;
        return new(transactions.ToImmutable(), finality, isWhole);
    }

    /// <summary>A transaction, and whether all that it sent is known and answered.</summary>
    private static (TraceTransaction Transaction, bool IsAnswered) Transaction(JsonElement json, JsonElement[] children)
    {
        var account = json.Member("account").At("address");
        var left = json.Optional("out_msgs") is { } messages ? messages.EnumerateArray().ToArray() : [];
        var answered = children.Select(child => child.Member("transaction").Member("in_msg"));
        var sent = left.Concat(answered).OrderBy(message => message.Number("created_lt")).Select(Told).ToImmutableArray();
        var isAnswered = sent.Length == SentBy(json, account) && left.All(message => message.Text("msg_type") == "ext_out_msg");
        var compute = json.Optional("compute_phase");
        int? exit = compute is { } phase && !phase.Flag("skipped") && phase.Optional("exit_code") is { } code ? code.GetInt32() : null;
        var came = json.Optional("in_msg") is { } message ? Told(message) : null;
        return (new(account, json.Seconds("utime"), exit, json.Coin("total_fees"), came, sent), isAnswered);
    }

    /// <summary>How many messages a transaction sent, by its own cell, which must have its hash; null where there is none, as before it is on the
    /// chain.</summary>
    private static int? SentBy(JsonElement json, Address account)
    {
        if (json.Text("raw").Length == 0) return null;
        var raw = json.HexBag("raw");
        if (raw.Hash != json.HexHash("hash")) throw new FormatException("a transaction's cell has another hash than is told");
        var slice = raw.Parse();
        if (slice.LoadUInt(4) != TransactionTag) throw new FormatException("a transaction's cell is none of a transaction");
        if (slice.LoadHash() != account.Account) throw new FormatException("a transaction is another account's than is told");
        if (slice.LoadUInt(TimeBits) != json.Number("lt")) throw new FormatException("a transaction has another logical time than is told");
        slice.SkipBits(AccountBits + TimeBits + 32);
        return (int)slice.LoadUInt(15);
    }

    private static TraceMessage Told(JsonElement json)
    {
        var kind = json.Text("msg_type") switch
        {
            "int_msg" => MessageKind.Internal,
            "ext_in_msg" => MessageKind.ExternalIn,
            "ext_out_msg" => MessageKind.ExternalOut,
            var other => throw new FormatException($"a message of the type '{other}'"),
        };
        var body = json.Optional("raw_body") is null ? Cell.Empty : json.HexBag("raw_body");
        var (source, destination) = (json.Optional("source")?.At("address"), json.Optional("destination")?.At("address"));
        return new(
            json.HexHash("hash"), new(kind, source, destination, json.Coin("value"), json.Flag("bounce"), json.Flag("bounced"), null, body),
            json.Coin("fwd_fee"));
    }
}
