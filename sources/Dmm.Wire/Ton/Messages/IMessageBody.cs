namespace Dmm.Wire.Ton;

/// <summary>A body that this layer knows. Written and read back it is the same cell.</summary>
public interface IMessageBody
{
    Cell ToCell();
}
