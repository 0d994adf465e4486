using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>
/// Profit the short way: money that came in, less money that went out, and what is held at its price. Contracts of COIN-M settle in the coin.
/// </summary>
internal sealed class HandLedger(InstrumentCatalog instruments)
{
    private decimal _quote;
    private decimal _base;

    public int Fills { get; private set; }

    /// <summary>What all fills changed of the asset held.</summary>
    public decimal Inventory => _base;

    public decimal Profit(decimal mid) => _quote + _base * mid;

    public void Add(Fill fill)
    {
        Fills++;
        var instrument = instruments[fill.Instrument];
        var quantity = fill.Side.Sign() * fill.Quantity * instrument.ContractSize;
        if (instrument.Kind == ContractKind.Inverse)
        {
            // A contract is so many dollars: bought coins at their price, owed in dollars.
            _base += quantity / fill.Price;
            _quote -= quantity;
        }
        else
        {
            _base += quantity;
            _quote -= quantity * fill.Price;
        }

        if (fill.FeeAsset == instrument.BaseAsset) _base -= fill.Fee;
        else _quote -= fill.Fee;
    }
}
