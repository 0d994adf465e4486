using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Redis;

/// <summary>Folds a batch over an asset's state as the store has it. Knows no store; the result depends on the records only, not on how they were
/// cut into batches.</summary>
internal sealed class StateChanges
{
    private readonly FollowBatch _batch;
    private readonly FollowCursor _cursor;
    private readonly Dictionary<string, string> _fields;
    private RunHeader _run;
    private LiveOrdersState _orders;
    private ImmutableArray<BreakerState> _breakers;

    /// <param name="batch">What came.</param>
    /// <param name="cursor">How far the store has got; records within it are left out.</param>
    /// <param name="stored">Fields of the state before the batch; empty for none.</param>
    public StateChanges(FollowBatch batch, FollowCursor cursor, IReadOnlyDictionary<string, string> stored)
    {
        (_batch, _cursor, _run) = (batch, cursor, batch.Run);
        // A simulated market that begins anew has nothing to do with the one before.
        IsReset = stored.TryGetValue(StateFields.Ledger, out var ledger) && ledger != batch.Journal.Ledger;
        _fields = IsReset ? [] : new(stored);
        _orders = StateText.Orders(_fields.GetValueOrDefault(StateFields.Orders), _run.Instruments);
        _breakers = StateText.Breakers(_fields.GetValueOrDefault(StateFields.Breakers));
    }

    public bool IsReset { get; }

    public IReadOnlyDictionary<string, string> Fields => _fields;

    public List<FillEntry> Fills { get; } = [];

    public List<ChangeEntry> ParameterChanges { get; } = [];

    private string Asset => _run.Instruments.All[0].BaseAsset;

    /// <summary>Folds all records.</summary>
    /// <param name="reached">How far the store will have got.</param>
    public StateChanges Fold(FollowCursor reached)
    {
        // A state begins with the run it is in, also where the header came in a batch before.
        if (!_fields.ContainsKey(StateFields.Code)) Describe(_run);
        foreach (var record in _batch.Records)
        {
            if (!record.IsWithin(_cursor)) Take(record);
            else if (!record.IsDecision && record.Journal.Header is { } header) _run = header;
        }

        Put(StateFields.Asset, Asset);
        Put(StateFields.Ledger, _batch.Journal.Ledger);
        Put(StateFields.Journal, _batch.Journal.Name);
        Put(StateFields.JournalNumber, _batch.Journal.Number);
        Put(StateFields.Run, reached.Run);
        Put(StateFields.Sequence, reached.Sequence);
        Put(StateFields.Decision, reached.Decision);
        Put(StateFields.Orders, StateText.Of(_orders, _run.Instruments));
        Put(StateFields.OpenOrders, _orders.Orders.Length);
        Put(StateFields.OpenNotional, StateText.Notional(_orders, _run.Instruments));
        Put(StateFields.Breakers, StateText.Of(_breakers));
        Put(StateFields.KillSwitch, IsKilled ? "killed" : "off");
        Put(StateFields.DrawdownLatch, IsDrawdownLatched ? "tripped" : "off");
        return this;
    }

    private bool IsKilled => _breakers.Any(b => b is { Kind: BreakerKind.Kill, Demand: TradingState.Killed });

    /// <summary>The guard also halts, without latching, while the drawdown cannot be computed; its value is below the limit then.</summary>
    private bool IsDrawdownLatched =>
        _breakers.Any(b => b is { Kind: BreakerKind.Drawdown, Demand: TradingState.Halted } && b.Value >= b.Threshold);

    private void Take(in FollowedRecord record)
    {
        if (record.IsDecision)
        {
            Put(StateFields.AsOf, record.Decision.Cause.At);
            Take(record.Decision);
            return;
        }

        var at = record.Journal.Stamp.At;
        Put(StateFields.AsOf, at);
        if (record.Journal.Header is { } header)
        {
            Take(header);
            return;
        }

        Put(StateFields.StampedAt, at);
        Take(record.Journal.Stamp, record.Journal.Input.Control);
    }

    private void Take(RunHeader header)
    {
        // Ids of instruments are places in the catalogue, and the next run's may have more.
        _orders = StateText.Orders(StateText.Of(_orders, _run.Instruments), header.Instruments);
        _run = header;
        Describe(header);
        var restored = RestoredState.Of(header);
        _orders = restored.Orders ?? _orders;
        if (restored.Breakers is { } breakers) Take(breakers, header);
        if (restored.Inventory is { } inventory) Take(inventory);
    }

