using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>The account at a <see cref="FakeMarket"/>: its orders, its fills and what it holds. Not thread-safe.</summary>
internal sealed class FakeAccount(IEnumerable<Instrument> instruments)
{
    private readonly Dictionary<long, FakeOrder> _orders = [];
    private readonly Dictionary<string, long> _byClientId = new(StringComparer.Ordinal);
    private readonly List<FakeFill> _fills = [];
    private readonly SortedDictionary<string, decimal> _totals =
        new(instruments.SelectMany(i => new[] { i.BaseAsset, i.QuoteAsset }).Distinct().ToDictionary(a => a, _ => FakeMarket.OpeningBalance),
            StringComparer.Ordinal);

    private readonly Dictionary<InstrumentId, decimal> _positions = [];

    public long OrderSequence { get; private set; }

    public IReadOnlyList<FakeFill> Fills => _fills;

    public IEnumerable<FakeOrder> Orders => _orders.Values.OrderBy(o => o.Sequence);

    public FakeOrder? Find(long orderId) => _orders.GetValueOrDefault(orderId);

    public FakeOrder? Find(string clientOrderId) => _byClientId.TryGetValue(clientOrderId, out var id) ? Find(id) : null;

    /// <summary>Contracts, or base asset: bought less sold.</summary>
    public decimal Position(InstrumentId instrument) => _positions.GetValueOrDefault(instrument);

    /// <summary>What is held changes by what no trade explains.</summary>
    public void Move(string asset, decimal amount) => _totals[asset] += amount;

    /// <inheritdoc cref="Move(string, decimal)"/>
    public void Move(InstrumentId instrument, decimal quantity) => _positions[instrument] = Position(instrument) + quantity;

    /// <summary>Takes an order that nobody has been told of yet.</summary>
    public void Open(FakeOrder order)
    {
        _orders.Add(order.OrderId, order);
        if (order.ClientOrderId.Length > 0) _byClientId[order.ClientOrderId] = order.OrderId;
    }

    /// <summary>Forgets an order that was not accepted after all, or that the venue no longer keeps.</summary>
    public void Forget(FakeOrder order)
    {
        _orders.Remove(order.OrderId);
        if (_byClientId.GetValueOrDefault(order.ClientOrderId) == order.OrderId) _byClientId.Remove(order.ClientOrderId);
    }

    /// <summary>Notes what an order has become; gives it its number.</summary>
    public FakeOrder Number(FakeOrder order) => _orders[order.OrderId] = order with { Sequence = ++OrderSequence };

    /// <summary>Notes an execution, and moves what is held.</summary>
    public FakeFill Take(FakeOrder order, long tradeId, Fill fill, long priceTicks, long lots)
    {
        var filled = order.FilledLots + lots;
        order = order with
        {
            FilledLots = filled, FilledTurnover = order.FilledTurnover + fill.Price * fill.Quantity, UpdatedAt = fill.VenueTime,
            Status = filled == order.SizeLots ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
        };
        _orders[order.OrderId] = order;
        var sign = order.Side.Sign();
        _positions[order.Instrument.Id] = Position(order.Instrument.Id) + sign * fill.Quantity;
        if (order.Instrument.Kind == ContractKind.Spot)
        {
            _totals[order.Instrument.BaseAsset] += sign * fill.Quantity;
            _totals[order.Instrument.QuoteAsset] -= sign * fill.Quantity * fill.Price;
        }

        _totals[fill.FeeAsset] -= fill.Fee;
        _fills.Add(new(tradeId, _fills.Count + 1, order, priceTicks, lots, fill.Fee, fill.FeeAsset, fill.IsMaker, fill.VenueTime));
        return _fills[^1];
    }

    public IEnumerable<FakeBalance> Balances(Timestamp at) =>
        _totals.Select(t => new FakeBalance(t.Key, t.Value.Canonical(), Held(t.Key, except: 0).Canonical(), at));

    /// <summary>What open orders of the asset bind; contracts bind nothing here.</summary>
    public decimal Held(string asset, long except) => _orders.Values.Where(o => o.IsOpen && o.OrderId != except).Sum(o => Bound(o, asset));

    /// <summary>Null, or why an order of that remaining size may not stand.</summary>
    public MarketRefusal? Shortage(FakeOrder order, long remainingLots)
    {
        var asked = order with { SizeLots = remainingLots, FilledLots = 0 };
        var asset = order.Side == Side.Buy ? order.Instrument.QuoteAsset : order.Instrument.BaseAsset;
        var needed = Held(asset, order.OrderId) + Bound(asked, asset);
        return needed <= _totals[asset]
            ? null
            : new(
                RefusalCode.InsufficientFunds,
                FormattableString.Invariant($"it takes {needed.Canonical()} {asset}: the account holds {_totals[asset].Canonical()}"));
    }

    private static decimal Bound(FakeOrder order, string asset)
    {
        if (order.Instrument.Kind != ContractKind.Spot) return 0;
        var (bound, lots) = (order.Instrument, order.RemainingLots);
        if (order.Side == Side.Buy) return asset == bound.QuoteAsset ? bound.Notional(lots, order.PriceTicks) : 0;
        return asset == bound.BaseAsset ? bound.Sizes.ToDecimal(lots) : 0;
    }
}
