using System.Buffers.Binary;
using Dmm.Core.Ports;
using Microsoft.Data.Sqlite;

namespace Dmm.Sinks.Archive;

/// <summary>The archive's tables. Amounts and prices are exact decimals as text, times ISO 8601 in UTC as text, flags 0 or 1.</summary>
internal static class SqliteSchema
{
    /// <summary>Raised by every change to a table: an archive of another version is made again from the journals.</summary>
    public const int Version = 2;

    /// <summary>"DMMr" in the file's header tells an archive from other databases.</summary>
    public const int ApplicationId = 0x444D4D72;

    private const string Tables =
        """
        CREATE TABLE cursor (
            journal TEXT PRIMARY KEY, number INTEGER NOT NULL, ledger TEXT NOT NULL,
            run INTEGER NOT NULL, sequence INTEGER NOT NULL, decision INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE runs (
            journal TEXT NOT NULL, run INTEGER NOT NULL, started_at TEXT NOT NULL, code_version TEXT NOT NULL, platform TEXT NOT NULL,
            configuration_hash TEXT NOT NULL, mode TEXT NOT NULL, parameters TEXT NOT NULL,
            PRIMARY KEY (journal, run)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE fills (
            ledger TEXT NOT NULL, venue TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, trade_id TEXT NOT NULL,
            client_order_id TEXT NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, fee TEXT NOT NULL, fee_asset TEXT NOT NULL,
            is_maker INTEGER NOT NULL, quoted_at TEXT, quoted_half_spread_bps REAL, venue_time TEXT, stamped_at TEXT NOT NULL,
            journal TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (ledger, venue, symbol, side, trade_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX fills_by_time ON fills (stamped_at);
        CREATE INDEX fills_by_order ON fills (client_order_id);
        CREATE TABLE markouts (
            ledger TEXT NOT NULL, venue TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, trade_id TEXT NOT NULL, horizon_ms REAL NOT NULL,
            bps REAL, mid_move_bps REAL, time_to_fill_ms REAL, quoted_half_spread_bps REAL, is_maker INTEGER NOT NULL,
            at TEXT NOT NULL, journal TEXT NOT NULL, decision INTEGER NOT NULL,
            PRIMARY KEY (ledger, venue, symbol, side, trade_id, horizon_ms)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE positions (
            ledger TEXT NOT NULL, venue TEXT NOT NULL, symbol TEXT NOT NULL, quantity TEXT NOT NULL, base_quantity TEXT NOT NULL,
            average TEXT NOT NULL, all_in_average TEXT NOT NULL, basis TEXT NOT NULL, realised_open TEXT NOT NULL, realised TEXT NOT NULL,
            fees TEXT NOT NULL, settlement_asset TEXT NOT NULL, unconverted_fees TEXT NOT NULL, as_of TEXT NOT NULL,
            journal TEXT NOT NULL, decision INTEGER NOT NULL,
            PRIMARY KEY (ledger, venue, symbol)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE mm_state (
            ledger TEXT NOT NULL, asset TEXT NOT NULL, inventory TEXT, starting_inventory TEXT, inventory_ratio REAL, target TEXT, soft_long TEXT,
            soft_short TEXT, hard_long TEXT, hard_short TEXT, applied_fills INTEGER, duplicate_fills INTEGER, refused_fills INTEGER,
            realised_pnl TEXT, unrealised_pnl TEXT, order_flow_pnl TEXT, starting_mark_to_market TEXT, inventory_notional TEXT, drawdown TEXT,
            deepest_drawdown TEXT, session_start TEXT, unvalued TEXT, trading_state TEXT, trading_reason TEXT, trading_since TEXT,
            spread_multiplier REAL, updated_at TEXT, journal TEXT NOT NULL,
            PRIMARY KEY (ledger, asset)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE orders (
            ledger TEXT NOT NULL, venue TEXT NOT NULL, symbol TEXT NOT NULL, client_order_id TEXT NOT NULL, side TEXT NOT NULL, price TEXT, size TEXT,
            remaining TEXT, filled TEXT NOT NULL, fills INTEGER NOT NULL, amendments INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
            placed_at TEXT, acked_at TEXT, amended_at TEXT, cancel_asked_at TEXT, first_fill_at TEXT, last_fill_at TEXT, closed_at TEXT,
            journal TEXT NOT NULL, placed_by INTEGER,
            PRIMARY KEY (ledger, venue, symbol, client_order_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE volatility_snapshots (
            journal TEXT NOT NULL, decision INTEGER NOT NULL, ledger TEXT NOT NULL, asset TEXT NOT NULL, at TEXT NOT NULL, variance_rate REAL,
            raw_volatility_bps REAL, volatility_bps REAL, is_ready INTEGER NOT NULL,
            PRIMARY KEY (journal, decision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE hedges (
            journal TEXT NOT NULL, decision INTEGER NOT NULL, ledger TEXT NOT NULL, asset TEXT NOT NULL, at TEXT NOT NULL, side TEXT NOT NULL,
            quantity TEXT NOT NULL, inventory_ratio REAL, reason TEXT NOT NULL,
            PRIMARY KEY (journal, decision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE treasury (
            journal TEXT NOT NULL, decision INTEGER NOT NULL, ledger TEXT NOT NULL, at TEXT NOT NULL, action TEXT NOT NULL, asset TEXT NOT NULL,
            amount TEXT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (journal, decision)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pnl_days (
            ledger TEXT NOT NULL, asset TEXT NOT NULL, day TEXT NOT NULL, journal TEXT NOT NULL, decision INTEGER NOT NULL, as_of TEXT NOT NULL,
            realised TEXT NOT NULL, unrealised TEXT NOT NULL, order_flow TEXT NOT NULL, starting_mark_to_market TEXT NOT NULL,
            inventory_notional TEXT NOT NULL, drawdown TEXT NOT NULL, deepest_drawdown TEXT NOT NULL, unvalued TEXT NOT NULL,
            PRIMARY KEY (ledger, asset, day, journal)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE parameter_changes (
            journal TEXT NOT NULL, sequence INTEGER NOT NULL, at TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL,
            parameters TEXT NOT NULL,
            PRIMARY KEY (journal, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, text TEXT NOT NULL, hash TEXT NOT NULL,
            at TEXT GENERATED ALWAYS AS (json_extract(text, '$.at')) VIRTUAL,
            journal TEXT GENERATED ALWAYS AS (json_extract(text, '$.journal')) VIRTUAL,
            place TEXT GENERATED ALWAYS AS (json_extract(text, '$.place')) VIRTUAL,
            kind TEXT GENERATED ALWAYS AS (json_extract(text, '$.kind')) VIRTUAL,
            subject TEXT GENERATED ALWAYS AS (json_extract(text, '$.subject')) VIRTUAL,
            actor TEXT GENERATED ALWAYS AS (json_extract(text, '$.actor')) VIRTUAL,
            what TEXT GENERATED ALWAYS AS (json_extract(text, '$.text')) VIRTUAL
        ) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """;

