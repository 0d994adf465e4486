using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>One writer a folder: holds its <c>writer.lock</c>.</summary>
internal static class DirectoryLock
{
    public static FileStream Take(string directory)
    {
        var path = Path.Combine(directory, "writer.lock");
        try
        {
            Directory.CreateDirectory(directory);
            return ExclusiveFile.TryTake(path) ?? throw new JournalException(JournalFault.Locked, "another writer owns this journal", path);
        }
        catch (Exception e) when (SegmentTail.IsStorage(e))
        {
            throw SegmentTail.Unwritable(path, e);
        }
    }
}
