using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>One writer a folder: holds <c>writer.lock</c> open and locked; the system lets go of it when the process ends, however it ends.</summary>
internal static class DirectoryLock
{
    // What the runtime reports when the lock is taken: EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

    public static FileStream Take(string directory)
    {
        var path = Path.Combine(directory, "writer.lock");
        try
        {
            Directory.CreateDirectory(directory);
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (SharingViolations.Contains(e.HResult))
        {
            throw new JournalException(JournalFault.Locked, "another writer owns this journal", path, e);
        }
        catch (Exception e) when (SegmentTail.IsStorage(e))
        {
            throw SegmentTail.Unwritable(path, e);
        }
    }
}
