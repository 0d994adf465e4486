namespace Dmm.Core.Ports;

/// <summary>
/// A store derived from journals alone: one that was away catches up, and one that is lost is made again from them. How far it has got is stored in
/// the transaction of what it stores, so that a crash keeps both or neither. Not thread-safe; two over one store do not disturb each other.
/// </summary>
public interface IJournalSink : IDisposable
{
    /// <summary>How far that journal has been taken; zeros before its first record.</summary>
    /// <exception cref="SinkException">The store cannot be read.</exception>
    FollowCursor Position(FollowedJournal journal);

    /// <summary>Takes what lies beyond <see cref="Position"/>, all of it or nothing: a batch that was taken before changes nothing.</summary>
    /// <exception cref="SinkException">The store cannot be written; nothing changed, and the same batch may be given again.</exception>
    /// <exception cref="InvalidOperationException">The batch begins after the position, so that records between would be lost: a bug of the
    /// caller.</exception>
    void Apply(FollowBatch batch);
}
