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
        json.WriteNumber("at", outcome.At);
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
            json.WriteString("asked", Text(leg.Jettons.Asked));
            json.WriteStartArray("taken");
            foreach (var taken in leg.Jettons.Taken)
            {
                json.WriteStartObject();
                json.WriteString("wallet", taken.Wallet.ToString());
                json.WriteString("amount", Text(taken.Amount));
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
        Kind(json), [.. json.GetProperty("legs").EnumerateArray().Select(Leg)], json.GetProperty("missing").GetInt32(), Coin(json, "fees"),
        json.GetProperty("at").GetUInt32());

    private static TraceLeg Leg(JsonElement json) => new(
        Kind(json), At(json, "to"), Coin(json, "sent"), Coin(json, "returned"), [.. json.GetProperty("swaps").EnumerateArray().Select(Swap)],
        new(
            Amount(json, "asked"),
            [.. json.GetProperty("taken").EnumerateArray().Select(j => new JettonTaken(At(j, "wallet"), Amount(j, "amount")))]));

    private static void Write(Utf8JsonWriter json, TracedSwap swap)
    {
        json.WriteStartObject();
        json.WriteString("pool", swap.Pool.ToString());
        json.WriteString("offer", swap.Offer?.ToString());
        json.WriteString("in", Text(swap.AmountIn));
        json.WriteString("ask", swap.Ask?.ToString());
        json.WriteString("out", Text(swap.AmountOut));
        json.WriteString("reason", swap.Reason);
        json.WriteEndObject();
    }

    private static TracedSwap Swap(JsonElement json) => new(
        At(json, "pool"), Asset(json, "offer"), Amount(json, "in"), Asset(json, "ask"), Amount(json, "out"), Word(json, "reason"));

    private static Address? Asset(JsonElement json, string name) =>
        json.GetProperty(name).ValueKind == JsonValueKind.Null ? null : At(json, name);

    private static string Word(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"its {name} is null");

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
