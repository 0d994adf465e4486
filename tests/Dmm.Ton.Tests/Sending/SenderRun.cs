using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>
/// A caller, a sender and a chain in virtual time, by one seed. Whenever the process dies another begins with what is on the disk, and the caller,
/// whose own journal lives, submits again whatever it was not told the end of.
/// </summary>
internal sealed class SenderRun
{
    private static readonly Ed25519Signer Signer = new(new byte[32]);
    private static readonly IWalletContract[] Wallets = [new WalletV5R1(Signer.PublicKey), new WalletV4R2(Signer.PublicKey)];
    private static readonly SenderOptions Options = new SenderOptions().Checked();

    // As little as is safe: the last that ended, and whatever may still be spent.
    private static readonly SendLogRetention Retention = new() { EndedMin = 1, EndedMax = 2, Seconds = 60, SlackSeconds = 60 + 30 };

    private readonly int _seed;
    private readonly Random _chance;
    private readonly CrashPlan _plan;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedChain _chain;
    private readonly SimulatedNode _node;
    private readonly IWalletContract _wallet;
    private readonly SenderKernel _kernel;
    private readonly Dictionary<string, SpendIntent> _wanted = [];
    private readonly Dictionary<string, SendOutcome> _told = [];
    private readonly List<string> _alarms = [];
    private readonly Dictionary<Hash256, (string Id, int Messages)> _signed = [];

    public SenderRun(int seed, Func<Random, Func<int, bool>> diesAt)
    {
        _seed = seed;
        _chance = new(seed);
        _plan = new(diesAt(new Random(seed ^ 0x5EED)));
        _wallet = Wallets[seed % Wallets.Length];
        _disk = new(_plan, _chance);
        _chain = new(_wallet.Address, _chance, Coins.NanoPerTon * (ulong)(_chance.Next(8) == 0 ? 2 : 50));
        _node = new(_chain, _plan, _chance, MessagesOf);
        _kernel = new(_wallet, Options, ChainFees.Basic);
    }

    public int Crashes => _plan.Crashes;

    public int Steps => _plan.Steps;

    public int Intents => _wanted.Count;

    public int Sends => _node.Sends;

    public int Failovers => _node.Failovers;

    public int Resigned { get; private set; }

    /// <summary>Records that a start between crashes forgot.</summary>
    public int Forgotten { get; private set; }

    /// <summary>Intents that were submitted once more when they had been forgotten.</summary>
    public int Strangers { get; private set; }

    public int Mirages => _chain.Mirages.Count;

    public IEnumerable<(SendEnd End, TraceKind? Kind)> Ends => _told.Values.Select(o => (o.End, o.Trace?.Kind));

    public async Task RunAsync()
    {
        for (var i = 0; i < 4; i++) Want(i);
        for (var life = 0; life < 200; life++)
        {
            // After that long the world is calm and whoever lives lives on.
            _plan.IsOver = _node.IsCalm = life >= 100 || _chain.Now > 1_750_001_200;
            if (await LiveAsync()) break;
            _chain.Pass((uint)_chance.Next(_chance.Next(6) == 0 ? 300 : 10));
        }

        // Whatever is still on its way may arrive.
        _chain.Pass(1_000);
        Judge();
        Forgotten = _disk.Forgotten;
        await AllAgainAsync();
    }

