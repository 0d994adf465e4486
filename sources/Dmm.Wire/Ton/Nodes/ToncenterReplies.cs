using System.Collections.Immutable;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>What toncenter answers. A reply about something else than was asked for is none: its rows may be strangers'.</summary>
public static class ToncenterReplies
{
    /// <summary>Above any trace of ours.</summary>
    public const int TransactionsMax = 1_000;

    private const int StackMax = 255;

    /// <summary>
    /// A wallet from its account's state, all as of one block: number, balance and time cannot disagree. The state must be that of this very wallet.
    /// </summary>
    public static bool TryReadWallet(ReadOnlyMemory<byte> body, IWalletContract wallet, out WalletView? view, out string fault) =>
        NodeJson.TryRead(body, json => Wallet(Result(json), wallet), out view, out fault);

    /// <summary>The last block of the masterchain that is indexed.</summary>
    public static bool TryReadHead(ReadOnlyMemory<byte> body, out ChainHead head, out string fault) =>
        NodeJson.TryRead(body, json => Head(json.Member("last")), out head, out fault);

    /// <summary>The trace of a message; null where there is none.</summary>
    public static bool TryReadTrace(ReadOnlyMemory<byte> body, Hash256 message, out Trace? trace, out string fault) =>
        NodeJson.TryRead(body, json => Traces(json, message), out trace, out fault);

    /// <summary>The hash under which indexers will know a message that was taken.</summary>
    public static bool TryReadSent(ReadOnlyMemory<byte> body, out Hash256 hash, out string fault) =>
        NodeJson.TryRead(body, json => Result(json).HashOf("hash_norm"), out hash, out fault);

    /// <summary>Jettons of an owner, in the smallest units; nothing where there is no wallet. Rows of other owners or jettons are an error.</summary>
    public static bool TryReadJettons(ReadOnlyMemory<byte> body, Address owner, Address master, out UInt128 amount, out string fault) =>
        NodeJson.TryRead(body, json => Jettons(json.Member("jetton_wallets"), owner, master), out amount, out fault);

    /// <summary>A get-method's items. One that ended otherwise than with 0 or 1 is no answer: what is on its stack means nothing.</summary>
    public static bool TryReadMethod(ReadOnlyMemory<byte> body, out ImmutableArray<StackItem> items, out string fault) =>
        NodeJson.TryRead(body, Items, out items, out fault);

    private static ChainHead Head(JsonElement last) => last.Number("seqno") is var seqno && seqno <= uint.MaxValue
        ? new((uint)seqno, last.Seconds("gen_utime"))
        : throw new FormatException("'seqno' is no number of a block");

    private static ImmutableArray<StackItem> Items(JsonElement json)
    {
        if (json.Signed("exit_code") is var exit and not (0 or 1))
            throw new FormatException(FormattableString.Invariant($"the method ended with exit code {exit}: expected 0 or 1"));
        var stack = json.Member("stack");
        if (stack.GetArrayLength() > StackMax) throw new FormatException($"{stack.GetArrayLength()} items: expected at most {StackMax}");
        return [.. stack.EnumerateArray().Select(item => StackItem.Named(
            item.Text("type"), item.Optional("value") is { ValueKind: JsonValueKind.String } value ? value.GetString() : null))];
    }

    private static JsonElement Result(JsonElement json) => json.Flag("ok")
        ? json.Member("result")
        : throw new FormatException(
            json.Optional("error") is { ValueKind: JsonValueKind.String } error ? $"it says '{error.GetString()}'" : "'ok' is not true");

    private static WalletView Wallet(JsonElement json, IWalletContract wallet)
    {
        var (balance, at) = (Coins.FromNano(json.Number("balance")), json.Seconds("sync_utime"));
        return json.Text("state") switch
        {
            "active" => new(WalletData.SeqnoOf(json.Bag("data"), wallet), balance, at),
            "uninitialized" => new(0, balance, at),
            var state => throw new FormatException($"the wallet's state is '{state}': expected active or uninitialized"),
        };
    }

    private static Trace? Traces(JsonElement json, Hash256 message)
    {
        var traces = json.Member("traces");
        if (traces.GetArrayLength() == 0) return null;
        if (traces.GetArrayLength() > 1) throw new FormatException($"{traces.GetArrayLength()} traces of one message");
        var trace = traces[0];
        var all = trace.Member("transactions").EnumerateObject().Select(member => member.Value).ToArray();
        if (all.Length is 0 or > TransactionsMax) throw new FormatException($"a trace of {all.Length} transactions: expected 1 to {TransactionsMax}");
        var transactions = all.Select(Transaction).ToImmutableArray();
        if (!transactions.Any(t => t.Answers(message))) throw new FormatException("the trace is of another message than was asked for");
        var info = trace.Member("trace_info");
        var isComplete = !trace.Flag("is_incomplete") && info.Text("trace_state") == "complete" && info.Number("pending_messages") == 0;
        return new(transactions, all.Min(FinalityOf), isComplete);
    }

    // A block of the masterchain refers to it, or it is none that stays; older servers do not say more.
    private static TraceFinality FinalityOf(JsonElement json)
    {
        if (json.Flag("emulated") || json.Optional("mc_block_seqno") is null || json.Number("mc_block_seqno") == 0) return TraceFinality.Pending;
        return json.Optional("finality") is not { ValueKind: JsonValueKind.String } told ? TraceFinality.Finalized : told.GetString() switch
        {
            "finalized" => TraceFinality.Finalized,
            "confirmed" => TraceFinality.Confirmed,
            _ => TraceFinality.Pending,
        };
    }

    private static TraceTransaction Transaction(JsonElement json)
    {
        var compute = json.Member("description").Optional("compute_ph");
        int? exit = compute is { } phase && !phase.Flag("skipped") && phase.Optional("exit_code") is { } code ? code.GetInt32() : null;
        return new(
            json.At("account"), json.Seconds("now"), exit, json.Coin("total_fees"), json.Optional("in_msg") is { } came ? Told(came) : null,
            [.. json.Member("out_msgs").EnumerateArray().Select(Told)]);
    }

    private static TraceMessage Told(JsonElement json)
    {
        var (source, destination) = (json.MaybeAddress("source"), json.MaybeAddress("destination"));
        var kind = source is null ? MessageKind.ExternalIn : destination is null ? MessageKind.ExternalOut : MessageKind.Internal;
        var content = json.Member("message_content");
        var body = content.Bag("body");
        if (body.Hash != content.HashOf("hash")) throw new FormatException("a message's body has another hash than is told");
        return new(
            json.HashOf("hash"), new(kind, source, destination, json.Coin("value"), json.Flag("bounce"), json.Flag("bounced"), null, body),
            json.Coin("fwd_fee"));
    }

    private static UInt128 Jettons(JsonElement rows, Address owner, Address master)
    {
        if (rows.GetArrayLength() == 0) return 0;
        if (rows.GetArrayLength() > 1) throw new FormatException($"{rows.GetArrayLength()} wallets of one owner and jetton");
        return rows[0].At("owner") == owner && rows[0].At("jetton") == master
            ? rows[0].Number("balance")
            : throw new FormatException("a row of another owner or jetton than was asked for");
    }
}
