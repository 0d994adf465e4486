using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Sinks.Redis;
using Dmm.Sources.Journal;

namespace Dmm.Pipeline.Running;

/// <summary>A journal that nobody writes any more, or the one being written.</summary>
/// <param name="Open">Gives a reader of its own to each who follows.</param>
/// <param name="Identity">Which one it is.</param>
internal sealed record FollowableJournal(Func<IJournalReader> Open, FollowedJournal Identity);

/// <summary>How one store keeps up.</summary>
/// <param name="Store">What it is called in words.</param>
/// <param name="Status">How following stands.</param>
internal readonly record struct StoreStatus(string Store, FollowStatus Status);

/// <summary>
/// What follows a desk's journal while it trades: the archive (Postgres where it is set, else SQLite in the data folder), and Redis where it is set,
/// with its snapshots into Postgres. Each on threads of its own, so that none holds up the trading or another. Dispose it after the journal's writer,
/// so that each takes the rest.
/// </summary>
internal sealed class DeskFollowers : IDisposable
{
    private readonly List<IDisposable> _parts = [];
    private readonly List<(string Store, FollowLoop Loop)> _loops = [];

    private DeskFollowers()
    {
    }

    /// <summary>How each store keeps up.</summary>
    public IEnumerable<StoreStatus> Statuses => _loops.Select(l => new StoreStatus(l.Store, l.Loop.Status));

    /// <summary>For a run whose journal is in a data folder: what earlier runs there left behind is taken too.</summary>
    /// <inheritdoc cref="Open"/>
    public static DeskFollowers Of(DataFolder data, RunFolder run, StoreAccess stores, TimeProvider time, Action<StoreStatus> onChange)
    {
        static FollowableJournal Journal(RunFolder folder) =>
            new(() => new SegmentJournalReader(folder.Journal), new(folder.Name, folder.Number, folder.Ledger));
        return Open(stores, data.ArchiveFile, [.. data.Runs.Where(r => r.Number < run.Number).Select(Journal)], Journal(run), time, onChange);
    }

    /// <param name="stores">Which servers are used; one that is away is no error, it is caught up with later.</param>
    /// <param name="sqlite">File of the embedded archive.</param>
    /// <param name="earlier">Journals that nobody writes any more, oldest first.</param>
    /// <param name="current">The journal being written.</param>
    /// <param name="time">Gives the seconds.</param>
    /// <param name="onChange">Told when a store fails or works again; on any thread.</param>
    /// <exception cref="BadInputException">A store is of another version or somebody else's, or cannot be used as it is configured.</exception>
    public static DeskFollowers Open(StoreAccess stores, string sqlite, IReadOnlyList<FollowableJournal> earlier, FollowableJournal current,
        TimeProvider time, Action<StoreStatus> onChange)
    {
        var followers = new DeskFollowers();
        try
        {
            if (stores.Postgres is { } postgres)
            {
                followers.Follow("Postgres", PostgresArchive.Open(postgres), earlier, current, time, onChange);
                followers._parts.Add(new DailyRetention(PostgresRetention.Open(postgres), time, onChange));
            }
            else followers.Follow("the archive", SqliteArchive.Open(sqlite), earlier, current, time, onChange);
            // Redis has the present state alone: what earlier journals came to is in their own runs.
            if (stores.Redis is { } redis)
            {
                var state = RedisState.Open(new() { Connection = redis }, time);
                followers.Follow("Redis", state, [], current, time, onChange);
                if (stores.Postgres is not null) followers.Snapshot(stores, time, onChange);
            }

            return followers;
        }
        catch (Exception unusable) when (unusable is SinkException or ParameterException)
        {
            followers.Dispose();
            throw new BadInputException(unusable.Message);
        }
        catch
        {
            followers.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // Who follows takes the rest before the store is let go, and the snapshot is of what Redis then holds.
        foreach (var part in _parts) part.Dispose();
    }

    private void Follow(string name, IJournalSink sink, IEnumerable<FollowableJournal> earlier, FollowableJournal current, TimeProvider time,
        Action<StoreStatus> onChange)
    {
        JournalFollower Follower(FollowableJournal journal)
        {
            var reader = journal.Open();
            if (reader is IDisposable owned) _parts.Add(owned);
            return new(reader, sink, journal.Identity);
        }

        var loop = new FollowLoop(name, earlier.Select(Follower).ToArray(), Follower(current), time, status => onChange(new(name, status)));
        _loops.Add((name, loop));
        _parts.Insert(0, loop);
        _parts.Add(sink);
    }

    private void Snapshot(StoreAccess stores, TimeProvider time, Action<StoreStatus> onChange)
    {
        const string name = "the snapshots of Redis in Postgres";
        var state = RedisState.Open(new() { Connection = stores.Redis! }, time);
        var rows = PostgresStateSnapshots.Open(stores.Postgres!);
        var loop = new SnapshotLoop(() => state.Snapshots(), rows.Write, time, status => onChange(new(name, status)));
        // After the loop that follows into Redis has taken the rest.
        _parts.Insert(_loops.Count, loop);
        _parts.Add(state);
        _parts.Add(rows);
    }
}
