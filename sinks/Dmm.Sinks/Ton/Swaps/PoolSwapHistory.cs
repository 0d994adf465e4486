using System.Globalization;
using System.Numerics;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>A swap of ours at a pool that the wallet was given.</summary>
/// <param name="Id">Its intent's.</param>
/// <param name="ClientOrderId">Of the order that it carries out.</param>
/// <param name="Order">As the message says it.</param>
internal sealed record PoolSwapFlight(string Id, string ClientOrderId, SwapOrder Order);

/// <summary>Swaps of ours at one pool that have ended, in the order in which they did, as what the engine is told. Not thread-safe.</summary>
internal sealed class PoolSwapHistory
{
    // TON's coins, and the jettons that are traded for them here.
    public const long UnitsPerToken = 1_000_000_000;

    private readonly PoolAccount _account;
    private readonly List<(string SwapId, ControlMessage Told)> _ended = [];

    /// <summary>Reads what the wallet's log tells of that pool.</summary>
    public PoolSwapHistory(PoolAccount account)
    {
        _account = account;
        Dictionary<string, PoolSwapFlight> open = [];
        foreach (var record in account.Log.Read())
        {
            if (record is SendRecord.Accepted { Intent: var intent } && FlightOf(intent) is { } flight) open[intent.Id] = flight;
            else if (record is SendRecord.Ended ended && open.Remove(record.IntentId, out var swap)) Add(swap, ended.Outcome);
        }

        Open = open.Values.LastOrDefault();
    }

    /// <summary>One that an earlier process began and whose end is not known; null where there is none.</summary>
    public PoolSwapFlight? Open { get; }

    public int Fills { get; private set; }

    /// <summary>What was told of the swap that ended last.</summary>
    public ControlMessage Last => _ended[^1].Told;

    /// <summary>The swap of ours at that pool that an intent is; null where it is another's, or none.</summary>
    public PoolSwapFlight? FlightOf(SpendIntent intent) =>
        PoolSwapIds.OrderOf(_account.Pool, intent.Id) is { } order && intent.Transfers is [var one] && PoolSwapMessages.Read(one.Message) is { } swap
            ? new(intent.Id, order, swap)
            : null;

    /// <summary>Keeps how a swap ended. Null, and nothing is kept, where the chain never took it.</summary>
    public PoolSwapSettlement? Add(PoolSwapFlight flight, SendOutcome outcome)
    {
        if (outcome is not { End: SendEnd.Traced, Trace: { } trace }) return null;
        var settled = PoolSwapSettlement.Read(_account.Pool, _account.Owner, flight.Order, trace);
        _ended.Add((flight.Id, Told(flight, settled)));
        if (settled.IsExecuted) Fills++;
        return settled;
    }

    /// <summary>Fills and failed swaps after that one; all where it is not known.</summary>
    public IEnumerable<ControlMessage> After(string swapId) => _ended.Skip(_ended.FindLastIndex(e => e.SwapId == swapId) + 1).Select(e => e.Told);

    /// <summary>An order that an earlier process placed, by what its swap says: the price is the least that it may come to.</summary>
    public OrderUpdate StateOf(PoolSwapFlight flight, OrderStatus status)
    {
        var (order, instrument) = (flight.Order, _account.Instrument);
        var (held, money) = order.Side == Side.Buy ? (order.LeastOut, order.Amount) : (order.Amount, order.LeastOut);
        var ticks = held == 0 ? 0 : (double)money / (double)held / instrument.Prices.StepAsDouble;
        return new()
        {
            Instrument = instrument.Id, ClientOrderId = flight.ClientOrderId, Status = status, Side = order.Side, PriceTicks = (long)Math.Round(ticks),
            RemainingLots = status >= OrderStatus.Filled ? 0 : (long)Math.Round((double)held / UnitsPerToken / instrument.Sizes.StepAsDouble),
            Reason = "",
        };
    }

    private ControlMessage Told(PoolSwapFlight flight, PoolSwapSettlement settled)
    {
        var (instrument, at) = (_account.Instrument, Timestamp.FromUnixMilliseconds(settled.At * 1_000L));
        var gas = ((decimal)(BigInteger)settled.GasNano / UnitsPerToken).Canonical();
        if (!settled.IsExecuted)
        {
            return new FailedSwap
            {
                Instrument = instrument.Id, SwapId = flight.Id, ClientOrderId = flight.ClientOrderId, Side = settled.Side, Gas = gas,
                GasAsset = instrument.QuoteAsset, Reason = settled.Reason, VenueTime = at,
            };
        }

        return new Fill
        {
            Instrument = instrument.Id, TradeId = flight.Id, ClientOrderId = flight.ClientOrderId, Side = settled.Side,
            Price = ((decimal)settled.Quote / (decimal)settled.Base).Canonical(), Quantity = ((decimal)settled.Base / UnitsPerToken).Canonical(),
            Fee = gas, FeeAsset = instrument.QuoteAsset,
            // It realises a quote of ours at its net price, which is what markouts and toxicity judge.
            IsMaker = true, VenueTime = at,
        };
    }
}
