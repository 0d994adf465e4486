using System.Runtime.InteropServices;

namespace Dmm.Sinks.Ton;

/// <summary>
/// Names in a folder, on the disk: a file that is there whole may still have its old name after a power cut, or none. Windows keeps names with the
/// file.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">It cannot be known whether they are.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var opened = Open(folder, ReadOnly);
        if (opened < 0) throw Refused(folder);
        try
        {
            if (Sync(opened) != 0) throw Refused(folder);
        }
        finally
        {
            _ = Close(opened);
        }
    }

    private static IOException Refused(string folder) =>
        new($"the names in {folder} cannot be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
