using System.Collections.Immutable;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>What TonAPI answers. A reply about something else than was asked for is none.</summary>
/// <remarks>Source: tonkeeper/opentonapi, api/openapi.yml and pkg/api.</remarks>
public static class TonapiReplies
{
    private const int StackMax = 255;
    private const int Masterchain = -1;

    /// <summary>A wallet from its account's state, which names no block: its time is that of a head which the provider told before.</summary>
    public static bool TryReadWallet(
        ReadOnlyMemory<byte> body, IWalletContract wallet, ChainHead before, out WalletView? view, out string fault) =>
        NodeJson.TryRead(body, json => Wallet(json, wallet, before), out view, out fault);

    /// <summary>The last block of the masterchain.</summary>
    public static bool TryReadHead(ReadOnlyMemory<byte> body, out ChainHead head, out string fault) =>
        NodeJson.TryRead(body, Head, out head, out fault);

    /// <summary>The trace of a message; null where there is none.</summary>
    /// <param name="body">Of the reply, found or not.</param>
    /// <param name="message">What was asked for.</param>
    /// <param name="before">A head that the provider told before.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="fault">Why there is no answer.</param>
    public static bool TryReadTrace(ReadOnlyMemory<byte> body, Hash256 message, ChainHead before, out Trace? trace, out string fault) =>
        NodeJson.TryRead(body, json => TonapiTraces.Read(json, message, before), out trace, out fault);

    /// <summary>Whether an account is of that address and not on the chain, or has no code there.</summary>
    public static bool TryReadAbsence(ReadOnlyMemory<byte> body, Address account, out bool isAbsent, out string fault) =>
        NodeJson.TryRead(body, json => IsAbsent(json, account), out isAbsent, out fault);

    /// <summary>A get-method's items. One that ended otherwise than with 0 or 1 is no answer: what is on its stack means nothing.</summary>
    public static bool TryReadMethod(ReadOnlyMemory<byte> body, out ImmutableArray<StackItem> items, out string fault) =>
        NodeJson.TryRead(body, Items, out items, out fault);

    /// <summary>The words of a refusal; false where there are none.</summary>
    public static bool TryReadError(ReadOnlyMemory<byte> body, out string error)
    {
        var isRead = NodeJson.TryRead(body, json => json.Text("error"), out var text, out _);
        error = text ?? "";
        return isRead;
    }

    private static ChainHead Head(JsonElement json)
    {
        if (json.Signed("workchain_id") != Masterchain) throw new FormatException("the block is none of the masterchain");
        return json.Number("seqno") is var seqno && seqno <= uint.MaxValue
            ? new((uint)seqno, json.Seconds("gen_utime"))
            : throw new FormatException("'seqno' is no number of a block");
    }

    private static WalletView Wallet(JsonElement json, IWalletContract wallet, ChainHead before)
    {
        Demand(json, wallet.Address);
        var balance = Coins.FromNano(json.Number("balance"));
        return json.Text("status") switch
        {
            "active" => new(WalletData.SeqnoOf(json.HexBag("data"), wallet), balance, before.At),
            "uninit" or "nonexist" => new(0, balance, before.At),
            var status => throw new FormatException($"the wallet's status is '{status}': expected active, uninit or nonexist"),
        };
    }

    private static bool IsAbsent(JsonElement json, Address account)
    {
        Demand(json, account);
        return json.Text("status") is "nonexist" or "uninit";
    }

    private static void Demand(JsonElement json, Address account)
    {
        if (json.At("address") is var told && told != account) throw new FormatException($"the account {told}: expected {account}");
    }

    private static ImmutableArray<StackItem> Items(JsonElement json)
    {
        if (json.Signed("exit_code") is var exit and not (0 or 1))
            throw new FormatException(FormattableString.Invariant($"the method ended with exit code {exit}: expected 0 or 1"));
        var stack = json.Member("stack");
        if (stack.GetArrayLength() > StackMax) throw new FormatException($"{stack.GetArrayLength()} items: expected at most {StackMax}");
        return [.. stack.EnumerateArray().Select(Item)];
    }

    // The text stands under a name of its kind; slices are told as cells, some as both.
    private static StackItem Item(JsonElement item) => item.Text("type") switch
    {
        // Nothing behind the prefix is how some numbers that are zero come out.
        "num" => StackItem.Named("num", item.Text("num") is "0x" ? "0x0" : item.Text("num")),
        "cell" or "slice" => item.Optional("cell") is not null ? StackItem.Named("cell", item.Text("cell")) : StackItem.Named("slice", item.Text("slice")),
        "null" => StackItem.Named("null", null),
        var kind => StackItem.Named(kind, null),
    };
}
