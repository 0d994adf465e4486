using System.Text;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>An instrument as the parsers need it.</summary>
/// <param name="instrument">The instrument.</param>
/// <param name="literal">The text by which the venue's frames name it, exactly as it stands there.</param>
/// <param name="pairLiteral">The text that follows in some frames of contracts; empty where there is none.</param>
internal sealed class WireSymbol(Instrument instrument, string literal, string pairLiteral = "")
{
    public Instrument Instrument { get; } = instrument;

    public InstrumentId Id { get; } = instrument.Id;

    public GridScale Prices { get; } = new(instrument.Prices);

    public GridScale Sizes { get; } = new(instrument.Sizes);

    public byte[] Literal { get; } = Encoding.UTF8.GetBytes(literal);

    public byte[] PairLiteral { get; } = Encoding.UTF8.GetBytes(pairLiteral);
}
