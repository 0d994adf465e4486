using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>Traders' prices and sizes on an instrument's grids.</summary>
internal static class TraderGrid
{
    /// <summary>The price that lies so far beyond another for who buys (above) or sells (below), rounded back towards it.</summary>
    public static long Reach(this Instrument instrument, Side side, double price, double distanceBps) => side == Side.Buy
        ? (long)Math.Floor(instrument.Ticks(price * (1 + distanceBps * 1e-4)))
        : (long)Math.Ceiling(instrument.Ticks(price * (1 - distanceBps * 1e-4)));

    /// <summary>The price of a quote so far away from another, rounded away from it.</summary>
    public static long Quote(this Instrument instrument, Side side, double price, double distanceBps) => side == Side.Buy
        ? (long)Math.Floor(instrument.Ticks(price * (1 - distanceBps * 1e-4)))
        : (long)Math.Ceiling(instrument.Ticks(price * (1 + distanceBps * 1e-4)));

    /// <summary>The nearest whole number of order steps, at least one.</summary>
    public static long Lots(this Instrument instrument, double size)
    {
        var step = instrument.OrderStepLots;
        return Math.Max(1, (long)Math.Round(size / (instrument.Sizes.StepAsDouble * step))) * step;
    }

    // What lies on the grid but for binary fractions must not be rounded to the next tick.
    private static double Ticks(this Instrument instrument, double price) => Math.Round(price / instrument.Prices.StepAsDouble, 6);
}
