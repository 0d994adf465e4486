using System.Text.Json.Nodes;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>TonAPI's words.</summary>
internal static class TonapiJson
{
    public static JsonObject Block(ChainHead head) =>
        new() { ["workchain_id"] = -1, ["shard"] = "8000000000000000", ["seqno"] = head.Seqno, ["gen_utime"] = head.At };

    public static JsonObject Account(WalletV5R1 wallet, WalletView view)
    {
        var account = new JsonObject
        {
            ["address"] = wallet.Address.ToString(), ["balance"] = (long)view.Balance.Nano, ["status"] = view.Seqno == 0 ? "uninit" : "active",
            ["last_transaction_lt"] = 5, ["storage"] = new JsonObject { ["last_paid"] = view.ChainTime },
        };
        if (view.Seqno > 0) account["data"] = Hex(FakeMessages.Data(wallet, view.Seqno));
        return account;
    }

    /// <summary>An argument as it is asked with.</summary>
    public static string Argument(StackItem argument) => argument.Kind switch
    {
        StackKind.Slice => $"slice_boc_hex {Convert.ToHexStringLower(Convert.FromBase64String(argument.Text))}",
        StackKind.Cell => $"cell_boc_base64 {argument.Text}",
        _ => $"int257 {argument.Text}",
    };

    /// <summary>An item of an answer: slices are told as cells.</summary>
    public static JsonNode Item(StackItem item) => item.Kind switch
    {
        StackKind.Number => new JsonObject { ["type"] = "num", ["num"] = item.Text },
        StackKind.Null => new JsonObject { ["type"] = "null" },
        _ => new JsonObject { ["type"] = "cell", ["cell"] = Hex(Cell.FromBase64(item.Text)) },
    };

    /// <summary>The tree: each answered message stands at who answers it, and at nobody else.</summary>
    public static JsonObject Trace(Trace trace)
    {
        var answers = trace.Transactions.Where(t => t.Came is not null).ToDictionary(t => t.Came!.Hash);
        return Node(trace.Transactions.First(t => t.Came?.Content.Kind == MessageKind.ExternalIn));

        JsonObject Node(TraceTransaction transaction)
        {
            var logicalTime = trace.Transactions.IndexOf(transaction) + 100;
            var raw = new CellBuilder().StoreUInt(0b0111, 4).StoreHash(transaction.Account.Account).StoreUInt((ulong)logicalTime, 64)
                .StoreHash(default).StoreUInt(0, 64).StoreUInt(transaction.At, 32).StoreUInt((ulong)transaction.Sent.Length, 15).Build();
            var (left, children) = (new JsonArray(), new JsonArray());
            foreach (var (number, sent) in transaction.Sent.Index())
            {
                if (Answer(sent) is not { } answer)
                {
                    left.Add(Message(sent, number + 1));
                    continue;
                }

                var child = Node(answer);
                child["transaction"]!["in_msg"] = Message(sent, number + 1);
                children.Add(child);
            }

            return new()
            {
                ["transaction"] = new JsonObject
                {
                    ["hash"] = raw.Hash.ToString(), ["lt"] = logicalTime, ["account"] = Party(transaction.Account), ["utime"] = transaction.At,
                    ["total_fees"] = (long)transaction.Fees.Nano, ["raw"] = Hex(raw),
                    ["in_msg"] = transaction.Came is { } came ? Message(came, 0) : null, ["out_msgs"] = left,
                    ["compute_phase"] = transaction.Exit is { } exit ? new JsonObject { ["skipped"] = false, ["exit_code"] = exit }
                        : new() { ["skipped"] = true },
                },
                ["interfaces"] = new JsonArray(), ["emulated"] = trace.Finality == TraceFinality.Pending, ["children"] = children,
            };
        }

        // Chains of the tests leave out who takes what comes back at the end.
        TraceTransaction? Answer(TraceMessage message) => answers.TryGetValue(message.Hash, out var answer) ? answer
            : trace.IsComplete && message.Content is { Kind: MessageKind.Internal, Destination: { } to }
                ? new(to, trace.Transactions[0].At, null, 0, message, [])
            : null;
    }

    public static JsonObject Party(Address address) => new() { ["address"] = address.ToString(), ["is_scam"] = false, ["is_wallet"] = false };

    private static JsonObject Message(TraceMessage message, int number)
    {
        var content = message.Content;
        var json = new JsonObject
        {
            ["msg_type"] = content.Kind switch { MessageKind.Internal => "int_msg", MessageKind.ExternalIn => "ext_in_msg", _ => "ext_out_msg" },
            ["created_lt"] = number, ["bounce"] = content.IsBounceable, ["bounced"] = content.IsBounced, ["value"] = (long)content.Value.Nano,
            ["fwd_fee"] = (long)message.ForwardFee.Nano, ["hash"] = message.Hash.ToString(),
        };
        if (content.Source is { } source) json["source"] = Party(source);
        if (content.Destination is { } destination) json["destination"] = Party(destination);
        if (content.Body != Cell.Empty) json["raw_body"] = Hex(content.Body);
        return json;
    }

    private static string Hex(Cell cell) => Convert.ToHexStringLower(BagOfCells.Serialize(cell));
}
