using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>A journal over a broker that fails and a spool whose disk may fail.</summary>
internal sealed class SpoolRig : IDisposable
{
    private readonly JournalFolder _folder = new();
    private int _crashes;

    public FaultyBroker Broker { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public List<JournalPathStatus> Told { get; } = [];

    public bool IsDiskFull { get; set; }

    public string SpoolDirectory => Path.Combine(_folder.Path, $"spool{_crashes}");

    public bool HasSpool => Directory.Exists(SpoolDirectory) && Directory.EnumerateFiles(SpoolDirectory, "inputs-*").Any();

    /// <summary>The machine as a process that is killed now leaves it: files as they are, locks gone, memory lost.</summary>
    public void Crash()
    {
        var left = SpoolDirectory;
        _crashes++;
        Broker.Abandon();
        if (!Directory.Exists(left)) return;
        Directory.CreateDirectory(SpoolDirectory);
        foreach (var file in Directory.EnumerateFiles(left, "*.jsonl")) File.Copy(file, Path.Combine(SpoolDirectory, Path.GetFileName(file)));
    }

    public SpoolingJournal Open() => OpenAsync().GetAwaiter().GetResult();

    public Task<SpoolingJournal> OpenAsync() => SpoolingJournal.OpenAsync(
        new()
        {
            OpenPrimary = Broker.Open, Spool = new() { Directory = SpoolDirectory }, ReadSpool = directory => new SegmentJournalReader(directory),
            OnStatus = Told.Add, Time = Time,
        },
        directory => SegmentJournalWriter.Open(new() { Directory = directory }, path => IsDiskFull
            ? throw new IOException("No space left on device")
            : new Disk(new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), () => IsDiskFull)));

    public SpooledJournalReader OpenReader() => new(Broker.OpenReader(), SpoolDirectory);

    public void Dispose()
    {
        Broker.Dispose();
        _folder.Dispose();
    }

    private sealed class Disk(FileStream file, Func<bool> isFull) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (isFull()) throw new IOException("No space left on device");
            file.Write(buffer);
        }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void SetLength(long value) => file.SetLength(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
