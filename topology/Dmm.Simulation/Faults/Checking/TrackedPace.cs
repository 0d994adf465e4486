using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// How many orders are placed or moved at a venue: no more over a while than if each refresh, and each fill told, laid the whole ladder anew. What
/// else is urgent may do so at once, and not again and again.
/// </summary>
internal sealed class TrackedPace(SimulationQueue queue, bool arePartings)
{
    // Where books part, at 20 bps/s, the touch moves by half of the half-spread of 10 bps four times a second, and is followed at once. A window holds
    // forty such moves, and one more that it cuts at either end.
    private const int Partings = 42;

    /// <summary>Long enough for what is urgent for good reasons, a jump of the market among them, to be made up for by calm.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<Timestamp> _fills = new();
    private readonly Queue<Timestamp>[] _sent = [.. FaultSettings.Instruments.All.Select(_ => new Queue<Timestamp>())];

    /// <summary>
    /// A fill is told: what is held changes, and with it what all markets are to show. So it does at the end of a trade of the router, for which
    /// quotes made way.
    /// </summary>
    public void TakeFill() => _fills.Enqueue(queue.Now);

    /// <summary>Takes an intent; says what is wrong where it is one too many.</summary>
    public string? Take(OrderIntent intent)
    {
        if (intent.Kind == OrderIntentKind.Cancel || intent.TimeInForce == TimeInForce.ImmediateOrCancel) return null;
        var sent = _sent[intent.Instrument.Index];
        sent.Enqueue(queue.Now);
        Forget(sent);
        Forget(_fills);
        var most = 2 * FaultSettings.Parameters.Quote.LevelMultiples.Length * (Refreshes(intent.Instrument) + _fills.Count + (arePartings ? Partings : 0));
        return sent.Count > most
            ? string.Create(CultureInfo.InvariantCulture, $"{sent.Count} orders were placed or moved within {Window.TotalSeconds} s, the bound is {most}")
            : null;
    }

    private void Forget(Queue<Timestamp> times)
    {
        while (times.TryPeek(out var first) && queue.Now - first >= Window) times.Dequeue();
    }

    private static int Refreshes(InstrumentId instrument) =>
        (int)(Window / FaultSettings.Parameters.Venues[instrument.Index].RefreshInterval);
}