    // True when everything has ended, false when the process has died.
    private async Task<bool> LiveAsync()
    {
        try
        {
            using var sender = new TonSender(_wallet, Signer, _node, _disk, _kernel, Tell, _alarms.Add, Retention);
            foreach (var intent in _wanted.Values.Where(i => !_told.ContainsKey(i.Id)).ToArray()) await sender.SubmitAsync(intent, default);
            for (var turn = 0; turn < 3_000 && !(sender.State.IsIdle && _told.Count == _wanted.Count); turn++)
            {
                await sender.TurnAsync(default);
                _chain.Pass((uint)_chance.Next(1, 6));
                if (_chain.Now > 1_750_001_200) _plan.IsOver = _node.IsCalm = true;
            }

            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    // A caller that was told every end and has forgotten it: an intent that the log has forgotten, too, is out of time and is not spent again.
    private async Task AllAgainAsync()
    {
        _plan.IsOver = _node.IsCalm = true;
        var (executions, told) = (_chain.Executions.Count, new Dictionary<string, SendOutcome>());
        using (var sender = new TonSender(
            _wallet, Signer, _node, _disk, _kernel, (id, outcome) => told.Add(id, outcome), _alarms.Add, Retention))
        {
            foreach (var intent in _wanted.Values)
            {
                var isKnown = sender.State.Knows(intent.Id);
                await sender.SubmitAsync(intent, default);
                for (var turn = 0; turn < 100 && !sender.State.IsIdle; turn++) await sender.TurnAsync(default);
                if (isKnown) Same(told[intent.Id], _told[intent.Id]).ShouldBeTrue($"seed {_seed}: {intent.Id} is told otherwise than before");
                else told[intent.Id].End.ShouldBe(SendEnd.Expired, $"seed {_seed}: {intent.Id}");
                if (!isKnown) Strangers++;
            }
        }

        _chain.Pass(1_000);
        _chain.Executions.Count.ShouldBe(executions, $"seed {_seed}: something was spent again");
        _alarms.ShouldBeEmpty($"seed {_seed}");
    }

    // The caller's clock is wrong by up to a minute either way.
    private void Want(int number)
    {
        var deadline = (uint)(_chain.Now + 20 + _chance.Next(600) + _chance.Next(-60, 60));
        var transfers = Enumerable.Range(0, _chance.Next(1, 4)).Select(
            i => new WalletTransfer(new InternalMessage(_wallet.Address, Coins.NanoPerTon, new TextComment($"{number} {i}").ToCell())));
        var intent = new SpendIntent($"s{_seed}-{number}", [.. transfers], deadline);
        _wanted.Add(intent.Id, intent);
    }

    private void Tell(string id, SendOutcome outcome)
    {
        _plan.Step();
        if (_told.TryGetValue(id, out var before)) Same(before, outcome).ShouldBeTrue($"seed {_seed}: {id} has two ends");
        _told[id] = outcome;
    }

    private int? MessagesOf(Hash256 hash)
    {
        foreach (var signed in _disk.Everything.OfType<SendRecord.Signed>())
            _signed[signed.Attempt.Hash] = (signed.IntentId, _wanted[signed.IntentId].Transfers.Length);
        return _signed.TryGetValue(hash, out var found) ? found.Messages : null;
    }

    private void Judge()
    {
        _alarms.ShouldBeEmpty($"seed {_seed}");
        _node.Unrecorded.ShouldBe(0, $"seed {_seed}: sent before it was kept");
        var records = _disk.Everything;
        Resigned = records.OfType<SendRecord.Signed>().Count() - records.OfType<SendRecord.Signed>().DistinctBy(s => s.IntentId).Count();
        var spent = _chain.Executions.ToLookup(e => _signed[e.Hash].Id);
        foreach (var id in _wanted.Keys)
        {
            spent[id].Count().ShouldBeLessThanOrEqualTo(1, $"seed {_seed}: {id} was spent twice");
            var ends = records.OfType<SendRecord.Ended>().Where(e => e.IntentId == id).ToArray();
            ends.Length.ShouldBe(1, $"seed {_seed}: {id} has {ends.Length} ends");
            Same(_told[id], ends[0].Outcome).ShouldBeTrue($"seed {_seed}: {id} was told otherwise than it is kept");
            (ends[0].Outcome.End == SendEnd.Traced).ShouldBe(spent[id].Any(), $"seed {_seed}: {id}, {ends[0].Outcome.Reason}");
            if (spent[id].FirstOrDefault() is { } execution) ends[0].Outcome.Trace!.Kind.ShouldBe(execution.Kind, $"seed {_seed}: {id}");
        }
    }

    private static bool Same(SendOutcome one, SendOutcome other) => (one.End, one.Trace?.Kind, one.Trace?.Fees, one.Trace?.Sent, one.Trace?.Returned)
        == (other.End, other.Trace?.Kind, other.Trace?.Fees, other.Trace?.Sent, other.Trace?.Returned);
}
