-- The archive's tables. Money, prices and quantities are numeric(38,18); instants are floored to the microsecond that timestamptz can hold.
CREATE TABLE cursor (
    journal text PRIMARY KEY, number bigint NOT NULL, ledger text NOT NULL,
    run bigint NOT NULL, sequence bigint NOT NULL, decision bigint NOT NULL
);

CREATE TABLE runs (
    journal text NOT NULL, run bigint NOT NULL, started_at timestamptz NOT NULL, code_version text NOT NULL, platform text NOT NULL,
    configuration_hash text NOT NULL, mode text NOT NULL, parameters text NOT NULL,
    PRIMARY KEY (journal, run)
);

-- stamped_ticks is the stamp in the engine's own unit, 100 ns since the year 1: when a fill was quoted is computed from it.
CREATE TABLE fills (
    ledger text NOT NULL, venue text NOT NULL, symbol text NOT NULL, side text NOT NULL, trade_id text NOT NULL,
    client_order_id text NOT NULL, price numeric(38,18) NOT NULL, quantity numeric(38,18) NOT NULL, fee numeric(38,18) NOT NULL,
    fee_asset text NOT NULL, is_maker boolean NOT NULL, quoted_at timestamptz, quoted_half_spread_bps float8, venue_time timestamptz,
    stamped_at timestamptz NOT NULL, journal text NOT NULL, sequence bigint NOT NULL, stamped_ticks bigint NOT NULL,
    PRIMARY KEY (ledger, venue, symbol, side, trade_id)
);
CREATE INDEX fills_by_time ON fills (stamped_at);
CREATE INDEX fills_by_order ON fills (client_order_id);

CREATE TABLE markouts (
    ledger text NOT NULL, venue text NOT NULL, symbol text NOT NULL, side text NOT NULL, trade_id text NOT NULL, horizon_ms float8 NOT NULL,
    bps float8, mid_move_bps float8, time_to_fill_ms float8, quoted_half_spread_bps float8, is_maker boolean NOT NULL,
    at timestamptz NOT NULL, journal text NOT NULL, decision bigint NOT NULL,
    PRIMARY KEY (ledger, venue, symbol, side, trade_id, horizon_ms)
);

CREATE TABLE positions (
    ledger text NOT NULL, venue text NOT NULL, symbol text NOT NULL, quantity numeric(38,18) NOT NULL, base_quantity numeric(38,18) NOT NULL,
    average numeric(38,18) NOT NULL, all_in_average numeric(38,18) NOT NULL, basis numeric(38,18) NOT NULL,
    realised_open numeric(38,18) NOT NULL, realised numeric(38,18) NOT NULL, fees numeric(38,18) NOT NULL, settlement_asset text NOT NULL,
    unconverted_fees text NOT NULL, as_of timestamptz NOT NULL, journal text NOT NULL, decision bigint NOT NULL,
    PRIMARY KEY (ledger, venue, symbol)
);

CREATE TABLE mm_state (
    ledger text NOT NULL, asset text NOT NULL, inventory numeric(38,18), starting_inventory numeric(38,18), inventory_ratio float8,
    target numeric(38,18), soft_long numeric(38,18), soft_short numeric(38,18), hard_long numeric(38,18), hard_short numeric(38,18),
    applied_fills bigint, duplicate_fills bigint, refused_fills bigint,
    realised_pnl numeric(38,18), unrealised_pnl numeric(38,18), order_flow_pnl numeric(38,18), starting_mark_to_market numeric(38,18),
    inventory_notional numeric(38,18), drawdown numeric(38,18), deepest_drawdown numeric(38,18), session_start timestamptz, unvalued text,
    trading_state text, trading_reason text, trading_since timestamptz, spread_multiplier float8, updated_at timestamptz, journal text NOT NULL,
    PRIMARY KEY (ledger, asset)
);

CREATE TABLE orders (
    ledger text NOT NULL, venue text NOT NULL, symbol text NOT NULL, client_order_id text NOT NULL, side text NOT NULL, price numeric(38,18),
    size numeric(38,18), remaining numeric(38,18), filled numeric(38,18) NOT NULL, fills bigint NOT NULL, amendments bigint NOT NULL,
    status text NOT NULL, reason text NOT NULL, placed_at timestamptz, acked_at timestamptz, amended_at timestamptz,
    cancel_asked_at timestamptz, first_fill_at timestamptz, last_fill_at timestamptz, closed_at timestamptz,
    journal text NOT NULL, placed_by bigint,
    PRIMARY KEY (ledger, venue, symbol, client_order_id)
);
CREATE INDEX orders_open ON orders (ledger, venue, symbol) WHERE closed_at IS NULL;

CREATE TABLE hedges (
    journal text NOT NULL, decision bigint NOT NULL, ledger text NOT NULL, asset text NOT NULL, at timestamptz NOT NULL, side text NOT NULL,
    quantity numeric(38,18) NOT NULL, inventory_ratio float8, reason text NOT NULL,
    PRIMARY KEY (journal, decision)
);

CREATE TABLE treasury (
    journal text NOT NULL, decision bigint NOT NULL, ledger text NOT NULL, at timestamptz NOT NULL, action text NOT NULL, asset text NOT NULL,
    amount numeric(38,18) NOT NULL, reason text NOT NULL,
    PRIMARY KEY (journal, decision)
);

CREATE TABLE pnl_days (
    ledger text NOT NULL, asset text NOT NULL, day date NOT NULL, journal text NOT NULL, decision bigint NOT NULL, as_of timestamptz NOT NULL,
    realised numeric(38,18) NOT NULL, unrealised numeric(38,18) NOT NULL, order_flow numeric(38,18) NOT NULL,
    starting_mark_to_market numeric(38,18) NOT NULL, inventory_notional numeric(38,18) NOT NULL, drawdown numeric(38,18) NOT NULL,
    deepest_drawdown numeric(38,18) NOT NULL, unvalued text NOT NULL,
    PRIMARY KEY (ledger, asset, day, journal)
);

CREATE TABLE parameter_changes (
    journal text NOT NULL, sequence bigint NOT NULL, at timestamptz NOT NULL, operator text NOT NULL, reason text NOT NULL,
    parameters text NOT NULL,
    PRIMARY KEY (journal, sequence)
);

-- A NUL may stand in the JSON, escaped, but not in a column of text.
CREATE TABLE audit (
    number bigint PRIMARY KEY, text text NOT NULL, hash text NOT NULL,
    at text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'at') STORED,
    journal text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'journal') STORED,
    place text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'place') STORED,
    kind text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'kind') STORED,
    subject text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'subject') STORED,
    actor text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'actor') STORED,
    what text GENERATED ALWAYS AS (replace(text, '\u0000', '\ufffd')::json ->> 'text') STORED
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE state_snapshots (
    asset text NOT NULL, journal text NOT NULL, run bigint NOT NULL, sequence bigint NOT NULL, decision bigint NOT NULL,
    as_of timestamptz NOT NULL, state jsonb NOT NULL,
    PRIMARY KEY (asset, journal, sequence, decision)
);
CREATE INDEX state_snapshots_by_time ON state_snapshots (as_of);
