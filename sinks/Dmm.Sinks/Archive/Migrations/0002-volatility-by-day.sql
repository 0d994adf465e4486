-- What comes at every refresh, forever: cut by day, so that old days are dropped and not deleted row by row. A hypertable where the server offers
-- TimescaleDB and lets us use it, plain partitions elsewhere. Which of both it became is read from the table itself afterwards.
CREATE TABLE volatility_snapshots (
    journal text NOT NULL, decision bigint NOT NULL, ledger text NOT NULL, asset text NOT NULL, at timestamptz NOT NULL, variance_rate float8,
    raw_volatility_bps float8, volatility_bps float8, is_ready boolean NOT NULL,
    PRIMARY KEY (journal, decision, at)
);

DO $$
DECLARE
    -- A test, where there is no TimescaleDB, names an extension that there is.
    offered text := coalesce(current_setting('dmm.timescale', true), 'timescaledb');
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = offered) THEN
        EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA public', offered);
        PERFORM public.create_hypertable('dmm.volatility_snapshots'::regclass, 'at'::name, chunk_time_interval => interval '1 day');
        RETURN;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported';
EXCEPTION
    WHEN insufficient_privilege OR feature_not_supported OR undefined_function THEN
        DROP TABLE volatility_snapshots;
        CREATE TABLE volatility_snapshots (
            journal text NOT NULL, decision bigint NOT NULL, ledger text NOT NULL, asset text NOT NULL, at timestamptz NOT NULL,
            variance_rate float8, raw_volatility_bps float8, volatility_bps float8, is_ready boolean NOT NULL,
            PRIMARY KEY (journal, decision, at)
        ) PARTITION BY RANGE (at);
END $$;
CREATE INDEX volatility_by_time ON volatility_snapshots (asset, at);
