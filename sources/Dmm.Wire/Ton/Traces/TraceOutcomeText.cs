using System.Globalization;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>What a trace told, as JSON. Amounts are text: they are longer than JSON's numbers are exact.</summary>
internal static class TraceOutcomeText
{
    public static void Write(Utf8JsonWriter json, TraceOutcome outcome)
    {
        json.WriteStartObject("trace");
        json.WriteString("kind", outcome.Kind.ToString());
        json.WriteNumber("missing", outcome.Missing);
        json.WriteString("fees", Text(outcome.Fees.Nano));
        json.WriteStartArray("legs");
        foreach (var leg in outcome.Legs)
        {
            json.WriteStartObject();
            json.WriteString("kind", leg.Kind.ToString());
            json.WriteString("to", leg.To.ToString());
            json.WriteString("sent", Text(leg.Sent.Nano));
            json.WriteString("returned", Text(leg.Returned.Nano));
            json.WriteStartArray("swaps");
            foreach (var swap in leg.Swaps) Write(json, swap);
            json.WriteEndArray();
            json.WriteStartArray("jettons");
            foreach (var received in leg.Jettons)
            {
                json.WriteStartObject();
                json.WriteString("teller", received.Teller.ToString());
                json.WriteString("amount", Text(received.Amount));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">A text is none of what belongs there; other exceptions of the reader where a member is missing.</exception>
    public static TraceOutcome Read(JsonElement json) => new(
        Kind(json), [.. json.GetProperty("legs").EnumerateArray().Select(Leg)], json.GetProperty("missing").GetInt32(), Coin(json, "fees"));

    private static TraceLeg Leg(JsonElement json) => new(
        Kind(json), At(json, "to"), Coin(json, "sent"), Coin(json, "returned"), [.. json.GetProperty("swaps").EnumerateArray().Select(Swap)],
        [.. json.GetProperty("jettons").EnumerateArray().Select(j => new JettonReceived(At(j, "teller"), Amount(j, "amount")))]);

    private static void Write(Utf8JsonWriter json, StonFiSwap swap)
    {
        json.WriteStartObject();
        json.WriteString("offer", swap.OfferWallet.ToString());
        json.WriteString("in", Text(swap.AmountIn));
        json.WriteString("ask", swap.AskWallet.ToString());
        json.WriteString("out", Text(swap.AmountOut));
        json.WriteString("receiver", swap.Receiver.ToString());
        json.WriteString("sender", swap.Sender.ToString());
        json.WriteNumber("exit", swap.ExitCode);
        json.WriteBoolean("done", swap.IsDone);
        json.WriteEndObject();
    }

    private static StonFiSwap Swap(JsonElement json) => new(
        At(json, "offer"), Amount(json, "in"), At(json, "ask"), Amount(json, "out"), At(json, "receiver"), At(json, "sender"),
        json.GetProperty("exit").GetUInt32(), json.GetProperty("done").GetBoolean());

    private static TraceKind Kind(JsonElement json) => Enum.TryParse<TraceKind>(json.GetProperty("kind").GetString(), out var kind)
        && Enum.IsDefined(kind)
        ? kind
        : throw new FormatException("the trace's kind is none");

    private static Address At(JsonElement json, string name) => Address.Parse(json.GetProperty(name).GetString() ?? "");

    private static Coins Coin(JsonElement json, string name) => Coins.FromNano(Amount(json, name));

    private static UInt128 Amount(JsonElement json, string name) =>
        UInt128.Parse(json.GetProperty(name).GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(UInt128 amount) => amount.ToString(CultureInfo.InvariantCulture);
}
