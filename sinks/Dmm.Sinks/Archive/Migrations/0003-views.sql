-- What dashboards may read. The reader has rights on these alone; an administrator grants the role to whom he likes.
CREATE VIEW v_fills AS
SELECT f.ledger, f.venue, f.symbol, f.side, f.trade_id, f.client_order_id, f.price, f.quantity, f.price * f.quantity AS notional, f.fee,
    f.fee_asset, f.is_maker, f.quoted_at, f.quoted_half_spread_bps, f.venue_time, f.stamped_at, f.journal, f.sequence
FROM fills f;

CREATE VIEW v_markouts AS
SELECT m.at, m.ledger, m.venue, m.symbol, m.side, m.trade_id, m.horizon_ms, m.bps, m.mid_move_bps, m.time_to_fill_ms, m.is_maker FROM markouts m;

-- As the newest journal has the day. order_flow counts from the ledger's beginning; change_of_order_flow is that day's part of it.
CREATE VIEW v_pnl_daily AS
SELECT d.*, d.order_flow - lag(d.order_flow, 1, 0::numeric) OVER (PARTITION BY d.ledger, d.asset ORDER BY d.day) AS change_of_order_flow
FROM (
    SELECT DISTINCT ON (p.ledger, p.asset, p.day) p.day, p.ledger, p.asset, p.order_flow, p.realised, p.unrealised, p.starting_mark_to_market,
        p.inventory_notional, p.drawdown, p.deepest_drawdown, p.unvalued, p.as_of, p.journal
    FROM pnl_days p LEFT JOIN cursor c USING (journal)
    ORDER BY p.ledger, p.asset, p.day, c.number DESC, p.as_of DESC
) d;

CREATE VIEW v_inventory AS
SELECT p.ledger, p.venue, p.symbol, p.quantity, p.base_quantity, p.average, p.all_in_average, p.realised, p.fees, p.settlement_asset, p.as_of
FROM positions p;

CREATE VIEW v_trading_state AS
SELECT s.ledger, s.asset, s.trading_state, s.trading_reason, s.trading_since, s.spread_multiplier, s.inventory, s.starting_inventory,
    s.inventory_ratio, s.target, s.soft_long, s.soft_short, s.hard_long, s.hard_short, s.realised_pnl, s.unrealised_pnl, s.order_flow_pnl,
    s.inventory_notional, s.drawdown, s.deepest_drawdown, s.session_start, s.unvalued, s.updated_at, s.journal
FROM mm_state s;

CREATE VIEW v_orders_open AS
SELECT o.ledger, o.venue, o.symbol, o.client_order_id, o.side, o.price, o.size, o.remaining, o.filled, o.status, o.placed_at, o.acked_at,
    o.amended_at, o.cancel_asked_at
FROM orders o WHERE o.closed_at IS NULL;

CREATE VIEW v_volatility AS
SELECT v.at, v.ledger, v.asset, v.raw_volatility_bps, v.volatility_bps, v.is_ready FROM volatility_snapshots v;

CREATE VIEW v_hedges AS SELECT h.at, h.ledger, h.asset, h.side, h.quantity, h.inventory_ratio, h.reason FROM hedges h;

CREATE VIEW v_treasury AS SELECT t.at, t.ledger, t.action, t.asset, t.amount, t.reason FROM treasury t;

CREATE VIEW v_audit AS SELECT a.number, a.at::timestamptz AS at, a.kind, a.subject, a.actor, a.what, a.journal, a.place, a.hash FROM audit a;

CREATE VIEW v_archive AS SELECT c.journal, c.ledger, c.run, c.sequence, c.decision FROM cursor c;

DO $$
DECLARE
    shown text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmm_reader') THEN
        BEGIN
            CREATE ROLE dmm_reader NOLOGIN;
        EXCEPTION
            -- Another database's migration was faster; or roles are the administrator's to make, who then grants by hand.
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN RETURN;
        END;
    END IF;
    GRANT USAGE ON SCHEMA dmm TO dmm_reader;
    FOR shown IN SELECT viewname FROM pg_views WHERE schemaname = 'dmm' LOOP
        EXECUTE format('GRANT SELECT ON dmm.%I TO dmm_reader', shown);
    END LOOP;
END $$;
