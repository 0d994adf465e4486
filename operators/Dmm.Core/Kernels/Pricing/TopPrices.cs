using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Prices read off the top of a book, in the instrument's quote asset; 0 when the top is not valid.</summary>
public static class TopPrices
{
    /// <summary>Half-way between best bid and best ask.</summary>
    public static double Mid(in BookTop top, Instrument instrument) =>
        top.IsValid ? instrument.Prices.ToDouble(top.Bid.PriceTicks + top.Ask.PriceTicks) / 2 : 0;

    /// <summary>Bid and ask weighted by the size on the other side: it leans to the side that is about to give way.</summary>
    public static double MicroPrice(in BookTop top, Instrument instrument)
    {
        if (!top.IsValid) return 0;
        double bidSize = top.Bid.SizeLots, askSize = top.Ask.SizeLots;
        return instrument.Prices.StepAsDouble * ((top.Bid.PriceTicks * askSize + top.Ask.PriceTicks * bidSize) / (bidSize + askSize));
    }
}