    private void Take(TradingStatesState restored, RunHeader header)
    {
        _breakers = Sorted(restored.Tripped);
        var (instruments, parameters) = (header.Instruments, header.Parameters);
        var asset = new TradingStates(restored, instruments, parameters.NumeraireAssets, parameters.Informing(instruments)).Status.Asset;
        var state = ArchiveText.Of(asset.State);
        if (_fields.GetValueOrDefault(StateFields.Trading) != state) Put(StateFields.TradingSince, header.StartedAt);
        Put(StateFields.Trading, state);
        Put(StateFields.TradingReason, asset.Reason);
        Put(StateFields.Multiplier, asset.Multiplier);
    }

    private void Describe(RunHeader header)
    {
        Put(StateFields.Mode, ArchiveText.Of(header.Mode));
        Put(StateFields.Code, header.CodeVersion);
        Put(StateFields.Platform, header.Platform);
        Put(StateFields.Configuration, header.ConfigurationHash);
        Put(StateFields.RunStartedAt, header.StartedAt);
        Put(header.Parameters);
    }

    private void Take(in Stamp stamp, ControlMessage message)
    {
        switch (message)
        {
            case Fill fill:
                Fills.Add(new(_batch.Journal, _run.Instruments[fill.Instrument], Asset, stamp, fill));
                _orders = LiveOrders.Step(_orders, fill);
                break;
            case OrderUpdate update:
                _orders = LiveOrders.Step(_orders, update);
                break;
            case ParameterChange change:
                Put(change.Parameters);
                ParameterChanges.Add(new(_batch.Journal, Asset, stamp, change));
                break;
        }
    }

    private void Take(in Decision decision)
    {
        switch (decision.Body)
        {
            case OrderIntent intent:
                _orders = LiveOrders.Step(_orders, intent, decision.Cause.At, halfSpreadBps: 0);
                break;
            case InventorySnapshot inventory:
                Take(inventory);
                break;
            case PnlSnapshot pnl:
                Take(pnl);
                break;
            case TradingStateChange change:
                Put(StateFields.Trading, ArchiveText.Of(change.To));
                Put(StateFields.TradingReason, change.Reason);
                Put(StateFields.TradingSince, decision.Cause.At);
                Put(StateFields.Multiplier, change.Multiplier);
                break;
            case BreakerState breaker:
                var others = _breakers.RemoveAll(b => b.Kind == breaker.Kind && b.Subject == breaker.Subject);
                _breakers = breaker is { Demand: TradingState.Active, Multiplier: 1 } ? others : Sorted(others.Add(breaker));
                break;
        }
    }

    private void Take(InventorySnapshot inventory)
    {
        Put(StateFields.Inventory, inventory.Total);
        Put("startingInventory", inventory.Starting);
        Put(StateFields.InventoryRatio, inventory.InventoryRatio);
        Put("inventoryByInstrument", StateText.Inventories(inventory, _run.Instruments));
        Put("positions", StateText.Positions(inventory, _run.Instruments));
        Put("appliedFills", inventory.AppliedFills);
        Put("duplicateFills", inventory.DuplicateFills);
        Put("refusedFills", inventory.RefusedFills);
    }

    private void Take(PnlSnapshot pnl)
    {
        Put(StateFields.Realised, pnl.Realised);
        Put(StateFields.Unrealised, pnl.Unrealised);
        Put(StateFields.OrderFlow, pnl.OrderFlow);
        Put("startingMarkToMarketPnl", pnl.StartingMarkToMarket);
        Put("inventoryNotional", pnl.InventoryNotional);
        Put(StateFields.Drawdown, pnl.Drawdown);
        Put("deepestDrawdown", pnl.DeepestDrawdown);
        Put("sessionStart", pnl.SessionStart);
        Put("unvalued", pnl.Unvalued);
    }

    private void Put(QuotingParameters parameters)
    {
        Put(StateFields.Parameters, ParametersText.Of(parameters));
        var limits = parameters.Inventory;
        Put("targetInventory", limits.Target);
        Put("softLongLimit", limits.SoftLong);
        Put("softShortLimit", limits.SoftShort);
        Put("hardLongLimit", limits.HardLong);
        Put("hardShortLimit", limits.HardShort);
        Put("drawdownLimit", parameters.Breakers.DrawdownLimit);
    }

    private static ImmutableArray<BreakerState> Sorted(IEnumerable<BreakerState> breakers) =>
        [.. breakers.OrderBy(b => b.Kind).ThenBy(b => b.Subject, StringComparer.Ordinal)];

    private void Put(string field, string value) => _fields[field] = value;

    private void Put(string field, long value) => Put(field, value.ToString(CultureInfo.InvariantCulture));

    private void Put(string field, double value) => Put(field, value.ToString("R", CultureInfo.InvariantCulture));

    private void Put(string field, decimal value) => Put(field, ArchiveText.Of(value));

    private void Put(string field, Timestamp value) => Put(field, ArchiveText.Of(value) ?? "");
}
