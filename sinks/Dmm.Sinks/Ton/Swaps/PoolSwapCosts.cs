using System.Numerics;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>What swaps are reckoned to cost, as those before them did. Not thread-safe.</summary>
/// <param name="options">What is reckoned before any.</param>
internal sealed class PoolSwapCosts(PoolVenueOptions options)
{
    private const int GasRemembered = 8;

    private readonly Queue<decimal> _gas = new();

    /// <summary>Of the base token, off each transfer, bps: never less than configured.</summary>
    public int TaxBps { get; private set; } = options.TransferTaxBps;

    /// <summary>TON a swap: the dearest of the last eight, and never less than configured.</summary>
    public decimal GasTon => Math.Max(options.SwapGasTon, _gas.DefaultIfEmpty().Max());

    /// <summary>Learns from a swap that was executed; what people should know of it, empty for nothing.</summary>
    public string Learn(PoolSwapSettlement settled, string asset)
    {
        _gas.Enqueue((decimal)(BigInteger)settled.GasNano / PoolSwapHistory.UnitsPerToken);
        if (_gas.Count > GasRemembered) _gas.Dequeue();
        if (settled.TaxBps is not { } kept || Math.Max(kept, options.TransferTaxBps) is var tax && tax == TaxBps) return "";
        var before = TaxBps;
        TaxBps = tax;
        return FormattableString.Invariant($"of {asset} {kept} bps are kept on the way, {before} were reckoned with: {tax} are from now on");
    }
}
