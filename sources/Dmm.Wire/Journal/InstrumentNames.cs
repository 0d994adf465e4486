using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire.Journal;

/// <summary>Finds the instruments of a run by their names as they stand in its lines.</summary>
internal sealed class InstrumentNames(InstrumentCatalog instruments)
{
    private readonly byte[][] _names = [.. instruments.All.Select(i => Encoding.UTF8.GetBytes(i.Name))];

    /// <summary>Each instrument's name as it stands in a line, with its quotation marks.</summary>
    public static byte[][] Quoted(InstrumentCatalog instruments) =>
        [.. instruments.All.Select(i => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(i.Name, JournalJson.Encoder)}\""))];

    public bool AreOf(InstrumentCatalog other) => other.All.Select(i => i.Name).SequenceEqual(instruments.All.Select(i => i.Name));

    /// <exception cref="KeyNotFoundException">The run's catalogue does not know it; the message names it.</exception>
    public InstrumentId Read(ref JournalLineParser line, ReadOnlySpan<byte> member)
    {
        return TryRead(ref line, member, out var instrument) ? instrument : instruments.Require(line.LastText() ?? "null").Id;
    }

    /// <summary>False when the catalogue does not know it; its name is the line's last text.</summary>
    public bool TryRead(ref JournalLineParser line, ReadOnlySpan<byte> member, out InstrumentId instrument)
    {
        instrument = new(line.IndexAmong(member, _names));
        return instrument.Index >= 0;
    }
}
