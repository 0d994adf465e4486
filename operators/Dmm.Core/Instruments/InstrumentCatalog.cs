using System.Collections.Immutable;

namespace Dmm.Core;

/// <summary>The fixed set of instruments of one engine: one traded asset with its markets, in the order that gives each its <see cref="InstrumentId"/>.</summary>
public sealed class InstrumentCatalog
{
    private readonly ImmutableArray<Instrument> _instruments;

    /// <exception cref="ParameterException">An id is not the instrument's place, or two share a venue and symbol; all faults are listed.</exception>
    public InstrumentCatalog(IEnumerable<Instrument> instruments)
    {
        _instruments = [.. instruments];
        var faults = new ParameterFaults();
        faults.Require("instruments", _instruments.Length > 0, "is empty", "at least one instrument");
        for (var i = 0; i < _instruments.Length; i++)
        {
            var instrument = _instruments[i];
            faults.Require(instrument.Name, instrument.Id.Index == i, $"has id {instrument.Id.Index}", $"its place in the catalogue, {i}");
            faults.Require(instrument.Name, _instruments.Take(i).All(other => other.Name != instrument.Name), "is listed twice", "each venue and symbol once");
            faults.Require(instrument.Name, instrument.ContractSize > 0, $"has contract size {instrument.ContractSize}", "above zero");
            faults.Require(instrument.Name, instrument.OrderStepLots > 0, $"has an order step of {instrument.OrderStepLots} lots", "above zero");
        }

        faults.ThrowIfAny("instrument catalogue");
    }

    public int Count => _instruments.Length;

    public ImmutableArray<Instrument> All => _instruments;

    public Instrument this[InstrumentId id] => _instruments[id.Index];

    /// <summary>The instrument of that venue and symbol, or null when the catalogue has none.</summary>
    public Instrument? Find(string venue, string symbol) => _instruments.FirstOrDefault(i => i.Venue == venue && i.Symbol == symbol);

    /// <summary>The instrument named <c>venue:symbol</c>; throws naming the unknown one.</summary>
    public Instrument Require(string name) =>
        _instruments.FirstOrDefault(i => i.Name == name)
        ?? throw new KeyNotFoundException($"unknown instrument '{name}': expected one of {string.Join(", ", _instruments.Select(i => i.Name))}");
}
