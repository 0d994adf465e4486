using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

public enum FillOutcome : byte
{
    Applied,

    /// <summary>Its trade id was counted before.</summary>
    Duplicate,

    /// <summary>It may have been counted before, and its trade id is forgotten.</summary>
    OlderThanCursor,
}

/// <summary>
/// Knows the last <see cref="Maximum"/> fills by instrument, trade id and side (a self-trade has one id and two sides). When one is forgotten its
/// venue time becomes the instrument's cursor, and fills up to the cursor are refused: so no fill is ever counted twice, however long the ledger
/// lives.
/// </summary>
internal sealed class SeenFills
{
    /// <summary>More fills than a trading session has.</summary>
    public const int Maximum = 65_536;

    private readonly Queue<SeenFill> _oldestFirst;
    private readonly HashSet<(InstrumentId, Side, string)> _keys;
    private readonly Timestamp[] _forgottenUpTo;

    public SeenFills(ImmutableArray<SeenFill> seen, Timestamp[] forgottenUpTo)
    {
        _oldestFirst = new(seen);
        _keys = [.. seen.Select(s => (s.Instrument, s.Side, s.TradeId))];
        _forgottenUpTo = forgottenUpTo;
    }

    public Timestamp ForgottenUpTo(InstrumentId instrument) => _forgottenUpTo[instrument.Index];

    public FillOutcome Take(in SeenFill fill)
    {
        if (_keys.Contains((fill.Instrument, fill.Side, fill.TradeId))) return FillOutcome.Duplicate;
        var cursor = _forgottenUpTo[fill.Instrument.Index];
        if (cursor.IsKnown && fill.VenueTime <= cursor) return FillOutcome.OlderThanCursor;
        _keys.Add((fill.Instrument, fill.Side, fill.TradeId));
        _oldestFirst.Enqueue(fill);
        if (_oldestFirst.Count > Maximum) Forget(_oldestFirst.Dequeue());
        return FillOutcome.Applied;
    }

    public ImmutableArray<SeenFill> Capture() => [.. _oldestFirst];

    private void Forget(in SeenFill oldest)
    {
        _keys.Remove((oldest.Instrument, oldest.Side, oldest.TradeId));
        ref var cursor = ref _forgottenUpTo[oldest.Instrument.Index];
        cursor = Timestamp.Max(cursor, oldest.VenueTime);
    }
}
