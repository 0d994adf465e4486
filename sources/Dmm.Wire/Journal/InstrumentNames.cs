using System.Text;
using Dmm.Core;

namespace Dmm.Wire.Journal;

/// <summary>Finds the instruments of a run by their names as they stand in its lines.</summary>
internal sealed class InstrumentNames(InstrumentCatalog instruments)
{
    private readonly byte[][] _names = [.. instruments.All.Select(i => Encoding.UTF8.GetBytes(i.Name))];

    public bool AreOf(InstrumentCatalog other) => other.All.Select(i => i.Name).SequenceEqual(instruments.All.Select(i => i.Name));

    /// <exception cref="KeyNotFoundException">The run's catalogue does not know it; the message names it.</exception>
    public InstrumentId Read(ref JournalLineParser line, ReadOnlySpan<byte> member)
    {
        var index = line.IndexAmong(member, _names);
        return index >= 0 ? new(index) : instruments.Require(line.LastText() ?? "null").Id;
    }
}
