namespace Dmm.Simulation;

/// <summary>One of our orders in the queue of a recorded level, which does not hold it.</summary>
internal sealed class QueuedOrder(OwnOrder order, long levelLots)
{
    // A last-bit difference of a math library must not become a lot more or less.
    private const int FrontDecimals = 6;

    private long _levelLots = levelLots;
    private long _tradedLots;

    public OwnOrder Order { get; } = order;

    /// <summary>Lots in front of us, as estimated.</summary>
    public double Front { get; private set; } = levelLots;

    /// <summary>A trade at our price; returns the whole lots of it that went beyond what stood in front of us.</summary>
    public long OnTrade(long lots)
    {
        _tradedLots += lots;
        var beyond = lots - Front;
        Front = Math.Max(0, -beyond);
        return (long)Math.Floor(Math.Max(0, beyond));
    }

    /// <summary>A trade beyond our price: nobody is in front of us any more.</summary>
    public void OnTradeThrough() => Front = 0;

    /// <summary>The book changed; a change that leaves our level as it was tells nothing of it.</summary>
    public void OnLevel(long lots, QueueModel model)
    {
        if (lots == _levelLots) return;
        Front = Math.Round(model.AfterChange(Front, _levelLots, lots, _tradedLots), FrontDecimals, MidpointRounding.ToEven);
        (_levelLots, _tradedLots) = (lots, 0);
    }

    /// <summary>The book is known again: what happened meanwhile is not.</summary>
    public void OnLevelAgain(long lots)
    {
        Front = Math.Min(Front, lots);
        (_levelLots, _tradedLots) = (lots, 0);
    }
}
