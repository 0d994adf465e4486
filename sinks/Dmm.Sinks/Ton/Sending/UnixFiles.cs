using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dmm.Sinks.Ton;

/// <summary>What the runtime does not offer of files on Unix.</summary>
internal static class UnixFiles
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Brings the names in a folder to the disk: a file that is there whole may still have its old name after a power cut, or none. Windows keeps
    /// names with the file.
    /// </summary>
    /// <exception cref="IOException">It cannot be known whether they are.</exception>
    public static void FlushFolder(string folder)
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

    /// <summary>A file to be read whoever has it: the runtime would want a share of its lock. Not on Windows, where a lock is one.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        if (OperatingSystem.IsWindows()) return File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var opened = Open(path, ReadOnly);
        return opened >= 0 ? new(opened, ownsHandle: true) : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
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
