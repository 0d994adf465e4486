using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Testing.Journal;
using Npgsql;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>What is particular to PostgreSQL: day partitions, amounts, instants, views and their reader.</summary>
public sealed class PostgresArchiveTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly Lazy<PostgresStore> _store = new(() => new(fixture.Server));
    private readonly StoryJournal _story = new();

    private PostgresStore Store => _store.Value;

    public void Dispose()
    {
        _story.Dispose();
        if (_store.IsValueCreated) _store.Value.Dispose();
    }

    [Fact]
    public void RedeliveredFillWithAnotherTime_IsOneFillAsFirstTold()
    {
        using var archive = Store.Open();
        var fill = StoryJournal.Fill("t1", "a1", 1);
        var follower = _story.Run().Hear(fill).Decide(StoryJournal.Inventory(1)).Flush().Follow(archive);
        follower.CatchUp(isClosed: false);
        _story.Hear(fill with { VenueTime = fill.VenueTime + TimeSpan.FromDays(1), Price = 9 }).Decide(StoryJournal.Inventory(1)).Flush();
        follower.CatchUp(isClosed: false);
        Store.Rows("SELECT trade_id, price, venue_time, sequence FROM fills").ShouldBe([$"t1|61701|{Store.Shown(fill.VenueTime)}|1"]);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["1|1"]);
    }

    [Fact]
    public void StampOfAFill_KeepsItsLastDigitBesideTheMicroseconds()
    {
        using (var archive = Store.Open()) _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT stamped_at, stamped_ticks FROM fills").ShouldBe(
            [$"{Store.Shown(StoryJournal.Second(1))}|{StoryJournal.Second(1).Ticks}"]);
    }

    [Fact]
    public void ComputedAmount_IsRoundedToEighteenDecimals()
    {
        using (var archive = Store.Open()) _story.Run().Trade().Decide(StoryJournal.Pnl(2m / 3)).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT order_flow_pnl FROM mm_state").ShouldBe(["0.666666666666666667"]);
    }

    [Fact]
    public void TextWithANul_IsKeptWithoutIt()
    {
        using var archive = Store.Open();
        _story.Run().Hear(StoryJournal.Update("a1", OrderStatus.Rejected, 0, "no\0way")).Decide(new Alert(AlertLevel.Warning, "a\0b", "c")).Close();
        _story.Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT reason FROM orders").ShouldBe(["no\uFFFDway"]);
        Store.Rows("SELECT subject FROM audit WHERE kind = 'alert'").ShouldBe(["a\uFFFDb"]);
        archive.VerifyAudit().IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void AuditRow_IsNeitherChangedNorDeletedByAccident()
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        foreach (var sql in new[] { "UPDATE audit SET hash = ''", "DELETE FROM audit", "TRUNCATE audit" })
            Should.Throw<PostgresException>(() => Store.Execute(sql)).MessageText.ShouldBe("the audit log is append-only");
    }

    [Fact]
    public void VolatilityOverMidnight_LiesInTheDayItIsOf()
    {
        using var archive = Store.Open();
        // The story begins at 23:54:15.03.
        _story.Run();
        for (var i = 0; i < 350; i++) _story.Trade().Decide(JournalSamples.DecisionBodies[7]);
        _story.Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT tableoid::regclass, count(*), min(at), max(at) FROM volatility_snapshots GROUP BY 1 ORDER BY 1").ShouldBe(
        [
            $"volatility_snapshots_20240808|344|{Store.Shown(StoryJournal.Second(1))}|{Store.Shown(StoryJournal.Second(344))}",
            $"volatility_snapshots_20240809|6|{Store.Shown(StoryJournal.Second(345))}|{Store.Shown(StoryJournal.Second(350))}",
        ]);
        Days().ShouldBe(["volatility_snapshots_20240808", "volatility_snapshots_20240809", "volatility_snapshots_20240810"]);
    }

    [Fact]
    public void Retention_DropsOldDaysAndNothingElse()
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        using (var snapshots = PostgresStateSnapshots.Open(Store.ConnectionString))
        {
            snapshots.Write([.. Enumerable.Range(1, 3).Select(i =>
                new StateSnapshot("BTC", "0001-demo", new(1, i, i), StoryJournal.Second(i), "{}"))]);
        }

        string[] kept =
        [
            "fills", "markouts", "orders", "audit", "parameter_changes", "positions", "mm_state", "pnl_days", "hedges", "treasury", "runs", "cursor",
        ];
        var before = kept.SelectMany(t => Store.Rows($"SELECT * FROM {t}")).ToArray();
        using var retention = PostgresRetention.Open(Store.ConnectionString, days: 90);
        var ninetieth = JournalSamples.Start + TimeSpan.FromDays(90);
        retention.Run(ninetieth).ShouldBeEmpty();
        Days().Count.ShouldBe(2);
        retention.Run(ninetieth + TimeSpan.FromDays(1)).ShouldBe(["volatility_snapshots_20240808", "2 of state_snapshots"]);
        retention.Run(ninetieth + TimeSpan.FromDays(1)).ShouldBeEmpty();
        Days().ShouldBe(["volatility_snapshots_20240809"]);
        Store.Rows("SELECT sequence FROM state_snapshots").ShouldBe(["3"]);
        kept.SelectMany(t => Store.Rows($"SELECT * FROM {t}")).ShouldBe(before);
        Store.Rows("SELECT * FROM volatility_snapshots").ShouldBeEmpty();
    }

    [Fact]
    public void DayThatRetentionDropped_IsMadeAgainForAnArchiveThatCatchesUp()
    {
        using var archive = Store.Open();
        using var retention = PostgresRetention.Open(Store.ConnectionString);
        var follower = _story.Run().Trade().Decide(JournalSamples.DecisionBodies[7]).Flush().Follow(archive);
        follower.CatchUp(isClosed: false);
        retention.Run(JournalSamples.Start + TimeSpan.FromDays(200)).Count.ShouldBe(2);
        _story.Trade().Decide(JournalSamples.DecisionBodies[7]).Flush();
        follower.CatchUp(isClosed: false);
        Store.Rows("SELECT decision FROM volatility_snapshots").ShouldBe(["2"]);
    }

    [Fact]
    public void Views_ShowWhatDashboardsAsk()
    {
        _story.Traded().Decide(StoryJournal.Order(OrderIntentKind.Place, "a4", 7)).Close();
        using (var archive = Store.Open()) _story.Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT trade_id, notional FROM v_fills ORDER BY trade_id").ShouldBe(["t1|61.701", "t2|61.701"]);
        Store.Rows("SELECT day, order_flow, change_of_order_flow FROM v_pnl_daily").ShouldBe(["2024-08-08|2|2"]);
        Store.Rows("SELECT symbol, quantity FROM v_inventory").ShouldBe(["BTCUSDT|10.5"]);
        Store.Rows("SELECT asset, trading_state, inventory FROM v_trading_state").ShouldBe(["BTC|killed|5011.5"]);
        Store.Rows("SELECT client_order_id, size FROM v_orders_open").ShouldBe(["a4|0.007"]);
        Store.Rows("SELECT asset, volatility_bps FROM v_volatility").ShouldBe(["BTC|12.5"]);
        Store.Rows("SELECT trade_id, bps FROM v_markouts").ShouldBe(["t1|1.25"]);
        Store.Rows("SELECT side, quantity FROM v_hedges").ShouldBe(["sell|12.5"]);
        Store.Rows("SELECT action, amount FROM v_treasury").ShouldBe(["buyback|100"]);
        Store.Rows("SELECT number, kind FROM v_audit WHERE kind = 'alert'").ShouldBe(["4|alert"]);
        Store.Rows("SELECT journal, sequence FROM v_archive").ShouldBe(["0001-demo|10"]);
    }

    [Fact]
    public void Reader_MayReadTheViewsAndNothingElse()
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        var views = Store.Rows("SELECT viewname FROM pg_views WHERE schemaname = 'dmm'");
        views.Count.ShouldBe(11);
        foreach (var view in views) Store.Execute($"SET ROLE dmm_reader; SELECT * FROM {view}");
        foreach (var sql in Store.Rows("SELECT 'SELECT * FROM ' || tablename FROM pg_tables WHERE schemaname = 'dmm'")
            .Concat(["DELETE FROM v_fills", "UPDATE v_fills SET price = 1", "CREATE TABLE dmm.mine (a int)"]))
        {
            var refused = Should.Throw<PostgresException>(() => Store.Execute($"SET ROLE dmm_reader; {sql}"), sql);
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    /// <summary>There is no TimescaleDB here: an extension that is there stands for it, and functions that note how they were called.</summary>
    [Fact]
    public void ServerThatOffersTimescale_KeepsVolatilityInAHypertable()
    {
        Store.Execute("""
            CREATE TABLE public.calls (n serial, call text);
            CREATE FUNCTION public.create_hypertable(relation regclass, time_column_name name, chunk_time_interval interval) RETURNS void
                LANGUAGE sql AS $$ INSERT INTO public.calls (call) VALUES (format('create %s %s %s', $1, $2, $3)) $$;
            CREATE FUNCTION public.drop_chunks(relation regclass, older_than timestamptz) RETURNS SETOF text
                LANGUAGE sql AS $$ INSERT INTO public.calls (call) VALUES (format('drop %s', $1)); SELECT 'chunk 1' $$;
            """);
        var offering = Store.ConnectionString + "Options=-c dmm.timescale=plpgsql";
        using (var archive = PostgresArchive.Open(offering)) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT relkind FROM pg_class WHERE relname = 'volatility_snapshots'").ShouldBe(["r"]);
        Store.Rows("SELECT count(*) FROM volatility_snapshots").ShouldBe(["1"]);
        using (var retention = PostgresRetention.Open(offering))
            retention.Run(JournalSamples.Start + TimeSpan.FromDays(100)).ShouldBe(["chunk 1"]);
        Store.Rows("SELECT call FROM public.calls ORDER BY n").ShouldBe(["create volatility_snapshots at 1 day", "drop volatility_snapshots"]);
    }

    private IReadOnlyList<string> Days() =>
        Store.Rows("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'volatility_snapshots'::regclass ORDER BY 1");
}
