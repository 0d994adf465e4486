using Dmm.Core;

namespace Dmm.Wire;

/// <summary>An instrument as the parsers need it.</summary>
/// <param name="instrument">The instrument.</param>
/// <param name="literal">The bytes by which the venue's frames name it, exactly as they stand there.</param>
internal sealed class WireSymbol(Instrument instrument, byte[] literal)
{
    public Instrument Instrument { get; } = instrument;

    public InstrumentId Id { get; } = instrument.Id;

    public GridScale Prices { get; } = new(instrument.Prices);

    public GridScale Sizes { get; } = new(instrument.Sizes);

    public byte[] Literal { get; } = literal;
}
