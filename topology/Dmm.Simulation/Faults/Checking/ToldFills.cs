using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>The fills that a desk was told, each once, by the checker's own count.</summary>
internal sealed class ToldFills
{
    private readonly HashSet<(InstrumentId Instrument, Side Side, string TradeId)> _told = [];
    private readonly Dictionary<InstrumentId, int> _counts = [];

    /// <summary>Bought less sold, base asset.</summary>
    public decimal Position { get; private set; }

    public int CountAt(InstrumentId instrument) => _counts.GetValueOrDefault(instrument);

    /// <summary>False when it was told before.</summary>
    public bool Take(Fill fill)
    {
        if (!_told.Add((fill.Instrument, fill.Side, fill.TradeId))) return false;
        _counts[fill.Instrument] = CountAt(fill.Instrument) + 1;
        Position += fill.Side.Sign() * fill.Quantity;
        return true;
    }

    /// <summary>What a journal holds in their place: fills that were told and not recorded are told again. Those kept, oldest first.</summary>
    public List<Fill> Restore(ImmutableArray<SeenFill> seen, ImmutableArray<FaultyVenue> venues)
    {
        _told.Clear();
        _counts.Clear();
        Position = 0;
        var kept = seen.Select(s => (s.Instrument, s.TradeId)).ToHashSet();
        var restored = venues.SelectMany(v => v.Record.Fills).Where(f => kept.Contains((f.Instrument, f.TradeId))).ToList();
        foreach (var fill in restored) Take(fill);
        return restored;
    }
}
