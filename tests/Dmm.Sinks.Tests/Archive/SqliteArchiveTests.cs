using System.Globalization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Microsoft.Data.Sqlite;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>The contract on an SQLite file.</summary>
public sealed class SqliteArchiveContract : ArchiveContract
{
    protected override IArchiveUnderTest NewStore() => new SqliteStore();
}

/// <summary>An SQLite archive in a folder of its own.</summary>
internal sealed class SqliteStore : IArchiveUnderTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmm-archive-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "archive.db");

    public SqliteArchive Open() => SqliteArchive.Open(Path);

    IArchive IArchiveUnderTest.Open() => Open();

    /// <summary>The files as they are at that moment, write-ahead log included, are what a killed process leaves; they replace the store.</summary>
    public void ApplyAndDie(FollowBatch batch)
    {
        using var image = new SqliteStore();
        using (var archive = Open())
        {
            archive.BeforeCommit = () =>
            {
                CopyTo(image);
                throw new InvalidOperationException("killed");
            };
            Should.Throw<InvalidOperationException>(() => archive.Apply(batch)).Message.ShouldBe("killed");
        }

        image.CopyTo(this);
    }

    public void CopyTo(SqliteStore other)
    {
        foreach (var file in other._folder.GetFiles()) file.Delete();
        foreach (var file in _folder.GetFiles().Where(f => !f.Name.EndsWith("-shm", StringComparison.Ordinal)))
            file.CopyTo(System.IO.Path.Combine(other._folder.FullName, file.Name));
    }

    public IReadOnlyList<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    public void Tamper(string sql) => Execute($"DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; {sql}");

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public Core.Timestamp Shown(Core.Timestamp at) => at;

    public bool Holds(decimal amount) => true;

    public void Dispose() => _folder.Delete(recursive: true);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }
}

/// <summary>What an SQLite file may meet: other versions, other databases, a full disk, torn writes.</summary>
public sealed class SqliteArchiveTests : IDisposable
{
    private readonly SqliteStore _store = new();
    private readonly StoryJournal _story = new();

