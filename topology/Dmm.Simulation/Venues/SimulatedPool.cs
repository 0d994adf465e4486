using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// A pool of either exchange's rules on a chain with blocks, and before it the part of an order adapter that keeps our quotes as standing intentions
/// (<see cref="PoolLadder"/>). It publishes its book and each swap as a trade: a snapshot with each block, and at each swap of others. Swaps of ours
/// land with a block, those of others at once.
/// </summary>
public sealed class SimulatedPool : ISimulatedVenue, IPoolTarget
{
    // TON, and jettons of nine decimals as DCT is.
    private const long NanoPerToken = 1_000_000_000;
    private const int CoinDecimals = 9;

    private readonly PoolRules _rules;
    private readonly SimulationQueue _queue;
    private readonly SeededRandom _random;
    private readonly InputReceiver _deliver;
    private readonly PoolLadder _ladder;
    private SwapInFlight? _inFlight;
    private long _updateIds;
    private long _tradeIds;

    /// <param name="instrument">A pool against TON, in which gas is paid.</param>
    /// <param name="rules">The chain's and the router's.</param>
    /// <param name="pool">Reserves to begin with, fees and transfer tax.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="random">For delays and refusals.</param>
    /// <param name="deliver">Takes what the venue says, when it reaches us.</param>
    /// <exception cref="ParameterException">The instrument is no pool against TON, or a rule, fee or reserve is out of range; all faults are
    /// listed.</exception>
    public SimulatedPool(
        Instrument instrument, PoolRules rules, ITokenPool pool, SimulationQueue queue, SeededRandom random, InputReceiver deliver)
    {
        var faults = new ParameterFaults();
        faults.Require(
            instrument.Name, instrument is { IsPool: true, QuoteAsset: "TON" }, $"is quoted in {instrument.QuoteAsset}", "a pool against TON");
        rules.CollectFaults(faults);
        pool.CollectFaults(faults);
        faults.ThrowIfAny("simulated pool");
        (Instrument, _rules, Pool, _queue, _random, _deliver) = (instrument, rules, pool, queue, random, deliver);
        GasPerSwapTon = rules.SwapGasTon;
        _ladder = new(instrument, NanoPerToken, rules.FeedLatency, queue, deliver, this);
    }

    public Instrument Instrument { get; }

    public ITokenPool Pool { get; private set; }

    public long UnitsPerToken => NanoPerToken;

    /// <summary>What a swap costs now, TON; what a failed one costs rises with it.</summary>
    public decimal GasPerSwapTon { get; set; }

    /// <summary>What became of our swaps.</summary>
    public PoolSwapCounts Counts => _ladder.Counts;

    /// <summary>Our standing intentions, in the order in which they came.</summary>
    public IReadOnlyCollection<OwnOrder> OpenOrders => _ladder.Intentions;

    /// <summary>Publishes from now on: first its book, then block after block.</summary>
    public void Start()
    {
        Publish();
        ScheduleBlock();
    }

    public void Send(OrderIntent intent, Timestamp at) => _queue.Schedule(at, () => _ladder.Take(intent));

    public void Swap(Side side, BigInteger amount)
    {
        Apply(side, Pool.Move(side, amount));
        Publish();
    }

    /// <summary>Sends a swap of ours; its fate is told to the ladder when it reaches us.</summary>
    /// <exception cref="InvalidOperationException">Another is in flight: a wallet has one sequence number at a time.</exception>
    internal void Submit(PoolSwapRequest request)
    {
        if (_inFlight is not null)
            throw new InvalidOperationException($"swap {request.SwapId} was sent while {_inFlight.Request.SwapId} is in flight");
        var blocks = 1 + _random.NextInt(_rules.DelayBlocksMax);
        var isRefused = _random.NextBool(_rules.LowGasProbability);
        _inFlight = new(request, NextBlock(_queue.Now) + (blocks - 1) * _rules.BlockInterval, _queue.Now + _rules.SwapDeadline, isRefused);
    }

    private void OnBlock()
    {
        if (_inFlight is { } swap && swap.LandsAt <= _queue.Now)
        {
            _inFlight = null;
            Land(swap);
        }

        Publish();
        ScheduleBlock();
    }

    private void Land(SwapInFlight swap)
    {
        var request = swap.Request;
        var (side, amount, minimum) = (request.Take.Side, request.Take.Amount, request.Take.MinimumOut);
        if (swap.IsRefused) Refund(request, "too little gas for the router", _rules.LowGasTon);
        else if (_queue.Now > swap.Deadline) Refund(request, "deadline passed", _rules.ExpiredGasTon);
        else if (Pool.Move(side, amount) is var move && move.PaidOut < minimum)
            Refund(request, $"slippage: {move.PaidOut} would come out, at least {minimum} asked", _rules.SlippageGasTon);
        else
        {
            _ladder.OnExecuted(request, move, GasPerSwapTon);
            Apply(side, move);
        }
    }

    private void Refund(PoolSwapRequest request, string reason, decimal ordinaryGasTon) =>
        _ladder.OnFailed(request, reason, decimal.Round(ordinaryGasTon * GasPerSwapTon / _rules.SwapGasTon, CoinDecimals).Canonical());

    private void Apply(Side side, in PoolMove move)
    {
        Pool = Pool.After(move);
        var (amount, price) = ((double)move.Base / NanoPerToken, (double)move.Quote / (double)move.Base);
        var print = new Trade
        {
            Instrument = Instrument.Id, VenueTime = _queue.Now, ReceiveTime = _queue.Now + _rules.FeedLatency, TradeId = ++_tradeIds,
            PriceTicks = (long)Math.Round(price / Instrument.Prices.StepAsDouble),
            SizeLots = (long)Math.Round(amount / Instrument.Sizes.StepAsDouble),
            Aggressor = side,
        };
        if (print is { PriceTicks: > 0, SizeLots: > 0 }) _queue.Schedule(print.ReceiveTime, () => _deliver(new Input(print)));
    }

    private void Publish()
    {
        var (seen, heardAt) = (Pool, _queue.Now + _rules.FeedLatency);
        var book = PoolBook.Snapshot(
            seen, Instrument, NanoPerToken, ++_updateIds, _queue.Now, heardAt, _rules.BookLevels, _rules.BookStepBps);
        _queue.Schedule(heardAt, () =>
        {
            _deliver(new Input(book));
            _ladder.OnPool(seen);
        });
    }

    private void ScheduleBlock() => _queue.Schedule(NextBlock(_queue.Now), OnBlock);

    private Timestamp NextBlock(Timestamp after) => new((after.Ticks / _rules.BlockInterval.Ticks + 1) * _rules.BlockInterval.Ticks);

    private sealed record SwapInFlight(PoolSwapRequest Request, Timestamp LandsAt, Timestamp Deadline, bool IsRefused);
}
