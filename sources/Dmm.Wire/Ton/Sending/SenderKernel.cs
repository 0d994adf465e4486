using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>
/// The rules by which one wallet spends each intent at most once. Pure: what was read goes in, what is to be done comes out.
/// </summary>
/// <remarks>
/// | Event | Behaviour |
/// |---|---|
/// | intent | accepted once; the same again is answered with what is known, another of its id is refused |
/// | view, nothing in flight | the first intent's time, then value + gas + reserve against the balance; then it is signed for the view's number |
/// | view, number unchanged, batch alive | the same bytes are sent again |
/// | view, number unchanged, batch within its margin | nothing |
/// | view, number unchanged, batch certainly expired | signed again for the same number; expired where time or balance do not allow it |
/// | view, number used up | nothing more is signed until a trace has told |
/// | view that is older than another, or tells a number that is used up | passed over: that node is behind |
/// | trace of any attempt, complete and final | the intent has ended, as the trace tells |
/// | indexer far past a used-up number that knows no attempt | alarm: somebody else signs with this key, nothing is signed any more |
/// Two attempts of an intent have one number, and the chain takes a number once: whatever nodes tell, and however late, an intent is not spent twice.
/// </remarks>
/// <param name="wallet">Whose rules and size of batches count.</param>
/// <param name="options">Checked.</param>
/// <param name="fees">Prices for the estimate.</param>
public sealed class SenderKernel(IWalletContract wallet, SenderOptions options, ChainFees fees)
{
    public (SenderState State, ImmutableArray<SendEffect> Effects) Submit(SenderState state, SpendIntent intent)
    {
        if (state.Ended.TryGetValue(intent.Id, out var outcome)) return (state, [new SendEffect.Report(intent.Id, outcome)]);
        if (state.Open(intent.Id) is { } open)
        {
            return open.IsSameAs(intent)
                ? (state, [])
                : (state, [new SendEffect.Alarm($"intent {intent.Id} came again with other content: the first stands")]);
        }

        if (intent.FaultFor(wallet) is { } fault) return (state, [new SendEffect.Report(intent.Id, new(SendEnd.Refused, null, fault))]);
        return state.Queue.Length < options.QueueMax
            ? Keep(state, new SendRecord.Accepted(intent))
            : (state, [new SendEffect.Report(intent.Id, new(SendEnd.Refused, null, $"{state.Queue.Length} intents wait already: expected fewer"))]);
    }

    /// <summary>The wallet was read.</summary>
    public (SenderState State, ImmutableArray<SendEffect> Effects) Viewed(SenderState state, WalletView view)
    {
        if (view.ChainTime < state.ChainTime || view.Seqno < state.SeqnoMin) return (state, []);
        state = state with { ChainTime = view.ChainTime };
        if (state.Fault is not null) return (state, []);
        if (state.Flight is { } flight) return Watch(state, flight, view);
        return state.Queue.IsEmpty ? (state, []) : Begin(state, state.Queue[0], view);
    }

    /// <summary>An attempt was signed as asked: it is kept before it is sent.</summary>
    public (SenderState State, ImmutableArray<SendEffect> Effects) Signed(SenderState state, string intentId, SendAttempt attempt)
    {
        var (kept, effects) = Keep(state, new SendRecord.Signed(intentId, attempt));
        return (kept, effects.Add(new SendEffect.Send(attempt)));
    }

    /// <summary>A trace of an attempt was read.</summary>
    public (SenderState State, ImmutableArray<SendEffect> Effects) Traced(SenderState state, Hash256 attempt, Trace trace)
    {
        if (state.Flight is not { } flight || flight.Attempts.All(a => a.Hash != attempt)) return (state, []);
        return TraceReader.Read(trace, wallet.Address, flight.Intent.Transfers.Length) is { } outcome
            ? End(state, flight.Intent.Id, new(SendEnd.Traced, outcome, $"the trace tells: {outcome.Kind}"))
            : (state, []);
    }

