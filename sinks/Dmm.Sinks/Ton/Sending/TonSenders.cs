using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Several wallets, each with one batch under way, for orders side by side. An intent stays with the wallet that accepted it: no other is ever given
/// it. Thread-safe.
/// </summary>
/// <param name="senders">Each of another wallet; disposed of by the caller.</param>
public sealed class TonSenders(IReadOnlyList<TonSender> senders) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Gives an intent to the wallet that has it, else to the one with the fewest waiting.</summary>
    /// <returns>False when no wallet signs: the intent was taken by none.</returns>
    /// <exception cref="IOException">The wallet that has it, or was given it, cannot keep it: only a restart can tell whether it will be
    /// spent.</exception>
    public async Task<bool> SubmitAsync(SpendIntent intent, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var sender = senders.FirstOrDefault(s => s.State.Knows(intent.Id)) ?? senders.Where(s => s.IsWell).MinBy(s => Waiting(s.State));
            if (sender is null) return false;
            await sender.SubmitAsync(intent, cancellation);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static int Waiting(SenderState state) => state.Queue.Length + (state.Flight is null ? 0 : 1);
}
