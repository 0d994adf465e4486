using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>The controls that are not at rest, in the pipeline's own order, and since when.</summary>
internal sealed class BreakerBoard(InstrumentCatalog instruments, ImmutableArray<string> numeraireAssets, DeskOpening opening)
{
    private readonly TradingStates _merged = new(opening.Controls, instruments, numeraireAssets);
    private readonly Dictionary<(BreakerKind Kind, string Subject), Timestamp> _since = [];

    public long Changes { get; private set; }

    /// <summary>What the controls together allow the asset.</summary>
    public TradingState State => _merged.Status.Asset.State;

    public void Take(BreakerState breaker, Timestamp at)
    {
        Changes++;
        _merged.Take(breaker);
        _since[(breaker.Kind, breaker.Subject)] = at;
    }

    public ImmutableArray<DeskBreaker> Tripped() =>
        [.. _merged.Capture().Tripped.Select(b => new DeskBreaker(b, _since.GetValueOrDefault((b.Kind, b.Subject), opening.At)))];
}
