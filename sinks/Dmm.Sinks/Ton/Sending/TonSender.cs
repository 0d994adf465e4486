using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// The only one who signs for a wallet. Does what <see cref="SenderKernel"/> says, in its order: a record is on the disk before the bytes that it is
/// of are sent. A start is a recovery: what was under way goes on with the same bytes. Thread-safe; one step at a time.
/// </summary>
public sealed class TonSender : IDisposable
{
    private readonly IWalletContract _wallet;
    private readonly ISigner _signer;
    private readonly ITonNode _node;
    private readonly ISendLog _log;
    private readonly SenderKernel _kernel;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Action<string, SendOutcome> _ended;
    private readonly Action<string> _alarm;
    private SenderState _state;
    private Exception? _broken;

    /// <param name="wallet">Whose key the signer has.</param>
    /// <param name="signer">Disposed of by the caller.</param>
    /// <param name="node">The chain.</param>
    /// <param name="log">This wallet's alone; its records are taken up.</param>
    /// <param name="kernel">The rules, for the same wallet.</param>
    /// <param name="ended">Told each intent's outcome once it is kept, and again for an intent that is submitted again.</param>
    /// <param name="alarm">Told what people must look at.</param>
    /// <param name="retention">What the log may forget now; the ordinary if null.</param>
    /// <exception cref="WalletFileException">The records are in no order that a sender writes.</exception>
    public TonSender(
        IWalletContract wallet, ISigner signer, ITonNode node, ISendLog log, SenderKernel kernel, Action<string, SendOutcome> ended,
        Action<string> alarm, SendLogRetention? retention = null)
    {
        (_wallet, _signer, _node, _log, _kernel, _ended, _alarm) = (wallet, signer, node, log, kernel, ended, alarm);
        try
        {
            var (records, kept) = (log.Read(), (retention ?? SendLogRetention.Ordinary).Keep(log.Read()));
            _state = kept.Aggregate(SenderState.Initial, (state, record) => state.With(record));
            if (kept.Count < records.Count) log.Rewrite(kept);
        }
        catch (InvalidOperationException disorder)
        {
            throw new WalletFileException($"the records of {wallet.Address} are out of order: {disorder.Message}", disorder);
        }
    }

    public Address Address => _wallet.Address;

    /// <summary>A moment's state, for people and for choosing a wallet.</summary>
    public SenderState State => _state;

    /// <summary>Whether it signs: false where its records cannot be written, or somebody else signs with its key.</summary>
    public bool IsWell => _broken is null && _state.Fault is null;

    /// <summary>Takes an intent; when this returns it is kept, and will have one outcome.</summary>
    /// <exception cref="IOException">It cannot be kept: whether it will be spent, only a restart can tell, and no other wallet may be given
    /// it.</exception>
    public Task SubmitAsync(SpendIntent intent, CancellationToken cancellation) =>
        ExclusivelyAsync(() => DoAsync(_kernel.Submit(_state, intent), cancellation), cancellation);

    /// <summary>One look at the chain, and what follows from it. What could not be read is passed over until the next.</summary>
    public Task TurnAsync(CancellationToken cancellation) => ExclusivelyAsync(() => LookAsync(cancellation), cancellation);

    /// <summary>Turns at an interval until it is cancelled.</summary>
    public async Task RunAsync(TimeSpan interval, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        do await TurnAsync(cancellation);
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    public void Dispose() => _gate.Dispose();

    private async Task ExclusivelyAsync(Func<Task> step, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_broken is not null) throw new IOException($"the sender of {Address} has stopped: {_broken.Message}", _broken);
            await step();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (_state.IsIdle) return;
        // First: what ends an intent makes room for the next in the same turn.
        await TraceAsync(cancellation);
        if (_state.IsIdle) return;
        if (await _node.WalletAsync(_wallet, cancellation) is VenueReply<WalletView>.Accepted { Value: var view })
            await DoAsync(_kernel.Viewed(_state, view), cancellation);
    }

    private async Task TraceAsync(CancellationToken cancellation)
    {
        if (_state.Flight is not { } flight) return;
        var indexedTo = uint.MaxValue;
        // The latest first: it is the likeliest, and all of them are one number's.
        foreach (var attempt in flight.Attempts.Reverse())
        {
            if (await _node.TraceAsync(attempt.Hash, cancellation) is not VenueReply<TraceLookup>.Accepted { Value: var lookup }) return;
            if (lookup.Trace is { } trace)
            {
                await DoAsync(_kernel.Traced(_state, attempt.Hash, trace), cancellation);
                return;
            }

            indexedTo = Math.Min(indexedTo, lookup.IndexedTo);
        }

        await DoAsync(_kernel.Untraced(_state, indexedTo), cancellation);
    }

    private async Task DoAsync((SenderState State, ImmutableArray<SendEffect> Effects) step, CancellationToken cancellation)
    {
        _state = step.State;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case SendEffect.Persist persist:
                    Keep(persist.Record);
                    break;
                case SendEffect.Sign sign:
                    await DoAsync(_kernel.Signed(_state, sign.Intent.Id, Signed(sign)), cancellation);
                    break;
                case SendEffect.Send send:
                    // Whatever the answer is, the chain decides, and the next turn sends again.
                    await _node.SendAsync(send.Attempt, cancellation);
                    break;
                case SendEffect.Report report:
                    _ended(report.IntentId, report.Outcome);
                    break;
                case SendEffect.Alarm alarm:
                    _alarm(alarm.Reason);
                    break;
            }
        }
    }

    // The state is ahead of the disk then, and so may the disk be of what was reported: nothing more is done with either.
    private void Keep(SendRecord record)
    {
        try
        {
            _log.Append(record);
        }
        catch (Exception fault)
        {
            _broken = fault;
            throw;
        }
    }

    private SendAttempt Signed(SendEffect.Sign sign)
    {
        var external = SignedExternal.Sign(_wallet, _signer, sign.Seqno, sign.ValidUntil, sign.Intent.Transfers);
        return new(sign.Seqno, sign.ValidUntil, external.NormalisedHash, external.ToBoc());
    }
}
