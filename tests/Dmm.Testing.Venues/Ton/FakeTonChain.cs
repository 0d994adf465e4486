using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>
/// A chain with one wallet and a few contracts: takes a batch for the wallet's number within its time, carries it out at once, and keeps the trace.
/// Its clock goes on by three seconds with each look at wallet or traces. Each message costs its sender 0.003 TON on the way.
/// </summary>
public sealed class FakeTonChain(IWalletContract wallet) : ITonNode
{
    /// <summary>Of the wallet's own transaction.</summary>
    public static readonly Coins Fees = 2_000_000;

    private static readonly Coins Way = 3_000_000;

    private readonly Lock _lock = new();
    private readonly List<IFakeContract> _contracts = [];
    private readonly Dictionary<Hash256, Trace> _traces = [];
    private int _messages;

    public uint Now { get; set; } = 1_764_570_000;

    public uint Seqno { get; private set; }

    public Coins Balance { get; set; } = Coins.NanoPerTon * 10;

    /// <summary>What is sent does not arrive.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Cancelled when a batch comes in.</summary>
    public CancellationTokenSource? Interrupted { get; set; }

    /// <summary>All batches that came in, however often.</summary>
    public List<SendAttempt> Came { get; } = [];

    /// <summary>What the wallet was told to send, batch by batch, once it was taken.</summary>
    public List<IReadOnlyList<Message>> Batches { get; } = [];

    /// <summary>What comes before a batch is carried out: somebody else's doing.</summary>
    public Action? BeforeBatch { get; set; }

    public void Add(IFakeContract contract) => _contracts.Add(contract);

    public StackItem[]? Ask(Address address, string method, IReadOnlyList<StackItem> arguments)
    {
        lock (_lock) return Find(address)?.Ask(address, method, arguments);
    }

    public Task<VenueReply<NodeHead>> HeadAsync(CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new NodeHead(new(1, Now), this));
    }

    public Task<VenueReply<ImmutableArray<StackItem>>> MethodAsync(
        Address contract, string method, IReadOnlyList<StackItem> arguments, CancellationToken cancellation) =>
        Ask(contract, method, arguments) is { } answer
        ? Accepted<ImmutableArray<StackItem>>([.. answer])
        : Task.FromResult<VenueReply<ImmutableArray<StackItem>>>(new VenueReply<ImmutableArray<StackItem>>.Unknown($"{contract} has no {method}"));

    public Task<VenueReply<UInt128>> JettonsAsync(Address owner, Address master, CancellationToken cancellation) => Accepted<UInt128>(
        _contracts.OfType<FakeJettonContract>().FirstOrDefault(j => j.Minter == master)?.BalanceOf(owner) ?? 0);

    public Task<VenueReply<WalletView>> WalletAsync(IWalletContract asked, CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new WalletView(Seqno, Balance, Now += 3));
    }

    public Task<VenueReply<TraceLookup>> TraceAsync(Hash256 message, CancellationToken cancellation)
    {
        lock (_lock) return Accepted(new TraceLookup(_traces.GetValueOrDefault(message), Now += 3));
    }

    public Task<VenueReply<Hash256>> SendAsync(SendAttempt attempt, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Came.Add(attempt);
            if (!IsDeaf && attempt.Seqno == Seqno && attempt.ValidUntil > Now && !_traces.ContainsKey(attempt.Hash)) Take(attempt);
        }

        Interrupted?.Cancel();
        return Accepted(attempt.Hash);
    }

    private void Take(SendAttempt attempt)
    {
        BeforeBatch?.Invoke();
        var external = Message.Read(BagOfCells.DeserializeOne(attempt.Boc.Span));
        var batch = WalletRequest.Read(external.Body);
        Batches.Add(batch);
        Seqno++;
        Balance -= Fees;
        var sent = batch.Where(m => m.Value <= Balance).Select(m => Told(m with { Source = wallet.Address })).ToArray();
        foreach (var message in sent) Balance -= message.Content.Value;
        List<TraceTransaction> transactions = [new(wallet.Address, Now, 0, Fees, Told(external), [.. sent])];
        var waiting = new Queue<TraceMessage>(sent);
        while (waiting.TryDequeue(out var message))
        {
            var receipt = Receive(message.Content);
            TraceMessage[] on = [.. receipt.Sent.Select(s => Told(new(MessageKind.Internal, s.From, s.To, s.Value, true, false, null, s.Body)))];
            if (receipt.Exit != 0) on = [Bounced(message.Content)];
            transactions.Add(new(message.Content.Destination!, Now, receipt.Exit, 0, message, [.. on]));
            foreach (var next in on) waiting.Enqueue(next);
        }

        _traces[attempt.Hash] = new([.. transactions], TraceFinality.Finalized, IsComplete: true);
    }

    private FakeReceipt Receive(Message message)
    {
        if (message.Destination == wallet.Address) Balance += message.Value;
        if (message.IsBounced || Find(message.Destination!) is not { } contract) return FakeReceipt.Nothing;
        return contract.Receive(message);
    }

    private TraceMessage Bounced(Message message) => Told(new(
        MessageKind.Internal, message.Destination, message.Source, Left(message.Value), false, true, null,
        new CellBuilder().StoreUInt(uint.MaxValue, 32).Build()));

    private TraceMessage Told(Message message) =>
        new(new Hash256(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(++_messages))), message, 0);

    /// <summary>What is left of a message's value after its way.</summary>
    public static Coins Left(Coins value) => value > Way ? value - Way : Coins.Zero;

    private IFakeContract? Find(Address address) => _contracts.Find(c => c.Has(address));

    private static Task<VenueReply<T>> Accepted<T>(T value) => Task.FromResult<VenueReply<T>>(new VenueReply<T>.Accepted(value));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"number {Seqno}, {Balance} TON at {Now}");
}
