using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;
using Microsoft.Data.Sqlite;

namespace Dmm.Sinks.Archive;

/// <summary>Reads and writes the rows of one open archive, within the caller's transaction.</summary>
internal sealed class SqliteTables(SqliteConnection connection) : IArchiveRows, IDisposable
{
    private readonly SqliteStatement _cursorOf = new(connection, "SELECT run, sequence, decision FROM cursor WHERE journal = $1", 1);
    private readonly SqliteStatement _putCursor = SqliteStatement.Put(connection, "cursor", 6);
    private readonly SqliteStatement _putRun = SqliteStatement.Put(connection, "runs", 8);
    private readonly SqliteStatement _putFill = SqliteStatement.Put(connection, "fills", 17);
    private readonly SqliteStatement _putMarkout = SqliteStatement.Put(connection, "markouts", 14);
    private readonly SqliteStatement _putPosition = SqliteStatement.Put(connection, "positions", 16);
    private readonly SqliteStatement _putOrder = SqliteStatement.Put(connection, "orders", 22);
    private readonly SqliteStatement _putChange = SqliteStatement.Put(connection, "parameter_changes", 6);
    private readonly SqliteStatement _putVolatility = SqliteStatement.Put(connection, "volatility_snapshots", 9);
    private readonly SqliteStatement _putHedge = SqliteStatement.Put(connection, "hedges", 9);
    private readonly SqliteStatement _putTreasury = SqliteStatement.Put(connection, "treasury", 8);
    private readonly SqliteStatement _putPnlDay = SqliteStatement.Put(connection, "pnl_days", 14);
    private readonly SqliteStatement _putAudit = new(connection, "INSERT INTO audit (number, text, hash) VALUES ($1, $2, $3)", 3);
    private readonly SqliteStatement _lastAudit = new(connection, "SELECT number, text, hash FROM audit ORDER BY number DESC LIMIT 1", 0);

    private readonly SqliteStatement _fillOf = new(connection,
        "SELECT * FROM fills WHERE ledger = $1 AND venue = $2 AND symbol = $3 AND side = $4 AND trade_id = $5", 5);

    private readonly SqliteStatement _orderOf = new(connection,
        "SELECT * FROM orders WHERE ledger = $1 AND venue = $2 AND symbol = $3 AND client_order_id = $4", 4);

    // A journal's state yields to that of a newer one which is archived already.
    private readonly SqliteStatement _newerState = new(connection,
        "SELECT 1 FROM mm_state s JOIN cursor c ON c.journal = s.journal WHERE s.ledger = $1 AND s.asset = $2 AND c.number > $3", 3);

    private readonly SqliteStatement _beginState = new(connection,
        "INSERT INTO mm_state (ledger, asset, journal) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET journal = excluded.journal", 3);

    /// <summary>The transaction in which rows are read and written.</summary>
    public SqliteTransaction? Transaction { get; set; }

