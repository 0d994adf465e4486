using Dmm.Core.Ports;
using Dmm.Wire.Journal;
using Npgsql;
using static Dmm.Sinks.Archive.PostgresColumn;

namespace Dmm.Sinks.Archive;

/// <summary>Writes what a batch changes, within the caller's transaction.</summary>
internal static class PostgresTables
{
    private static readonly (string, PostgresColumn)[] FillKeys =
        [("ledger", Text), ("venue", Text), ("symbol", Text), ("side", Text), ("trade_id", Text)];

    private static readonly PostgresTable CursorTable = new("cursor", ["journal"],
        ("journal", Text), ("number", Integer), ("ledger", Text), ("run", Integer), ("sequence", Integer), ("decision", Integer));

    private static readonly PostgresTable Runs = new("runs", ["journal", "run"],
        ("journal", Text), ("run", Integer), ("started_at", Instant), ("code_version", Text), ("platform", Text), ("configuration_hash", Text),
        ("mode", Text), ("parameters", Text));

    private static readonly PostgresTable Fills = new("fills", ["ledger", "venue", "symbol", "side", "trade_id"],
    [
        .. FillKeys, ("client_order_id", Text), ("price", Amount), ("quantity", Quantity), ("fee", Amount), ("fee_asset", Text), ("is_maker", Flag),
        ("quoted_at", Instant), ("quoted_half_spread_bps", PostgresColumn.Double), ("venue_time", Instant), ("stamped_at", Instant),
        ("journal", Text), ("sequence", Integer), ("stamped_ticks", Ticks),
    ]);

    private static readonly PostgresTable Markouts = new("markouts", ["ledger", "venue", "symbol", "side", "trade_id", "horizon_ms"],
    [
        .. FillKeys, ("horizon_ms", PostgresColumn.Double), ("bps", PostgresColumn.Double), ("mid_move_bps", PostgresColumn.Double),
        ("time_to_fill_ms", PostgresColumn.Double), ("quoted_half_spread_bps", PostgresColumn.Double), ("is_maker", Flag), ("at", Instant),
        ("journal", Text), ("decision", Integer),
    ]);

    private static readonly PostgresTable Positions = new("positions", ["ledger", "venue", "symbol"],
        ("ledger", Text), ("venue", Text), ("symbol", Text), ("quantity", Amount), ("base_quantity", Amount), ("average", Amount),
        ("all_in_average", Amount), ("basis", Amount), ("realised_open", Amount), ("realised", Amount), ("fees", Amount), ("settlement_asset", Text),
        ("unconverted_fees", Text), ("as_of", Instant), ("journal", Text), ("decision", Integer));

    private static readonly PostgresTable Orders = new("orders", ["ledger", "venue", "symbol", "client_order_id"],
        ("ledger", Text), ("venue", Text), ("symbol", Text), ("client_order_id", Text), ("side", Text), ("price", Amount), ("size", Quantity),
        ("remaining", Quantity), ("filled", Quantity), ("fills", Integer), ("amendments", Integer), ("status", Text), ("reason", Text),
        ("placed_at", Instant), ("acked_at", Instant), ("amended_at", Instant), ("cancel_asked_at", Instant), ("first_fill_at", Instant),
        ("last_fill_at", Instant), ("closed_at", Instant), ("journal", Text), ("placed_by", Integer));

    private static readonly PostgresTable Volatilities = new(PostgresPartitions.Table, ["journal", "decision", "at"],
        ("journal", Text), ("decision", Integer), ("ledger", Text), ("asset", Text), ("at", Instant), ("variance_rate", PostgresColumn.Double),
        ("raw_volatility_bps", PostgresColumn.Double), ("volatility_bps", PostgresColumn.Double), ("is_ready", Flag));

    private static readonly PostgresTable Hedges = new("hedges", ["journal", "decision"],
        ("journal", Text), ("decision", Integer), ("ledger", Text), ("asset", Text), ("at", Instant), ("side", Text), ("quantity", Amount),
        ("inventory_ratio", PostgresColumn.Double), ("reason", Text));

    private static readonly PostgresTable Treasury = new("treasury", ["journal", "decision"],
        ("journal", Text), ("decision", Integer), ("ledger", Text), ("at", Instant), ("action", Text), ("asset", Text), ("amount", Amount),
        ("reason", Text));

    private static readonly PostgresTable PnlDays = new("pnl_days", ["ledger", "asset", "day", "journal"],
        ("ledger", Text), ("asset", Text), ("day", Day), ("journal", Text), ("decision", Integer), ("as_of", Instant), ("realised", Amount),
        ("unrealised", Amount), ("order_flow", Amount), ("starting_mark_to_market", Amount), ("inventory_notional", Amount), ("drawdown", Amount),
        ("deepest_drawdown", Amount), ("unvalued", Text));

