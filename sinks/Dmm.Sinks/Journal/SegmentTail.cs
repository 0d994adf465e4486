using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>The end of one stream of segments: the file being written, and the records on their way to it.</summary>
internal sealed class SegmentTail(string directory, CreateSegment create)
{
    private Stream? _file;
    private string _path = "";
    private long _written;
    private JournalException? _broken;

    public JournalBuffer Pending { get; } = new(64 * 1024);

    public SegmentName Name { get; private set; }

    public bool IsOpen => _file is not null;

    /// <summary>Bytes of the segment, those pending included.</summary>
    public long Length => _written + Pending.Length;

    /// <summary>
    /// Starts the next segment with these lines pending; when its file cannot be made, the one before stays. Nothing may be pending.
    /// </summary>
    public void Begin(SegmentName name, ReadOnlySpan<byte> lines)
    {
        ThrowIfBroken();
        var path = Path.Combine(directory, name.ToString());
        Stream file;
        try
        {
            file = create(path);
        }
        catch (Exception e) when (IsStorage(e))
        {
            throw Unwritable(path, e);
        }

        End();
        (_file, _path, _written, Name) = (file, path, 0, name);
        Pending.Append(lines);
    }

    /// <summary>
    /// Writes what is pending, at the place where the last write that succeeded ended: what one that failed left behind it is overwritten.
    /// </summary>
    public void Write()
    {
        ThrowIfBroken();
        if (_file is null || Pending.Length == 0) return;
        try
        {
            _file.Position = _written;
            _file.Write(Pending.Written);
        }
        catch (Exception e) when (IsStorage(e))
        {
            throw Unwritable(_path, e);
        }

        _written += Pending.Length;
        Pending.Clear();
    }

    /// <summary>Waits for the disk. A failure is final: the system may have dropped the pages it could not write, and says so only once.</summary>
    public void Sync()
    {
        ThrowIfBroken();
        try
        {
            if (_file is FileStream file) file.Flush(flushToDisk: true);
            else _file?.Flush();
        }
        catch (Exception e) when (IsStorage(e))
        {
            _broken = new(JournalFault.Unwritable, $"the disk did not confirm what was written ({e.Message}): restart, to find out what it holds",
                _path, e);
            throw _broken;
        }
    }

    /// <summary>Lets the file go; what is pending is forgotten.</summary>
    public void End()
    {
        _file?.Dispose();
        _file = null;
        Pending.Clear();
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null) throw new JournalException(_broken.Fault, _broken.Reason, _broken.Place, _broken);
    }

    internal static bool IsStorage(Exception e) => e is IOException or UnauthorizedAccessException;

    internal static JournalException Unwritable(string path, Exception e) => new(JournalFault.Unwritable, $"cannot be written: {e.Message}", path, e);
}
