using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Archive;

/// <summary>Reads rows that a batch goes on from.</summary>
internal interface IArchiveRows
{
    FillRow? Find(FillKey key);

    OrderRow? Find(OrderKey key);
}

/// <summary>
/// Folds a batch into the rows to be written: what comes often (positions, profit, an order's life) is written once a batch. Knows no store.
/// </summary>
/// <param name="batch">What came.</param>
/// <param name="cursor">How far the store has got; records within it are left out.</param>
/// <param name="rows">The store's rows before the batch.</param>
internal sealed class ArchiveChanges(FollowBatch batch, FollowCursor cursor, IArchiveRows rows)
{
    private readonly Dictionary<FillKey, FillRow> _fills = [];
    private readonly Dictionary<OrderKey, OrderRow> _orders = [];
    private readonly Dictionary<(FillKey, TimeSpan), MarkoutRow> _markouts = [];
    private readonly Dictionary<(StateKey, DateOnly), PnlDayRow> _pnlDays = [];
    private readonly List<FillKey> _changedFills = [];
    private readonly List<OrderKey> _changedOrders = [];
    private RunHeader _run = batch.Run;

    public List<(RunHeader Header, string Journal)> Runs { get; } = [];

    /// <summary>New ones, and those completed since.</summary>
    public IEnumerable<FillRow> Fills => _changedFills.Distinct().Select(key => _fills[key]);

    /// <summary>The last of each fill and horizon.</summary>
    public IEnumerable<MarkoutRow> Markouts => _markouts.Values;

    public IEnumerable<OrderRow> Orders => _changedOrders.Distinct().Select(key => _orders[key]);

    public List<PositionRow> Positions { get; } = [];

    public StateChange? State { get; private set; }

    /// <summary>The last of each asset and day.</summary>
    public IEnumerable<PnlDayRow> PnlDays => _pnlDays.Values;

    public List<VolatilityRow> Volatilities { get; } = [];

    public List<HedgeRow> Hedges { get; } = [];

    public List<TreasuryRow> Treasury { get; } = [];

    public List<(Stamp Stamp, ParameterChange Change)> ParameterChanges { get; } = [];

    public List<AuditEntry> Audit { get; } = [];

    private string Ledger => batch.Journal.Ledger;

    private StateKey Asset => new(Ledger, _run.Instruments.All[0].BaseAsset);

    /// <summary>Folds all records.</summary>
    public ArchiveChanges Fold()
    {
        foreach (var record in batch.Records)
        {
            if (!record.IsWithin(cursor)) Take(record);
            else if (!record.IsDecision && record.Journal.Header is { } header) _run = header;
        }

        return this;
    }

    private void Take(in FollowedRecord record)
    {
        if (AuditEntry.Of(record) is { } entry) Audit.Add(entry);
        if (record.IsDecision) Take(record.Decision);
        else if (record.Journal.Header is { } header) Take(header);
        else Take(record.Journal.Stamp, record.Journal.Input.Control);
    }

    private void Take(RunHeader header)
    {
        _run = header;
        Runs.Add((header, batch.Journal.Name));
        State = At(header.StartedAt) with { Limits = header.Parameters.Inventory };
    }

    private void Take(in Stamp stamp, ControlMessage message)
    {
        switch (message)
        {
            case Fill fill:
                Take(stamp, fill);
                break;
            case OrderUpdate update:
                var instrument = _run.Instruments[update.Instrument];
                Put(OrderOf(instrument, update.ClientOrderId, update.Side).With(update, instrument, stamp.At));
                break;
            case ParameterChange change:
                ParameterChanges.Add((stamp, change));
                break;
        }
    }

    private void Take(in Stamp stamp, Fill fill)
    {
        var instrument = _run.Instruments[fill.Instrument];
        var key = FillKey.Of(Ledger, instrument, fill.Side, fill.TradeId);
        if (FillOf(key) is not null) return;
        Put(new FillRow(key, batch.Journal.Name, stamp, fill));
        Put(OrderOf(instrument, fill.ClientOrderId, fill.Side).With(fill, stamp.At));
    }

    private void Take(in Decision decision)
    {
        var (at, place) = (decision.Cause.At, new ArchivedPlace(batch.Journal.Name, decision.Number));
        switch (decision.Body)
        {
            case OrderIntent intent:
                var instrument = _run.Instruments[intent.Instrument];
                Put(OrderOf(instrument, intent.ClientOrderId, intent.Side).With(intent, instrument, decision));
                break;
            case InventorySnapshot inventory:
                Take(inventory, at, place);
                break;
            case PnlSnapshot pnl:
                State = At(at) with { Pnl = pnl };
                var day = new PnlDayRow(Asset, pnl, at, place);
                _pnlDays[(day.Asset, day.Day)] = day;
                break;
            case TradingStateChange change:
                State = At(at) with { Trading = change, TradingSince = at };
                break;
            case Markout markout:
                Take(markout, at, place);
                break;
            case VolatilitySnapshot volatility:
                Volatilities.Add(new(Asset, volatility, at, place));
                break;
            case HedgeIntent hedge:
                Hedges.Add(new(Asset, hedge, at, place));
                break;
            case TreasuryIntent treasury:
                Treasury.Add(new(Ledger, treasury, at, place));
                break;
        }
    }

    private void Take(InventorySnapshot inventory, Timestamp at, ArchivedPlace place)
    {
        State = At(at) with { Inventory = inventory };
        Positions.Clear();
        foreach (var position in inventory.Positions) Positions.Add(new(Ledger, _run.Instruments[position.Instrument], position, at, place));
    }

    private void Take(in Markout markout, Timestamp at, ArchivedPlace place)
    {
        var key = FillKey.Of(Ledger, _run.Instruments[markout.Instrument], markout.Side, markout.TradeId);
        _markouts[(key, markout.Horizon)] = new(key, markout, at, place.Journal, place.Decision);
        if (FillOf(key) is { } fill && fill.With(markout) is var completed && completed != fill) Put(completed);
    }

    private StateChange At(Timestamp at) => State is { } state ? state with { At = at } : new(Asset, _run.Parameters.Inventory, at);

    private FillRow? FillOf(FillKey key) => _fills.TryGetValue(key, out var known) ? known : rows.Find(key);

    private OrderRow OrderOf(Instrument instrument, string clientOrderId, Side side)
    {
        var key = new OrderKey(Ledger, instrument.Venue, instrument.Symbol, clientOrderId);
        return _orders.TryGetValue(key, out var known) ? known : rows.Find(key) ?? new(key, batch.Journal.Name, side);
    }

    private void Put(FillRow fill)
    {
        _fills[fill.Key] = fill;
        _changedFills.Add(fill.Key);
    }

    private void Put(OrderRow order)
    {
        _orders[order.Key] = order;
        _changedOrders.Add(order.Key);
    }
}
