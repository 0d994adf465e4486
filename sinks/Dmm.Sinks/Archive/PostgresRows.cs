using Dmm.Core;
using Dmm.Core.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Dmm.Sinks.Archive;

/// <summary>Finds nothing, and notes what a batch looks for, so that all of it is fetched at once.</summary>
internal sealed class AskedRows : IArchiveRows
{
    public HashSet<FillKey> Fills { get; } = [];

    public HashSet<OrderKey> Orders { get; } = [];

    public FillRow? Find(FillKey key)
    {
        Fills.Add(key);
        return null;
    }

    public OrderRow? Find(OrderKey key)
    {
        Orders.Add(key);
        return null;
    }
}

/// <summary>The rows that were asked for, as they stand in the database.</summary>
internal sealed class PostgresRows : IArchiveRows
{
    private readonly AskedRows _asked;
    private readonly Dictionary<FillKey, FillRow> _fills = [];
    private readonly Dictionary<OrderKey, OrderRow> _orders = [];

    public PostgresRows(NpgsqlConnection connection, AskedRows asked)
    {
        _asked = asked;
        if (asked.Fills.Count > 0) FetchFills(connection);
        if (asked.Orders.Count > 0) FetchOrders(connection);
    }

    public FillRow? Find(FillKey key) => _asked.Fills.Contains(key) ? _fills.GetValueOrDefault(key) : throw NotAsked(key);

    public OrderRow? Find(OrderKey key) => _asked.Orders.Contains(key) ? _orders.GetValueOrDefault(key) : throw NotAsked(key);

    private static InvalidOperationException NotAsked(object key) => new($"{key} was not fetched");

    private void FetchFills(NpgsqlConnection connection)
    {
        // Amounts as text: with all 38 digits a numeric does not go into a decimal, though what was written came from one.
        using var command = Command(connection,
            "SELECT f.ledger, f.venue, f.symbol, f.side, f.trade_id, f.client_order_id, f.price::text, f.quantity::text, f.fee::text, f.fee_asset, "
            + "f.is_maker, f.quoted_at, f.quoted_half_spread_bps, f.venue_time, f.journal, f.sequence, f.stamped_ticks FROM fills f "
            + "JOIN unnest($1, $2, $3, $4, $5) AS k (ledger, venue, symbol, side, trade_id) USING (ledger, venue, symbol, side, trade_id)",
            [.. _asked.Fills.Select(k => new[] { k.Ledger, k.Venue, k.Symbol, ArchiveText.Of(k.Side), k.TradeId })], columns: 5);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var key = new FillKey(row.GetString(0), row.GetString(1), row.GetString(2), ArchiveText.Enum<Side>(row.GetString(3)), row.GetString(4));
            _fills[key] = new(key, row.GetString(14), new(row.GetInt64(15), new(row.GetInt64(16))), new Fill
            {
                // The place in the catalogue is of no use here: the key has the names.
                Instrument = default,
                TradeId = key.TradeId,
                Side = key.Side,
                ClientOrderId = row.GetString(5),
                Price = Decimal(row.GetString(6)),
                Quantity = Decimal(row.GetString(7)),
                Fee = Decimal(row.GetString(8)),
                FeeAsset = row.GetString(9),
                IsMaker = row.GetBoolean(10),
                QuotedAt = Instant(row, 11),
                QuotedHalfSpreadBps = row.IsDBNull(12) ? 0 : row.GetDouble(12),
                VenueTime = Instant(row, 13),
            });
        }
    }

    private void FetchOrders(NpgsqlConnection connection)
    {
        using var command = Command(connection,
            "SELECT o.ledger, o.venue, o.symbol, o.client_order_id, o.side, o.price::text, o.size::text, o.remaining::text, o.filled::text, o.fills, "
            + "o.amendments, o.status, o.reason, o.placed_at, o.acked_at, o.amended_at, o.cancel_asked_at, o.first_fill_at, o.last_fill_at, "
            + "o.closed_at, o.journal, o.placed_by FROM orders o "
            + "JOIN unnest($1, $2, $3, $4) AS k (ledger, venue, symbol, client_order_id) USING (ledger, venue, symbol, client_order_id)",
            [.. _asked.Orders.Select(k => new[] { k.Ledger, k.Venue, k.Symbol, k.ClientOrderId })], columns: 4);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var key = new OrderKey(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));
            _orders[key] = new(key, row.GetString(20), ArchiveText.Enum<Side>(row.GetString(4)))
            {
                Price = DecimalOrNull(row, 5),
                Size = DecimalOrNull(row, 6),
                Remaining = DecimalOrNull(row, 7),
                Filled = Decimal(row.GetString(8)),
                Fills = row.GetInt64(9),
                Amendments = row.GetInt64(10),
                Status = ArchiveText.Enum<OrderStatus>(row.GetString(11)),
                Reason = row.GetString(12),
                PlacedAt = Instant(row, 13),
                AckedAt = Instant(row, 14),
                AmendedAt = Instant(row, 15),
                CancelAskedAt = Instant(row, 16),
                FirstFillAt = Instant(row, 17),
                LastFillAt = Instant(row, 18),
                ClosedAt = Instant(row, 19),
                PlacedBy = row.IsDBNull(21) ? null : row.GetInt64(21),
            };
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string[][] keys, int columns)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < columns; i++)
        {
            var values = Array.ConvertAll(keys, key => (string?)PostgresTable.Kept("", PostgresColumn.Text, key[i]));
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = values });
        }

        return command;
    }

    // Without the zeros that fill up a numeric's scale, which would cost a decimal its room.
    private static decimal Decimal(string text) => ArchiveText.Decimal(text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0') : text);

    private static decimal? DecimalOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Decimal(row.GetString(column));

    private static Timestamp Instant(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? Timestamp.None : new(row.GetDateTime(column).Ticks);
}
