using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>A batch that a wallet took.</summary>
/// <param name="Hash">Of the external message.</param>
/// <param name="At">Time of the block, s.</param>
/// <param name="Trace">As it will be told.</param>
/// <param name="Kind">What came of it.</param>
internal sealed record Execution(Hash256 Hash, uint At, Trace Trace, TraceKind Kind);

/// <summary>One wallet on a chain in virtual time: takes each number once and nothing that has expired, as the real ones do.</summary>
internal sealed class SimulatedChain(Address wallet, Random chance, Coins balance)
{
    private readonly List<(SendAttempt Attempt, int Messages, uint From)> _pool = [];
    private readonly List<(uint At, uint Seqno, Coins Balance)> _history = [(0, 0, balance)];

    // On a busy chain a batch may wait longer than it lives.
    private readonly int _blocksToWait = chance.Next(3) == 0 ? 90 : 3;

    public uint Now { get; private set; } = 1_750_000_000;

    public List<Execution> Executions { get; } = [];

    /// <summary>Batches that were shown as done, and then were not.</summary>
    public Dictionary<Hash256, (uint Until, Trace Trace)> Mirages { get; } = [];

    public uint Seqno => _history[^1].Seqno;

    /// <summary>As it was at a time.</summary>
    public WalletView At(uint time)
    {
        var state = _history.FindLast(s => s.At <= time);
        return new(state.Seqno, state.Balance, time);
    }

    public void Take(SendAttempt attempt, int messages, uint delay) => _pool.Add((attempt, messages, Now + delay));

    public void Pass(uint seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Now++;
            if (Now % 2 == 0) Block();
        }
    }

    private void Block()
    {
        foreach (var sent in _pool.Where(m => m.From <= Now).ToArray())
        {
            // A shard's block may carry a time that is behind the masterchain's.
            if (sent.Attempt.ValidUntil <= Now - chance.Next(15) || sent.Attempt.Seqno != Seqno)
            {
                // Of the future it would be refused likewise: nodes do not keep it.
                _pool.Remove(sent);
                continue;
            }

            if (chance.Next(4 * _blocksToWait) == 0)
                Mirages[sent.Attempt.Hash] = (Now + (uint)chance.Next(20), Made(sent, TraceKind.Executed, TraceFinality.Pending).Trace);
            if (chance.Next(_blocksToWait) != 0) continue;
            _pool.Remove(sent);
            var kind = (TraceKind[])[TraceKind.Executed, TraceKind.Executed, TraceKind.Bounced, TraceKind.NotSent, TraceKind.Failed];
            var execution = Made(sent, kind[chance.Next(kind.Length)], TraceFinality.Finalized);
            Executions.Add(execution);
            _history.Add((Now, Seqno + 1, _history[^1].Balance - Coins.NanoPerTon / 100));
        }
    }

    private Execution Made((SendAttempt Attempt, int Messages, uint From) sent, TraceKind kind, TraceFinality finality)
    {
        var external = Message.Read(BagOfCells.DeserializeOne(sent.Attempt.Boc.Span));
        var number = 0;
        List<TraceTransaction> transactions = [];
        List<TraceMessage> sentOn = [];
        for (var i = 0; i < (kind == TraceKind.NotSent ? 0 : sent.Messages); i++)
        {
            var to = new Address(0, new Hash256([.. Enumerable.Repeat((byte)(i + 1), 32)]));
            var message = Told(new(MessageKind.Internal, wallet, to, Coins.NanoPerTon, true, false, null, Cell.Empty));
            var back = Told(new(MessageKind.Internal, to, wallet, Coins.NanoPerTon / 2, false, true, null, Cell.Empty));
            sentOn.Add(message);
            transactions.Add(new(to, Now, kind == TraceKind.Executed ? 0 : 11, 1_000, message, kind == TraceKind.Bounced ? [back] : []));
        }

        transactions.Insert(0, new(wallet, Now, 0, 5_000, Told(external), [.. sentOn]));
        return new(sent.Attempt.Hash, Now, new([.. transactions], finality, IsComplete: true), kind);

        TraceMessage Told(Message message) => new(new Hash256([.. Enumerable.Repeat((byte)++number, 32)]), message, 400);
    }
}
