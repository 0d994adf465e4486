using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>
/// A wallet that is open: its key, its log, a node, and the sender over them, which is the only one that signs. Whoever has a session gives it
/// intents and waits for their one outcome; what another process left under way goes on first.
/// </summary>
internal sealed class WalletSession : IDisposable
{
    /// <summary>How long an operation that begins now may be carried out, s of the chain.</summary>
    public const uint OperationSeconds = 600;

    // An indexer that told of an intent's end knows its trace: it is asked again where it does not answer at once.
    private const int TraceAsksMax = 10;

    private readonly Stack<IDisposable> _owned = [];
    private readonly Dictionary<string, SendOutcome> _outcomes = [];
    private readonly ISendLog _log;
    private readonly PatientNode _node;
    private readonly Action<string> _tell;
    private string _lastSilence = "";

    /// <param name="wallet">Whose key the signer has.</param>
    /// <param name="signer">Owned by the caller, as what follows is.</param>
    /// <param name="node">Who tells of wallets and traces, and takes messages.</param>
    /// <param name="contracts">Who tells of contracts.</param>
    /// <param name="log">The wallet's.</param>
    /// <param name="interval">Between two looks at the chain.</param>
    /// <param name="time">For it.</param>
    /// <param name="tell">Told what is going on, in lines.</param>
    public WalletSession(
        IWalletContract wallet, ISigner signer, ITonNode node, TonContracts contracts, ISendLog log, TimeSpan interval, TimeProvider time,
        Action<string> tell)
    {
        (Wallet, Contracts, Interval, Clock, _log, _tell) = (wallet, contracts, interval, time, log, tell);
        _node = new(node, time, Silence);
        Sender = new(
            wallet, signer, _node, log, new(wallet, new SenderOptions().Checked(), ChainFees.Basic), (id, outcome) => _outcomes[id] = outcome,
            reason => tell($"ALARM: {reason}"));
        _owned.Push(Sender);
    }

    public IWalletContract Wallet { get; }

    public Address Address => Wallet.Address;

    public TonSender Sender { get; }

    public TonContracts Contracts { get; }

    public TimeSpan Interval { get; }

    public TimeProvider Clock { get; }

    /// <summary>Where the log is; empty where it has no place.</summary>
    public string LogPlace { get; private init; } = "";

    /// <param name="arguments">As given.</param>
    /// <param name="time">For timeouts and waits.</param>
    /// <param name="tell">As in the constructor.</param>
    /// <exception cref="BadInputException">Key, log or node cannot be used; the text names them.</exception>
    public static WalletSession Open(WalletArguments arguments, TimeProvider time, Action<string> tell)
    {
        var options = arguments.OpenNodes();
        var opened = new Stack<IDisposable>();
        try
        {
            var signer = Own(arguments.OpenKey());
            var wallet = arguments.Contract(signer.PublicKey);
            var log = Own(new SendLogFile(arguments.LogOf(wallet.Address)));
            var node = TonNodes.Of(Own(VenueHttp.Client()), options, time);
            var session = new WalletSession(wallet, signer, node, new(node, time), log, IntervalOf(options[0]), time, tell)
            {
                LogPlace = arguments.LogOf(wallet.Address),
            };
            foreach (var owned in opened.Reverse()) session._owned.Push(owned);
            opened.Clear();
            return session;
        }
        catch (WalletFileException unusable)
        {
            throw new BadInputException(unusable.Message);
        }
        finally
        {
            while (opened.TryPop(out var left)) left.Dispose();
        }

        T Own<T>(T disposable)
            where T : IDisposable
        {
            opened.Push(disposable);
            return disposable;
        }
    }

    /// <summary>An intent that the log knows, ended or not; null where it knows none of that id.</summary>
    public SpendIntent? Kept(string id) => _log.Read().OfType<SendRecord.Accepted>().LastOrDefault(r => r.IntentId == id)?.Intent;

    /// <summary>Intents that have not ended, in their order.</summary>
    public IEnumerable<SpendIntent> Unended =>
        (Sender.State.Flight is { } flight ? new[] { flight.Intent } : []).Concat(Sender.State.Queue);