    public FollowCursor Cursor(FollowedJournal journal) =>
        _cursorOf.Find(Transaction, row => new Reached(new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))), journal.Name)?.Cursor ?? default;

    public FillRow? Find(FillKey key) => _fillOf.Find(Transaction, row =>
        new FillRow(key, row.GetString(15), new(row.GetInt64(16), row.Instant(14)), new Fill
        {
            // The place in the catalogue is of no use here: the key has the names.
            Instrument = default,
            TradeId = key.TradeId,
            Side = key.Side,
            ClientOrderId = row.GetString(5),
            Price = row.Decimal(6),
            Quantity = row.Decimal(7),
            Fee = row.Decimal(8),
            FeeAsset = row.GetString(9),
            IsMaker = row.GetBoolean(10),
            QuotedAt = row.Instant(11),
            QuotedHalfSpreadBps = row.IsDBNull(12) ? 0 : row.GetDouble(12),
            VenueTime = row.Instant(13),
        }), key.Columns);

    public OrderRow? Find(OrderKey key) => _orderOf.Find(Transaction, row =>
        new OrderRow(key, row.GetString(20), ArchiveText.Enum<Side>(row.GetString(4)))
        {
            Price = row.DecimalOrNull(5),
            Size = row.DecimalOrNull(6),
            Remaining = row.DecimalOrNull(7),
            Filled = row.Decimal(8),
            Fills = row.GetInt64(9),
            Amendments = row.GetInt64(10),
            Status = ArchiveText.Enum<OrderStatus>(row.GetString(11)),
            Reason = row.GetString(12),
            PlacedAt = row.Instant(13),
            AckedAt = row.Instant(14),
            AmendedAt = row.Instant(15),
            CancelAskedAt = row.Instant(16),
            FirstFillAt = row.Instant(17),
            LastFillAt = row.Instant(18),
            ClosedAt = row.Instant(19),
            PlacedBy = row.IsDBNull(21) ? null : row.GetInt64(21),
        }, key.Columns);

    public void Write(FollowedJournal journal, FollowCursor cursor, ArchiveChanges changes)
    {
        var transaction = Transaction!;
        foreach (var (header, name) in changes.Runs)
        {
            _putRun.Run(transaction, name, header.Run, header.StartedAt, header.CodeVersion, header.Platform,
                header.ConfigurationHash, ArchiveText.Of(header.Mode), ParametersText.Of(header.Parameters));
        }

        foreach (var fill in changes.Fills) _putFill.Run(transaction, fill.Columns);
        foreach (var markout in changes.Markouts) _putMarkout.Run(transaction, markout.Columns);
        foreach (var order in changes.Orders) _putOrder.Run(transaction, order.Columns);
        foreach (var volatility in changes.Volatilities) _putVolatility.Run(transaction, volatility.Columns);
        foreach (var hedge in changes.Hedges) _putHedge.Run(transaction, hedge.Columns);
        foreach (var treasury in changes.Treasury) _putTreasury.Run(transaction, treasury.Columns);
        foreach (var day in changes.PnlDays) _putPnlDay.Run(transaction, day.Columns);
        foreach (var (stamp, change) in changes.ParameterChanges)
        {
            _putChange.Run(transaction, journal.Name, stamp.Sequence, stamp.At, change.Operator, change.Reason,
                ParametersText.Of(change.Parameters));
        }

        WriteState(transaction, journal, changes);
        WriteAudit(transaction, journal, changes);
        _putCursor.Run(transaction, journal.Name, journal.Number, journal.Ledger, cursor.Run, cursor.Sequence, cursor.Decision);
    }

    public void Dispose()
    {
        SqliteStatement[] statements =
        [
            _cursorOf, _putCursor, _putRun, _putFill, _putMarkout, _putPosition, _putOrder, _putChange, _putAudit, _lastAudit, _fillOf, _orderOf,
            _newerState, _beginState, _putVolatility, _putHedge, _putTreasury, _putPnlDay,
        ];
        foreach (var statement in statements) statement.Dispose();
    }

    private void WriteState(SqliteTransaction transaction, FollowedJournal journal, ArchiveChanges changes)
    {
        if (changes.State is not { } state) return;
        if (_newerState.Find(transaction, _ => "", state.Key.Ledger, state.Key.Asset, journal.Number) is not null) return;
        foreach (var position in changes.Positions) _putPosition.Run(transaction, position.Columns);
        _beginState.Run(transaction, state.Key.Ledger, state.Key.Asset, journal.Name);
        var values = state.Values.ToArray();
        var assignments = string.Join(", ", values.Select((v, i) => $"{v.Column} = ${i + 3}"));
        using var update =
            new SqliteStatement(connection, $"UPDATE mm_state SET {assignments} WHERE ledger = $1 AND asset = $2", values.Length + 2);
        update.Run(transaction, [state.Key.Ledger, state.Key.Asset, .. values.Select(v => v.Value)]);
    }

    private void WriteAudit(SqliteTransaction transaction, FollowedJournal journal, ArchiveChanges changes)
    {
        if (changes.Audit.Count == 0) return;
        var last = _lastAudit.Find(transaction, row => new LastAudit(row.GetInt64(0), row.GetString(2))) ?? new(0, AuditChain.Root);
        foreach (var entry in changes.Audit)
        {
            var text = entry.Canonical(last.Number + 1, journal.Name);
            last = new(last.Number + 1, AuditChain.Hash(last.Hash, text));
            _putAudit.Run(transaction, last.Number, text, last.Hash);
        }
    }

    private sealed record Reached(FollowCursor Cursor);

    private sealed record LastAudit(long Number, string Hash);
}
