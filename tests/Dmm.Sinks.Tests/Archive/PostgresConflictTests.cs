using System.Diagnostics;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>A server that is up and refuses: deadlocks, locks, rights, limits, a full disk. After each the same batch lands exactly once.</summary>
public sealed class PostgresConflictTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    /// <summary>What a call may take by default, with room for a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(8);

    private readonly Lazy<PostgresStore> _store = new(() => new(fixture.Server));
    private readonly StoryJournal _story = new();

    private PostgresStore Store => _store.Value;

    public void Dispose()
    {
        _story.Dispose();
        if (_store.IsValueCreated) _store.Value.Dispose();
    }

    [Fact]
    public async Task DeadlockWithAnotherConnection_IsTriedAgainAndLandsOnce()
    {
        using var archive = Store.Open();
        var follower = Begun(archive);
        _story.Decide(StoryJournal.Markout("t1", TimeSpan.FromSeconds(1))).Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        using var other = Store.Connect();
        // It never finds the deadlock itself: we are the ones who give way.
        Run(other, "SET deadlock_timeout = '60s'; BEGIN; UPDATE orders SET reason = 'theirs' WHERE client_order_id = 'a1'");
        var applying = Task.Run(() => follower.CatchUp(isClosed: true));
        AwaitBlocked();
        Run(other, "UPDATE fills SET fee_asset = 'theirs' WHERE trade_id = 't1'");
        Run(other, "COMMIT");
        (await applying.WaitAsync(Bound)).ShouldBe(2);
        Store.Server.Output.ShouldContain("ERROR:  deadlock detected");
        Store.Rows("SELECT trade_id, quoted_half_spread_bps FROM fills ORDER BY trade_id").ShouldBe(["t1|5.95", "t2|-"]);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["2|2"]);
    }

    [Theory]
    [InlineData("40P01", "deadlock with another transaction, again and again")]
    [InlineData("40001", "conflict with another transaction, again and again")]
    public void ConflictThatDoesNotEnd_IsGivenUpAfterFourAttempts(string state, string why)
    {
        using var archive = Store.Open();
        var follower = Begun(archive);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        // Sequences are not undone with their transaction, and so count attempts.
        Store.Execute("CREATE SEQUENCE attempts; CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + $"PERFORM nextval('dmm.attempts'); RAISE EXCEPTION USING ERRCODE = '{state}'; END $$; "
            + "CREATE TRIGGER clash BEFORE INSERT ON fills EXECUTE FUNCTION clash()");
        Unwritable(() => follower.CatchUp(isClosed: true), why);
        Store.Rows("SELECT last_value FROM attempts").ShouldBe(["4"]);
        Store.Execute("DROP TRIGGER clash ON fills");
        LandsOnce(follower);
    }

    [Fact]
    public void LockHeldByAnother_IsToldWithinSeconds()
    {
        using var archive = Store.Open();
        var follower = Begun(archive);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        using (var other = Store.Connect())
        {
            Run(other, "BEGIN; LOCK TABLE fills");
            Unwritable(() => follower.CatchUp(isClosed: true), "another process holds it");
        }

        LandsOnce(follower);
    }

    [Fact]
    public void ReadOnlyServer_IsTold()
    {
        using var archive = Store.Open();
        var follower = Begun(archive);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        Store.Execute($"ALTER DATABASE {Store.Database} SET default_transaction_read_only = on");
        Store.CutAll();
        Unwritable(() => follower.CatchUp(isClosed: true), "the server is read-only");
        Store.Execute($"ALTER DATABASE {Store.Database} SET default_transaction_read_only = off", database: "postgres");
        Store.CutAll();
        LandsOnce(follower);
    }

    [Fact]
    public void ConnectionsCutWhileIdle_AreNotEvenNoticed()
    {
        using var archive = Store.Open();
        var follower = Begun(archive);
        _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Close();
        Store.CutAll();
        LandsOnce(follower);
    }

    [Fact]
    public void NoConnectionLeft_IsTold()
    {
        Plain("CONNECTION LIMIT 0");
        using var archive = PostgresArchive.Open(PlainConnection("p"));
        var follower = _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t2", "a1", 1)).Close().Follow(archive);
        Unwritable(() => follower.CatchUp(isClosed: true), "the server has no connection left");
        Store.Execute($"ALTER ROLE plain_{Store.Database} CONNECTION LIMIT 5");
        LandsOnce(follower);
    }

    [Fact]
    public void RightThatIsMissing_IsNamed()
    {
        Plain("");
        Store.Execute($"ALTER DATABASE {Store.Database} OWNER TO dmm");
        using var archive = PostgresArchive.Open(PlainConnection("p"));
        Unwritable(() => archive.Position(_story.Identity), $"the user lacks a right: permission denied for database {Store.Database}");
    }

    [Fact]
    public void WrongPassword_IsToldWithoutIt()
    {
        Plain("");
        using var archive = PostgresArchive.Open(PlainConnection("hunter2"));
        Unwritable(() => archive.Position(_story.Identity), "the server refuses the user or its password");
        Should.Throw<SinkException>(() => archive.Position(_story.Identity)).ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void DatabaseThatIsNotThere_IsTold()
    {
        using var archive = PostgresArchive.Open(Store.Server.ConnectionString("nowhere"));
        Should.Throw<SinkException>(() => archive.Position(_story.Identity)).Message.ShouldBe(
            $"postgres 127.0.0.1:{Store.Server.Port}/nowhere: the archive cannot be written: the server has no such database");
    }

    [Theory]
    [InlineData("postgres://dmm:hunter2@db.example/dmm?sslmode=require")]
    [InlineData("Host=db.example;Pasword=hunter2")]
    [InlineData("Host=db.example;Port=hunter2")]
    public void TextThatIsNoConnectionString_IsRefusedWithoutRepeatingIt(string text)
    {
        var refused = Should.Throw<SinkException>(() => PostgresArchive.Open(text));
        refused.Message.ShouldStartWith("the archive's connection string is none of Npgsql: expected one as in 'Host=db.example;");
        refused.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void FullDisk_IsToldAndNothingIsLost()
    {
        using var disk = new SmallDisk(fixture.Server);
        fixture.Server.Execute($"CREATE TABLESPACE small LOCATION '{disk.Path}'");
        try
        {
            using var store = new PostgresStore(fixture.Server, "TABLESPACE small");
            using var archive = store.Open();
            var follower = Begun(archive);
            var position = follower.Position;
            // Noise, which the server cannot compress.
            var noise = new Random(1);
            for (var i = 2; i < 4_000; i++)
                _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1) with { FeeAsset = noise.GetHexString(3_000) });
            _story.Close();
            var full = Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true));
            (full.Fault, full.Message).ShouldBe((SinkFault.Unwritable, $"{store.Place}: the archive cannot be written: the server's disk is full"));
            // Batches before the full disk stay; the one that met it left nothing.
            store.Rows("SELECT c.sequence - count(*) FROM fills, cursor c GROUP BY c.sequence").ShouldBe(["0"]);
            follower.Position.Sequence.ShouldBeGreaterThanOrEqualTo(position.Sequence);
            disk.Grow();
            follower.CatchUp(isClosed: true);
            store.Rows("SELECT filled, fills FROM orders").ShouldBe(["3999|3999"]);
            archive.VerifyAudit().IsIntact.ShouldBeTrue();
        }
        finally
        {
            fixture.Server.Execute("DROP TABLESPACE small");
        }
    }

    private JournalFollower Begun(IArchive archive)
    {
        var follower = _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush().Follow(archive);
        follower.CatchUp(isClosed: false);
        return follower;
    }

    private void LandsOnce(JournalFollower follower)
    {
        follower.CatchUp(isClosed: true);
        follower.CatchUp(isClosed: true).ShouldBe(0);
        Store.Rows("SELECT trade_id FROM fills ORDER BY trade_id").ShouldBe(["t1", "t2"]);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["2|2"]);
        Store.Rows("SELECT count(*) FROM audit").ShouldBe(["1"]);
    }

    private void Unwritable(Action work, string why)
    {
        var started = Stopwatch.GetTimestamp();
        var refused = Should.Throw<SinkException>(work);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Bound);
        (refused.Fault, refused.Message).ShouldBe((SinkFault.Unwritable, $"{Store.Place}: the archive cannot be written: {why}"));
    }

    /// <summary>Returns once a connection to the database waits for a lock; the server itself looks for it.</summary>
    private void AwaitBlocked() => Store.Execute($"""
        DO $$ BEGIN
            FOR i IN 1..2000 LOOP
                PERFORM pg_stat_clear_snapshot();
                EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{Store.Database}' AND wait_event_type = 'Lock');
                PERFORM pg_sleep(0.005);
            END LOOP;
        END $$
        """);

    private void Plain(string limit) => Store.Execute($"DROP ROLE IF EXISTS plain_{Store.Database}; "
        + $"CREATE ROLE plain_{Store.Database} LOGIN PASSWORD 'p' {limit}; ALTER DATABASE {Store.Database} OWNER TO plain_{Store.Database}");

    private string PlainConnection(string password) =>
        $"Host=127.0.0.1;Port={Store.Server.Port};Database={Store.Database};Username=plain_{Store.Database};Password={password};";

    private static void Run(Npgsql.NpgsqlConnection connection, string sql)
    {
        using var command = new Npgsql.NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