    /// <summary>
    /// The intent of an operation: the one that the log has of its id; where no id is given, one of the kind and content that has not ended, as
    /// somebody who was interrupted runs the same command again; else a new one.
    /// </summary>
    /// <param name="kind">What begins an id that is drawn.</param>
    /// <param name="givenId">The caller's own; null for none.</param>
    /// <param name="chainTime">Of now.</param>
    /// <param name="build">The batch of an id, with the time from which on it must do nothing any more.</param>
    /// <exception cref="BadInputException">The log has another operation of that id.</exception>
    public SpendIntent Prepare(string kind, string? givenId, uint chainTime, Func<string, uint, ImmutableArray<WalletTransfer>> build)
    {
        if (givenId is null && Unended.FirstOrDefault(i => i.Id.StartsWith($"{kind}-", StringComparison.Ordinal) && IsThat(i)) is { } open)
        {
            _tell($"{open.Id}: goes on where it was interrupted");
            return open;
        }

        var id = givenId ?? OperationId.Draw(kind, chainTime);
        if (Kept(id) is not { } kept) return Of(id, chainTime + OperationSeconds);
        return IsThat(kept)
            ? kept
            : throw new BadInputException($"--id {id} is another operation in {LogPlace}: expected the arguments that it had, or another id");

        SpendIntent Of(string name, uint deadline) => new(name, build(name, deadline), deadline);
        bool IsThat(SpendIntent intent) => Of(intent.Id, intent.Deadline).IsSameAs(intent);
    }

    /// <summary>Whether a batch of the intent was ever signed.</summary>
    public bool IsSigned(string id) => _log.Read().OfType<SendRecord.Signed>().Any(r => r.IntentId == id);

    /// <summary>Submits an intent and looks at the chain until it has its outcome.</summary>
    /// <exception cref="UnsettledException">Nothing more is signed for this wallet; nobody can tell what became of it.</exception>
    public async Task<SendOutcome> SettleAsync(SpendIntent intent, CancellationToken cancellation)
    {
        if (Sender.State.Flight is { } earlier && earlier.Intent.Id != intent.Id)
            _tell($"{earlier.Intent.Id} is under way from before: its end comes first");
        await StepAsync(() => Sender.SubmitAsync(intent, cancellation));
        while (true)
        {
            if (_outcomes.TryGetValue(intent.Id, out var outcome)) return outcome;
            if (!Sender.IsWell) throw new UnsettledException($"{intent.Id}: {Sender.State.Fault}");
            await StepAsync(() => Sender.TurnAsync(cancellation));
            if (!_outcomes.ContainsKey(intent.Id)) await Task.Delay(Interval, Clock, cancellation);
        }
    }

    /// <summary>The trace of an intent that the chain has taken.</summary>
    /// <exception cref="UnsettledException">The node does not tell it.</exception>
    public async Task<Trace> TraceAsync(string id, CancellationToken cancellation)
    {
        var attempts = _log.Read().OfType<SendRecord.Signed>().Where(s => s.IntentId == id).Select(s => s.Attempt).Reverse().ToArray();
        for (var asked = 1; asked <= TraceAsksMax; asked++)
        {
            foreach (var attempt in attempts)
            {
                if (await _node.TraceAsync(attempt.Hash, cancellation) is VenueReply<TraceLookup>.Accepted { Value.Trace: { } trace }
                    && TraceReader.Read(trace, Address, int.MaxValue) is not null)
                    return trace;
            }

            await Task.Delay(Interval, Clock, cancellation);
        }

        throw new UnsettledException(
            $"{id}: the chain has taken it, and the node does not tell its trace any more. Ask again later: it is not sent twice");
    }

    /// <summary>The wallet as of now.</summary>
    /// <exception cref="ContractException">The node does not tell.</exception>
    public async Task<WalletView> LookAsync(CancellationToken cancellation) =>
        await _node.WalletAsync(Wallet, cancellation) is var reply && reply is VenueReply<WalletView>.Accepted { Value: var view }
            ? view
            : throw new ContractException($"the wallet {Address} is not told: {reply.Fault}");

    /// <summary>What is left behind when somebody interrupts it.</summary>
    public string Leftover() => Unended.ToArray() is { Length: > 0 } left
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"interrupted: {string.Join(", ", left.Select(i => i.Id))} stays in {LogPlace}. "
            + $"The same command again goes on with it, and sends nothing twice")
        : "interrupted: nothing is under way";

    public void Dispose()
    {
        while (_owned.TryPop(out var owned)) owned.Dispose();
    }

    // As often as the node's limit allows a turn, which asks for the head, traces and the wallet, and may send.
    private static TimeSpan IntervalOf(NodeOptions options) => TimeSpan.FromSeconds(Math.Clamp(5 / options.Requests.PerSecond, 0.2, 10));

    private async Task StepAsync(Func<Task> step)
    {
        var before = Sender.State;
        await step();
        foreach (var line in SendProgress.Lines(before, Sender.State)) _tell(line);
    }

    private void Silence(string reason)
    {
        if (reason != _lastSilence) _tell($"the node does not answer, and is asked again: {reason}");
        _lastSilence = reason;
    }
}
