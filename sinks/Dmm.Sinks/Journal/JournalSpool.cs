using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>The local folder of segment files that takes a journal's records while the journal itself is away.</summary>
/// <param name="directory">The folder; it is there only while it holds records.</param>
/// <param name="open">Opens the folder for writing.</param>
/// <param name="read">Reads the folder.</param>
internal sealed class JournalSpool(string directory, Func<string, IJournalWriter> open, Func<string, IJournalReader> read) : IDisposable
{
    private readonly string _sent = directory.TrimEnd(Path.DirectorySeparatorChar) + ".sent";
    private IJournalWriter? _writer;

    public string Directory => directory;

    /// <summary>Set between <see cref="Open"/> and <see cref="Clear"/>.</summary>
    public IJournalWriter Writer => _writer ?? throw new InvalidOperationException("the spool is not open");

    public bool IsOpen => _writer is not null;

    public IJournalReader Reader() => read(directory);

    /// <summary>Opens it with what a process before this one left; nothing of it may have been written by half a clearing.</summary>
    /// <returns>Whether it holds anything.</returns>
    /// <exception cref="JournalException">It cannot be opened.</exception>
    public bool Open()
    {
        _writer ??= open(directory);
        return _writer.Position.Run > 0;
    }

    /// <summary>How far the journal reached that it continues, by its first record.</summary>
    public JournalPosition Begin()
    {
        var first = Reader().Runs().First();
        return new(JournalContinuation.Is(first) ? first.Run : first.Run - 1, first.NextSequence - 1, first.StartedAt, first.NextDecision - 1);
    }

    public bool HasFolder => System.IO.Directory.Exists(directory);

    /// <summary>
    /// Removes all records, at one blow: the folder is renamed first, so that a crash leaves all of them or none.
    /// </summary>
    /// <exception cref="JournalException">The folder cannot be removed.</exception>
    public void Clear()
    {
        Close();
        try
        {
            if (System.IO.Directory.Exists(_sent)) System.IO.Directory.Delete(_sent, recursive: true);
            if (!HasFolder) return;
            System.IO.Directory.Move(directory, _sent);
            System.IO.Directory.Delete(_sent, recursive: true);
        }
        catch (Exception e) when (SegmentTail.IsStorage(e))
        {
            throw SegmentTail.Unwritable(directory, e);
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        var writer = _writer;
        _writer = null;
        try
        {
            writer?.Dispose();
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            // What it could not write was never said to be safe, and is held elsewhere; the folder is let go all the same.
        }
    }
}
