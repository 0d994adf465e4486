namespace Dmm.Sinks.Ton;

/// <summary>Files that only their owner may read: written whole or not at all, never over another.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes a file with mode 600, on the disk when this returns.</summary>
    /// <exception cref="WalletFileException">There is one already, or it cannot be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        var next = $"{path}.new";
        try
        {
            if (File.Exists(path)) throw Taken(path);
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            // What a process that was killed has left.
            File.Delete(next);
            Write(next, content);
            File.Move(next, path, overwrite: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            File.Delete(next);
            if (File.Exists(path)) throw Taken(path);
            throw new WalletFileException($"{path} cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>Reads one.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="lengthMax">Bytes that it may have.</param>
    /// <param name="isOwnersOnly">False for what a container is given by its platform, which sets the mode itself.</param>
    /// <exception cref="WalletFileException">There is none, it is too long, others may read it too, or it cannot be read.</exception>
    public static byte[] Read(string path, int lengthMax, bool isOwnersOnly = true)
    {
        try
        {
            if (isOwnersOnly && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) is not UnixFileMode.None and var others)
                throw new WalletFileException($"{path} is open to others ({others}): expected mode 600, as in chmod 600 {path}");
            using var file = File.OpenRead(path);
            if (file.Length > lengthMax) throw new WalletFileException($"{path} has {file.Length} bytes: expected at most {lengthMax}");
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WalletFileException($"there is no {path}: expected a file", absent);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new WalletFileException($"{path} cannot be read: {refused.Message}", refused);
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static WalletFileException Taken(string path) =>
        new($"{path} is there already: a key is never overwritten. Expected the name of a new file");
}
