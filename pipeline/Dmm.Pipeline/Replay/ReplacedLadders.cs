using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// How many messages the same ladders would have cost without a difference engine: whenever a ladder is another than before, each of its former orders
/// is cancelled and each of its new ones placed.
/// </summary>
internal sealed class ReplacedLadders(InstrumentCatalog instruments)
{
    private readonly QuoteTarget?[] _latest = new QuoteTarget?[instruments.Count];

    public long Messages { get; private set; }

    public void Add(QuoteTarget target)
    {
        ref var latest = ref _latest[target.Instrument.Index];
        if (latest is null || !latest.Bids.AsSpan().SequenceEqual(target.Bids.AsSpan()) || !latest.Asks.AsSpan().SequenceEqual(target.Asks.AsSpan()))
            Messages += Orders(latest) + Orders(target);
        latest = target;
    }

    private static int Orders(QuoteTarget? target) => target is null ? 0 : target.Bids.Length + target.Asks.Length;
}