    /// <summary>Reads the header's bytes, since opening a database may already write to its folder.</summary>
    /// <returns>Whether the archive is still to be made: the file is new, or empty.</returns>
    /// <exception cref="SinkException">The file is another version's, or no archive.</exception>
    public static bool RequireOurs(string path)
    {
        Span<byte> header = stackalloc byte[100];
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            var length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (length == 0) return true;
            if (length < header.Length || !header.StartsWith("SQLite format 3\0"u8)) throw Foreign(path, "is not an SQLite database");
        }

        var (version, application) = (BinaryPrimitives.ReadInt32BigEndian(header[60..]), BinaryPrimitives.ReadInt32BigEndian(header[68..]));
        if (application != ApplicationId) throw Foreign(path, "is an SQLite database, but not an archive of dmm");
        if (version == Version) return false;
        throw new SinkException(SinkFault.OtherVersion,
            $"{path} is an archive of version {version}, and this dmm knows version {Version}: use the dmm that made it, or move the file "
            + "away and it is made again from the journals; it was not touched");
    }

    /// <summary>Makes the tables of a new archive, and its mark, in one transaction.</summary>
    public static void Create(SqliteConnection connection)
    {
        // Not yet write-ahead: the mark must stand in the file itself, where the next start looks for it.
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA application_id";
        if (command.ExecuteScalar() is 0L)
        {
            command.CommandText = $"{Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};";
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static SinkException Foreign(string path, string what) =>
        new(SinkFault.Damaged, $"{path} {what}: move it away, or name another folder; it was not touched");
}
