using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>The instruments that a venue lists, as its own reply defines them.</summary>
public sealed class InstrumentListing
{
    private const int NamedMax = 20;

    private readonly string _venue;

    internal InstrumentListing(string venue, ImmutableArray<Instrument> instruments, ImmutableArray<string> faults)
    {
        _venue = venue;
        Instruments = instruments;
        Faults = faults;
    }

    /// <summary>In the reply's order; each has its place here as <see cref="Instrument.Id"/>, until <see cref="Require"/> gives it another.</summary>
    public ImmutableArray<Instrument> Instruments { get; }

    /// <summary>Entries that could not be used, each with the reason, reading "SYMBOL: reason".</summary>
    public ImmutableArray<string> Faults { get; }

    /// <summary>The instrument of that symbol, under the id that it has in a catalogue.</summary>
    /// <exception cref="KeyNotFoundException">The venue does not list it, or lists it in a way that could not be used; the text says which and what
    /// is known.</exception>
    public Instrument Require(string symbol, InstrumentId id)
    {
        foreach (var instrument in Instruments)
            if (instrument.Symbol == symbol)
                return instrument with { Id = id };

        var fault = Faults.FirstOrDefault(f => f.StartsWith($"{symbol}: ", StringComparison.Ordinal));
        if (fault is not null) throw new KeyNotFoundException($"{_venue} lists {fault}");
        var known = string.Join(", ", Instruments.Take(NamedMax).Select(i => i.Symbol));
        var more = Instruments.Length > NamedMax ? string.Create(CultureInfo.InvariantCulture, $" and {Instruments.Length - NamedMax} more") : "";
        throw new KeyNotFoundException($"unknown symbol '{symbol}' at {_venue}: known are {known}{more}");
    }

    /// <summary>Reads a reply entry by entry; a faulty entry is noted and the others are kept.</summary>
    internal static InstrumentListing Read(string venue, JsonElement entries, string symbolField, Func<JsonElement, InstrumentId, Instrument> read)
    {
        var instruments = ImmutableArray.CreateBuilder<Instrument>();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in entries.EnumerateArray())
        {
            try
            {
                instruments.Add(read(entry, new InstrumentId(instruments.Count)));
            }
            catch (FormatException fault)
            {
                faults.Add($"{Named(entry, symbolField)}: {fault.Message}");
            }
        }

        return new InstrumentListing(venue, instruments.ToImmutable(), faults.ToImmutable());
    }

    private static string Named(JsonElement entry, string symbolField)
    {
        try
        {
            return Text(entry, symbolField);
        }
        catch (FormatException)
        {
            return "?";
        }
    }

    /// <summary>A field's text; <see cref="FormatException"/> when it is absent or empty.</summary>
    internal static string Text(JsonElement entry, string field)
    {
        try
        {
            return entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(field, out var value) && value.ToString() is { Length: > 0 } text
                ? text
                : throw new FormatException($"{field} is missing");
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"{field} is not UTF-8");
        }
    }

    internal static decimal Positive(JsonElement entry, string field)
    {
        var text = Text(entry, field);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw new FormatException($"{field} is '{text}': expected a decimal above zero");
    }

    internal static DecimalGrid Grid(JsonElement entry, string field)
    {
        var step = Positive(entry, field).Canonical();
        return step.Scale <= 18 ? new DecimalGrid(step) : throw new FormatException($"{field} is '{step}': expected at most 18 decimals");
    }

    /// <summary>Parses a reply; <see cref="FormatException"/> saying what was expected when it is not JSON or does not hold the array.</summary>
    internal static InstrumentListing Parse(
        string venue, ReadOnlyMemory<byte> reply, string arrayField, string symbolField, Func<JsonElement, InstrumentId, Instrument> read)
    {
        try
        {
            using var document = JsonDocument.Parse(reply);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(arrayField, out var entries) && entries.ValueKind == JsonValueKind.Array
                ? Read(venue, entries, symbolField, read)
                : throw new FormatException($"{venue}: the reply holds no array '{arrayField}'");
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"{venue}: the reply is not JSON: {malformed.Message}", malformed);
        }
    }
}
