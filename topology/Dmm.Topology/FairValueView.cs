using System.Reactive.Concurrency;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Topology;

/// <summary>Samples the consolidated fair value at the moment of asking, for everything that marks to the mid or changes money.</summary>
internal sealed class FairValueView(ViewPort<ConsolidatedFairValue> fairValues, InstrumentCatalog instruments, QuotingParameters parameters, IScheduler clock)
    : IMidView, IRateView
{
    // Numeraire rates of volatile assets to eight decimals, like the ledgers they enter.
    private const int RateDecimals = 8;

    public FairValue Now => fairValues.Value.Sample(Timestamp.From(clock.Now), parameters);

    public double MidOf(InstrumentId instrument) => Now.InQuoteAssetOf(instrument);

    public decimal? NumerairePer(string asset)
    {
        if (parameters.NumeraireAssets.Contains(asset)) return 1m;
        var now = Now;
        foreach (var instrument in instruments.All)
        {
            if (instrument.QuoteAsset == asset && now.RateOf(instrument.Id) is > 0 and var rate) return Exact(rate);
            if (instrument.BaseAsset == asset && now.IsReady) return Exact(now.Value);
        }

        return null;
    }

    private static decimal Exact(double rate) => decimal.Round((decimal)rate, RateDecimals).Canonical();
}
