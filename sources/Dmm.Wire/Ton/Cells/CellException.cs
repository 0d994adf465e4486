namespace Dmm.Wire.Ton;

/// <summary>
/// The one error of this layer: bytes or cells are not what they were taken for, or a cell cannot hold what is put into it. The message says where,
/// what was found and what was expected.
/// </summary>
public sealed class CellException(string where, string what) : FormatException($"{where}: {what}")
{
    /// <summary>The place: a cell by the beginning of its hash with bit and reference, or a byte of a bag of cells.</summary>
    public string Where { get; } = where;
}
