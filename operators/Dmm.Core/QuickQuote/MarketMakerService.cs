using System.Text.Json;

namespace Dmm.Core.QuickQuote;

/// <summary>
/// The entry of the quick-quote SDK for trading services: normalises telemetry and routes it into <see cref="MarketMakerModel"/>.
/// Source: DCT Dynamic Market Maker specification, "SDK Access" (<c>DCTMarketMakerService</c>).
/// </summary>
public static class MarketMakerService
{
    /// <inheritdoc cref="MarketMakerModel.Quote"/>
    public static MarketMakerQuote Quote(MarketInputs inputs) => MarketMakerModel.Quote(inputs);

    /// <summary>The quote for loose telemetry.</summary>
    /// <exception cref="MarketInputException">
    /// As for <see cref="MarketInputs.Coerce(IReadOnlyDictionary{string, object?})"/> and <see cref="MarketMakerModel.Quote"/>.
    /// </exception>
    public static MarketMakerQuote Quote(IReadOnlyDictionary<string, object?> telemetry) => Quote(MarketInputs.Coerce(telemetry));

    /// <summary>The quote for telemetry in JSON.</summary>
    /// <exception cref="MarketInputException">
    /// As for <see cref="MarketInputs.Coerce(JsonElement)"/> and <see cref="MarketMakerModel.Quote"/>.
    /// </exception>
    public static MarketMakerQuote Quote(JsonElement telemetry) => Quote(MarketInputs.Coerce(telemetry));

    /// <summary>The notes of <paramref name="quote"/> as bullets, one a line; a single bullet when there is nothing to note.</summary>
    public static string NoteSummary(MarketMakerQuote quote)
    {
        ArgumentNullException.ThrowIfNull(quote);
        return quote.Notes is { Count: > 0 } notes ? string.Join('\n', notes.Select(note => $"- {note}")) : "- all conditions normal";
    }
}
