namespace Dmm.Core;

/// <summary>The side of an order, a fill or a trade's aggressor.</summary>
public enum Side : byte
{
    Buy,
    Sell,
}

public static class SideExtensions
{
    /// <summary>+1 for a buy, −1 for a sell: the sign of the change in inventory.</summary>
    public static int Sign(this Side side) => side == Side.Buy ? 1 : -1;
}
