using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Replay;

namespace Dmm.Pipeline.Studies;

/// <summary>
/// A and κ of a recording: how much a second and side was traded at or beyond some distances from the mid of the second before, in units of our quote
/// size, and a log-linear fit through them. The mid is the venue's own top's.
/// </summary>
internal static class RecordedArrivals
{
    // Evenly spaced up to three times the mean distance, beyond which there is little left to count.
    private const int Depths = 12;
    private const double DepthsPerMean = 4;

    /// <returns>Null when too little was traded away from the mid to tell.</returns>
    public static ArrivalEstimate? Fit(CaptureSelection selection, decimal quoteSize)
    {
        var (trades, seconds) = Reached(selection);
        var volume = trades.Sum(trade => trade.Volume);
        if (!(volume > 0) || !(seconds > 0)) return null;
        var mean = trades.Sum(trade => trade.Volume * trade.DistanceBps) / volume;
        var amounts = new (double DepthBps, double Amount)[Depths];
        for (var i = 0; i < Depths; i++)
        {
            var depth = (i + 1) * mean / DepthsPerMean;
            amounts[i] = (depth, trades.Where(trade => trade.DistanceBps >= depth).Sum(trade => trade.Volume) / (2 * seconds * (double)quoteSize));
        }

        var fit = ArrivalFit.LogLinear(default, amounts);
        return fit.Sensitivity > 0 ? fit : null;
    }

    private static (List<(double DistanceBps, double Volume)> Trades, double Seconds) Reached(CaptureSelection selection)
    {
        var instruments = selection.Instruments;
        var (mids, priorMids, second) = (new double[instruments.Count], new double[instruments.Count], -1L);
        List<(double, double)> trades = [];
        using var reading = new CaptureReading(selection);
        var last = selection.FirstReceiveTime;
        while (reading.Inputs.TryRead(out var input, out last))
        {
            var elapsed = (long)(last - selection.FirstReceiveTime).TotalSeconds;
            if (elapsed != second)
            {
                mids.CopyTo(priorMids, 0);
                second = elapsed;
            }

            if (input.Kind == InputKind.Top)
            {
                mids[input.Instrument.Index] = (input.Top.Bid.PriceTicks + input.Top.Ask.PriceTicks) / 2.0;
            }
            else if (input.Kind == InputKind.Trade && priorMids[input.Instrument.Index] is > 0 and var mid)
            {
                var trade = input.Trade;
                var distanceBps = trade.Aggressor.Sign() * (trade.PriceTicks / mid - 1) * 1e4;
                if (distanceBps > 0) trades.Add((distanceBps, instruments[trade.Instrument].BaseQuantity(trade.SizeLots, trade.PriceTicks)));
            }
        }

        return (trades, second);
    }
}
