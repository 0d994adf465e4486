namespace Dmm.Sinks.Journal;

/// <summary>A file held open and locked against other processes; the system lets go of it when the process ends, however it ends.</summary>
public static class ExclusiveFile
{
    // What the runtime reports when the lock is taken: EAGAIN on Linux, EWOULDBLOCK on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

    /// <summary>The file, made where it is not there; null while somebody else holds it. Disposing it lets go.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be made.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (SharingViolations.Contains(e.HResult))
        {
            return null;
        }
    }
}
