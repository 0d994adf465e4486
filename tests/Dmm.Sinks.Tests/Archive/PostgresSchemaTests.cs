using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>The schema in PostgreSQL: who makes it, raises it, and leaves it alone.</summary>
public sealed class PostgresSchemaTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
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
    public async Task ManyThatStartAtOnce_RaiseTheSchemaOnce()
    {
        using var together = new Barrier(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            using var archive = PostgresArchive.Open(Store.ConnectionString + "Command Timeout=60");
            together.SignalAndWait();
            archive.Position(_story.Identity).ShouldBe(default);
        }, TaskCreationOptions.LongRunning)));
        Store.Rows("SELECT scriptname FROM schema_versions ORDER BY scriptname").ShouldBe(
            ["0001-tables.sql", "0002-volatility-by-day.sql", "0003-views.sql"]);
    }

    [Fact]
    public void OlderSchema_IsRaisedAndKeepsItsRows()
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        foreach (var view in Store.Rows("SELECT viewname FROM pg_views WHERE schemaname = 'dmm'")) Store.Execute($"DROP VIEW {view}");
        Store.Execute("DELETE FROM schema_versions WHERE scriptname = '0003-views.sql'");
        using (var archive = Store.Open()) archive.VerifyAudit().Rows.ShouldBe(5);
        Store.Rows("SELECT count(*) FROM v_fills").ShouldBe(["2"]);
    }

    [Fact]
    public void NewerSchema_IsRefusedAndNotTouched()
    {
        using (var archive = Store.Open()) archive.Position(_story.Identity);
        Store.Execute("INSERT INTO schema_versions (scriptname, applied) VALUES ('0999-later.sql', now())");
        var before = Written();
        using var older = Store.Open();
        var refused = Should.Throw<SinkException>(() => _story.Traded().Close().Follow(older).CatchUp(isClosed: true));
        (refused.Fault, refused.Message).ShouldBe((SinkFault.OtherVersion,
            $"{Store.Place}: the archive has the migration 0999-later.sql, and this dmm knows them up to 0003-views.sql: use the dmm that made it, "
            + "or drop its schema dmm and it is made again from the journals; it was not touched"));
        Written().ShouldBe(before);
    }

    [Fact]
    public void OpenedToRead_TheSchemaIsNeitherMadeNorRaised()
    {
        using (var reading = PostgresArchive.OpenToRead(Store.ConnectionString))
        {
            var none = Should.Throw<SinkException>(() => reading.VerifyAudit());
            none.Message.ShouldBe($"there is no archive in {Store.Place}: expected the schema dmm that a desk makes there");
        }

        Store.Rows("SELECT nspname FROM pg_namespace WHERE nspname = 'dmm'").ShouldBeEmpty();
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        foreach (var view in Store.Rows("SELECT viewname FROM pg_views WHERE schemaname = 'dmm'")) Store.Execute($"DROP VIEW {view}");
        Store.Execute("DELETE FROM schema_versions WHERE scriptname = '0003-views.sql'");
        var older = Written();
        using (var reading = PostgresArchive.OpenToRead(Store.ConnectionString))
        {
            reading.VerifyAudit().Rows.ShouldBe(5);
            using var next = new StoryJournal("0002-demo", 2);
            Should.Throw<InvalidOperationException>(() => next.Run().Close().Follow(reading).CatchUp(isClosed: true))
                .Message.ShouldBe($"{Store.Place} was opened to be read");
        }

        Written().ShouldBe(older);
        Store.Execute("INSERT INTO schema_versions (scriptname, applied) VALUES ('0999-later.sql', now())");
        using var newer = PostgresArchive.OpenToRead(Store.ConnectionString);
        Should.Throw<SinkException>(() => newer.VerifyAudit()).Fault.ShouldBe(SinkFault.OtherVersion);
    }

    [Fact]
    public void SchemaOfSomebodyElse_IsRefusedAndNotTouched()
    {
        Store.Execute("CREATE SCHEMA dmm; CREATE TABLE dmm.theirs (a int)");
        var before = Written();
        using var archive = Store.Open();
        var refused = Should.Throw<SinkException>(() => archive.Position(_story.Identity));
        (refused.Fault, refused.Message).ShouldBe((SinkFault.Damaged,
            $"{Store.Place}: its schema dmm is not an archive of dmm: name another database; it was not touched"));
        Written().ShouldBe(before);
    }

    [Fact]
    public void SchemaThatIsDropped_IsMadeAgainFromTheJournal()
    {
        using var archive = Store.Open();
        var follower = _story.Traded().Close().Follow(archive);
        follower.CatchUp(isClosed: true);
        var head = archive.VerifyAudit().Head;
        Store.Execute("DROP SCHEMA dmm CASCADE");
        Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true)).Fault.ShouldBe(SinkFault.Damaged);
        follower.CatchUp(isClosed: true).ShouldBe(24);
        archive.VerifyAudit().Head.ShouldBe(head);
    }

    [Fact]
    public void UserWhoMayMakeNoRole_GetsTheArchiveAllTheSame()
    {
        Store.Execute($"DROP ROLE IF EXISTS plain_{Store.Database}; CREATE ROLE plain_{Store.Database} LOGIN PASSWORD 'p'; "
            + $"ALTER DATABASE {Store.Database} OWNER TO plain_{Store.Database}");
        using (var archive = PostgresArchive.Open(PlainConnection)) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT count(*) FROM v_fills").ShouldBe(["2"]);
    }

    private string PlainConnection =>
        $"Host=127.0.0.1;Port={Store.Server.Port};Database={Store.Database};Username=plain_{Store.Database};Password=p;";

    /// <summary>Everything that is defined, and the migrations noted.</summary>
    private string[] Written() =>
    [
        .. Store.Rows("SELECT relname, relkind, relfilenode FROM pg_class WHERE relnamespace = 'dmm'::regnamespace ORDER BY 1"),
        .. Store.Rows("SELECT scriptname FROM schema_versions ORDER BY 1"),
    ];
}