    /// <summary>No attempt has a trace, at an indexer that knows the chain up to a time.</summary>
    /// <param name="state">As it is.</param>
    /// <param name="indexedTo">Unix time in seconds.</param>
    public (SenderState State, ImmutableArray<SendEffect> Effects) Untraced(SenderState state, uint indexedTo)
    {
        if (state.Fault is not null || state.Flight is not { } flight || state.UsedUpAt is not { } usedUpAt) return (state, []);
        if (indexedTo < Math.Max(usedUpAt, flight.Last.ValidUntil) + options.TraceGraceSeconds) return (state, []);
        var reason = $"number {flight.Seqno} of {wallet.Address} is used up, and no batch of intent {flight.Intent.Id} has a trace: "
            + "somebody else signs with this key. Its outcome is unknown, and nothing is signed any more";
        return (state with { Fault = reason }, [new SendEffect.Alarm(reason)]);
    }

    private (SenderState State, ImmutableArray<SendEffect> Effects) Begin(SenderState state, SpendIntent intent, WalletView view)
    {
        if (!HasTime(intent, view)) return End(state, intent.Id, new(SendEnd.Expired, null, "its time was over before it was signed"));
        return Shortage(intent, view) is { } shortage
            ? End(state, intent.Id, new(SendEnd.Refused, null, shortage))
            : (state, [Sign(intent, view, view.Seqno)]);
    }

    private (SenderState State, ImmutableArray<SendEffect> Effects) Watch(SenderState state, SendFlight flight, WalletView view)
    {
        // A number below the flight's was never the wallet's last when it was signed: that node is behind.
        if (view.Seqno < flight.Seqno) return (state, []);
        if (view.Seqno > flight.Seqno) return (state with { UsedUpAt = state.UsedUpAt ?? view.ChainTime }, []);
        // Seen used up before, by a node that was ahead: whoever still tells the old number is behind.
        if (state.UsedUpAt is not null) return (state, []);
        if (view.ChainTime < flight.Last.ValidUntil) return (state, [new SendEffect.Send(flight.Last)]);
        if (view.ChainTime < (ulong)flight.Last.ValidUntil + options.ExpiryMarginSeconds) return (state, []);
        if (!HasTime(flight.Intent, view)) return End(state, flight.Intent.Id, new(SendEnd.Expired, null, "the chain did not take it in its time"));
        return Shortage(flight.Intent, view) is { } shortage
            ? End(state, flight.Intent.Id, new(SendEnd.Expired, null, $"the chain did not take it, and it is not signed again: {shortage}"))
            : (state, [Sign(flight.Intent, view, flight.Seqno)]);
    }

    private bool HasTime(SpendIntent intent, WalletView view) => intent.Deadline >= (ulong)view.ChainTime + options.WindowSecondsMin;

    private string? Shortage(SpendIntent intent, WalletView view)
    {
        var gas = WalletGas.Estimate(wallet, intent.Transfers, view.Seqno == 0, fees);
        gas = Coins.FromNano(gas.Nano * (UInt128)(100 + options.GasBufferPercent) / 100);
        var need = intent.Value + gas + options.Reserve;
        return view.Balance >= need ? null
            : $"the wallet has {view.Balance} TON: expected {need}, which are {intent.Value} to send, {gas} of gas and {options.Reserve} to be left";
    }

    private SendEffect.Sign Sign(SpendIntent intent, WalletView view, uint seqno) =>
        new(intent, seqno, Math.Min(intent.Deadline, view.ChainTime + options.LifetimeSeconds));

    private static (SenderState State, ImmutableArray<SendEffect> Effects) End(SenderState state, string id, SendOutcome outcome)
    {
        var (kept, effects) = Keep(state, new SendRecord.Ended(id, outcome));
        return (kept, effects.Add(new SendEffect.Report(id, outcome)));
    }

    private static (SenderState State, ImmutableArray<SendEffect> Effects) Keep(SenderState state, SendRecord record) =>
        (state.With(record), [new SendEffect.Persist(record)]);
}
