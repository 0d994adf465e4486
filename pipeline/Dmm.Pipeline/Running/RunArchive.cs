using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Sources.Journal;

namespace Dmm.Pipeline.Running;

/// <summary>
/// The data folder's archive while a run goes on: takes what earlier runs left behind, and follows the present one every second. Dispose it after the
/// run's journal writer, so that it takes the rest.
/// </summary>
internal sealed class RunArchive : IDisposable
{
    private readonly SqliteArchive _archive;
    private readonly FollowLoop _loop;

    private RunArchive(SqliteArchive archive, FollowLoop loop) => (_archive, _loop) = (archive, loop);

    /// <summary>How archiving stands.</summary>
    public FollowStatus Status => _loop.Status;

    /// <param name="data">Owned by the caller.</param>
    /// <param name="run">The run to follow; its journal's folder is there, however little is in it.</param>
    /// <param name="time">Gives the seconds.</param>
    /// <param name="onChange">Told when archiving fails or works again; on a thread of its own.</param>
    /// <exception cref="BadInputException">The archive is of another version or somebody else's, and was not touched; or it cannot be
    /// written.</exception>
    public static RunArchive Open(DataFolder data, RunFolder run, TimeProvider time, Action<FollowStatus> onChange)
    {
        try
        {
            var archive = SqliteArchive.Open(data.ArchiveFile);
            var earlier = data.Runs.Where(r => r.Number < run.Number).Select(r => Follower(r, archive));
            return new(archive, new FollowLoop("the archive", earlier, Follower(run, archive), time, onChange));
        }
        catch (SinkException unusable)
        {
            throw new BadInputException(unusable.Message);
        }
    }

    public void Dispose()
    {
        _loop.Dispose();
        _archive.Dispose();
    }

    private static JournalFollower Follower(RunFolder run, IArchive archive) =>
        new(new SegmentJournalReader(run.Journal), archive, new FollowedJournal(run.Name, run.Number, run.Ledger));
}
