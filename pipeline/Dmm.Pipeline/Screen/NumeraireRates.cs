using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>What one unit of an asset was last worth in the numeraire, for sums on a screen; ledgers have rates of their own.</summary>
internal sealed class NumeraireRates(InstrumentCatalog instruments, QuotingParameters parameters)
{
    private readonly Dictionary<string, decimal> _rates = parameters.NumeraireAssets.ToDictionary(asset => asset, _ => 1m);

    public void Take(ReferenceRate rate)
    {
        if (parameters.NumeraireAssets.Contains(rate.QuoteAsset)) _rates[rate.BaseAsset] = rate.Rate;
    }

    /// <summary>A quote tells what the traded asset is worth.</summary>
    public void Take(QuoteTarget quote)
    {
        var instrument = instruments[quote.Instrument];
        if (quote.FairValue > 0 && Of(instrument.QuoteAsset) is { } rate) _rates[instrument.BaseAsset] = (decimal)quote.FairValue * rate;
    }

    /// <summary>Numeraire per unit; null when nothing told yet.</summary>
    public decimal? Of(string asset) => _rates.TryGetValue(asset, out var rate) ? rate : null;
}