    public void Dispose()
    {
        _story.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void OtherVersion_IsRefusedAndNotTouched()
    {
        _store.Open().Dispose();
        _store.Execute("PRAGMA user_version = 7");
        var before = File.ReadAllBytes(_store.Path);
        var refused = Should.Throw<SinkException>(_store.Open);
        refused.Fault.ShouldBe(SinkFault.OtherVersion);
        refused.Message.ShouldBe($"{_store.Path} is an archive of version 7, and this dmm knows version 2: use the dmm that made it, "
            + "or move the file away and it is made again from the journals; it was not touched");
        File.ReadAllBytes(_store.Path).ShouldBe(before);
        Directory.GetFiles(Path.GetDirectoryName(_store.Path)!).ShouldBe([_store.Path]);
    }

    [Fact]
    public void OtherDatabase_IsRefusedAndNotTouched()
    {
        _store.Execute("CREATE TABLE theirs (a)");
        var before = File.ReadAllBytes(_store.Path);
        Should.Throw<SinkException>(_store.Open).Message.ShouldBe(
            $"{_store.Path} is an SQLite database, but not an archive of dmm: move it away, or name another folder; it was not touched");
        File.ReadAllBytes(_store.Path).ShouldBe(before);
    }

    [Fact]
    public void FileThatIsNoDatabase_IsRefusedAndNotTouched()
    {
        File.WriteAllText(_store.Path, "hello");
        Should.Throw<SinkException>(_store.Open).Message.ShouldBe(
            $"{_store.Path} is not an SQLite database: move it away, or name another folder; it was not touched");
        File.ReadAllText(_store.Path).ShouldBe("hello");
    }

    [Fact]
    public void FolderThatIsNotThere_IsUnwritable()
    {
        var path = Path.Combine(Path.GetDirectoryName(_store.Path)!, "absent", "archive.db");
        var refused = Should.Throw<SinkException>(() => SqliteArchive.Open(path));
        refused.Fault.ShouldBe(SinkFault.Unwritable);
        refused.Message.ShouldStartWith($"{path}: the archive cannot be written: ");
    }

    [Fact]
    public void OpenedToRead_ItIsReadWhileAnotherWrites_AndTakesNothing()
    {
        using var writing = _store.Open();
        var follower = _story.Traded().Flush().Follow(writing);
        follower.CatchUp(isClosed: false);
        using var reading = SqliteArchive.OpenToRead(_store.Path);
        var before = reading.VerifyAudit();
        before.ShouldBe(writing.VerifyAudit());
        _story.Hear(new OperatorCommand(OperatorAction.Kill, "Ann", "again")).Close();
        follower.CatchUp(isClosed: true);
        reading.VerifyAudit().Rows.ShouldBeGreaterThan(before.Rows);
        reading.VerifyAudit().ShouldBe(writing.VerifyAudit());
        using var next = new StoryJournal("0002-demo", 2);
        var refused = Should.Throw<SinkException>(() => next.Run().Close().Follow(reading).CatchUp(isClosed: true));
        refused.Message.ShouldStartWith($"{_store.Path}: the archive cannot be written: ");
    }

    [Fact]
    public void OpenedToRead_WhatIsNoArchive_StaysAsItIs()
    {
        var none = $"there is no archive {_store.Path}: expected the file that a desk makes in its data folder";
        Should.Throw<SinkException>(() => SqliteArchive.OpenToRead(_store.Path)).Message.ShouldBe(none);
        File.Exists(_store.Path).ShouldBeFalse();
        File.WriteAllText(_store.Path, "");
        Should.Throw<SinkException>(() => SqliteArchive.OpenToRead(_store.Path)).Message.ShouldBe(none);
        new FileInfo(_store.Path).Length.ShouldBe(0);
        _store.Open().Dispose();
        _store.Execute("PRAGMA user_version = 7");
        Should.Throw<SinkException>(() => SqliteArchive.OpenToRead(_store.Path)).Fault.ShouldBe(SinkFault.OtherVersion);
    }

    [Fact]
    public void FullDisk_IsToldAndNothingIsLost()
    {
        using var archive = _store.Open();
        var follower = _story.Traded().Flush().Follow(archive);
        follower.CatchUp(isClosed: false);
        var position = follower.Position;
        archive.LimitPages(1);
        for (var i = 0; i < 500; i++) _story.Hear(StoryJournal.Fill($"more{i}", "a9", 1));
        _story.Close();
        var full = Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true));
        (full.Fault, full.Message).ShouldBe((SinkFault.Unwritable, $"{_store.Path}: the archive cannot be written: the disk is full"));
        follower.Position.ShouldBe(position);
        _store.Rows("SELECT count(*) FROM fills").ShouldBe(["2"]);
        archive.LimitPages(null);
        follower.CatchUp(isClosed: true);
        _store.Rows("SELECT count(*) FROM fills").ShouldBe(["502"]);
        archive.VerifyAudit().IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void AnotherProcessThatHoldsTheFile_IsToldAndNothingIsLost()
    {
        using var archive = _store.Open();
        using var holder = new SqliteConnection($"Data Source={_store.Path};Pooling=False");
        holder.Open();
        var follower = _story.Traded().Close().Follow(archive);
        archive.BusyTimeoutSeconds = 1;
        using (holder.BeginTransaction(deferred: false))
        {
            Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true)).Message
                .ShouldBe($"{_store.Path}: the archive cannot be written: another process holds it");
        }

        follower.CatchUp(isClosed: true).ShouldBe(24);
    }

    [Fact]
    public void WriteAheadLogCutAnywhere_RowsAndCursorAgree()
    {
        using var image = new SqliteStore();
        using (var archive = _store.Open())
        {
            var follower = _story.Run().Flush().Follow(archive);
            for (var i = 1; i <= 5; i++)
            {
                _story.Hear(StoryJournal.Fill($"t{i}", "a1", 1)).Decide(StoryJournal.Inventory(i)).Flush();
                follower.CatchUp(isClosed: false);
            }

            _store.CopyTo(image);
        }

        var log = File.ReadAllBytes($"{image.Path}-wal");
        var main = File.ReadAllBytes(image.Path);
        var seen = new HashSet<string>();
        foreach (var length in Enumerable.Range(0, log.Length / 2_048 + 1).Select(i => i * 2_048).Append(log.Length))
        {
            File.WriteAllBytes(image.Path, main);
            File.WriteAllBytes($"{image.Path}-wal", log[..length]);
            using var archive = image.Open();
            var sequence = archive.Position(_story.Identity).Sequence;
            image.Rows("SELECT count(*) FROM fills").ShouldBe([$"{sequence}"]);
            image.Rows("SELECT filled FROM orders").ShouldBe(sequence == 0 ? [] : [$"{sequence}"]);
            archive.VerifyAudit().Rows.ShouldBe(sequence == 0 ? 0 : 1);
            seen.Add($"{sequence}");
        }

        seen.ShouldBe(["0", "1", "2", "3", "4", "5"], ignoreOrder: true);
    }

    [Fact]
    public void AuditRow_IsNeitherChangedNorDeletedByAccident()
    {
        using (var archive = _store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        Should.Throw<SqliteException>(() => _store.Execute("UPDATE audit SET hash = ''")).Message.ShouldContain("the audit log is append-only");
        Should.Throw<SqliteException>(() => _store.Execute("DELETE FROM audit")).Message.ShouldContain("the audit log is append-only");
    }
}