    private static readonly PostgresTable ParameterChanges = new("parameter_changes", ["journal", "sequence"],
        ("journal", Text), ("sequence", Integer), ("at", Instant), ("operator", Text), ("reason", Text), ("parameters", Text));

    private static readonly PostgresTable Audit = new("audit", ["number"], ("number", Integer), ("text", Text), ("hash", Text));

    public static FollowCursor Cursor(NpgsqlConnection connection, FollowedJournal journal)
    {
        using var command = Command(connection, "SELECT run, sequence, decision FROM cursor WHERE journal = $1", journal.Name);
        using var row = command.ExecuteReader();
        return row.Read() ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)) : default;
    }

    public static void Write(NpgsqlConnection connection, FollowedJournal journal, FollowCursor cursor, ArchiveChanges changes)
    {
        Runs.Put(connection, [.. changes.Runs.Select(run => new object?[]
        {
            run.Journal, run.Header.Run, run.Header.StartedAt, run.Header.CodeVersion, run.Header.Platform, run.Header.ConfigurationHash,
            ArchiveText.Of(run.Header.Mode), ParametersText.Of(run.Header.Parameters),
        })]);
        Fills.Put(connection, [.. changes.Fills.Select(fill => (object?[])[.. fill.Columns, fill.Stamp.At])]);
        Markouts.Put(connection, [.. changes.Markouts.Select(markout => markout.Columns)]);
        Orders.Put(connection, [.. changes.Orders.Select(order => order.Columns)]);
        PostgresPartitions.Ensure(connection, changes.Volatilities.Select(v => DateOnly.FromDateTime(v.At.ToDateTimeOffset().UtcDateTime)));
        Volatilities.Put(connection, [.. changes.Volatilities.Select(volatility => volatility.Columns)]);
        Hedges.Put(connection, [.. changes.Hedges.Select(hedge => hedge.Columns)]);
        Treasury.Put(connection, [.. changes.Treasury.Select(treasury => treasury.Columns)]);
        PnlDays.Put(connection, [.. changes.PnlDays.Select(day => day.Columns)]);
        ParameterChanges.Put(connection, [.. changes.ParameterChanges.Select(c => new object?[]
        {
            journal.Name, c.Stamp.Sequence, c.Stamp.At, c.Change.Operator, c.Change.Reason, ParametersText.Of(c.Change.Parameters),
        })]);
        WriteState(connection, journal, changes);
        WriteAudit(connection, journal, changes);
        CursorTable.Put(connection, [[journal.Name, journal.Number, journal.Ledger, cursor.Run, cursor.Sequence, cursor.Decision]]);
    }

    private static void WriteState(NpgsqlConnection connection, FollowedJournal journal, ArchiveChanges changes)
    {
        if (changes.State is not { } state) return;
        // A journal's state yields to that of a newer one which is archived already.
        using (var newer = Command(connection, "SELECT FROM mm_state s JOIN cursor c ON c.journal = s.journal "
            + "WHERE s.ledger = $1 AND s.asset = $2 AND c.number > $3", state.Key.Ledger, state.Key.Asset, journal.Number))
        using (var row = newer.ExecuteReader())
            if (row.Read()) return;

        Positions.Put(connection, [.. changes.Positions.Select(position => position.Columns)]);
        var values = state.Values.ToArray();
        var known = new PostgresTable("mm_state", ["ledger", "asset"],
            [("ledger", Text), ("asset", Text), ("journal", Text), .. values.Select(v => (v.Column, TypeOf(v.Value)))]);
        known.Put(connection, [[state.Key.Ledger, state.Key.Asset, journal.Name, .. values.Select(v => v.Value)]]);
    }

    private static void WriteAudit(NpgsqlConnection connection, FollowedJournal journal, ArchiveChanges changes)
    {
        if (changes.Audit.Count == 0) return;
        var (number, hash) = (0L, AuditChain.Root);
        using (var last = Command(connection, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"))
        using (var row = last.ExecuteReader())
            if (row.Read()) (number, hash) = (row.GetInt64(0), row.GetString(1));

        var rows = new List<object?[]>();
        foreach (var entry in changes.Audit)
        {
            var text = entry.Canonical(++number, journal.Name);
            hash = AuditChain.Hash(hash, text);
            rows.Add([number, text, hash]);
        }

        Audit.Append(connection, rows);
    }

    private static PostgresColumn TypeOf(object? value) => value switch
    {
        decimal => Amount,
        Core.Timestamp => Instant,
        double => PostgresColumn.Double,
        long or int => Integer,
        _ => Text,
    };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
