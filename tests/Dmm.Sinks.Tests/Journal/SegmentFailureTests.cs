using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>A disk that fails: told as a failure that quoting can halt on, and survived without a lost or doubled record.</summary>
public sealed class SegmentFailureTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly Disk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(700)]
    public void DiskFullAfterSomeBytes_ThenRoomAgain_EveryRecordIsThereOnce(int bytesTaken)
    {
        using (var writer = Open())
        {
            writer.BeginRun(JournalSamples.Header());
            writer.Flush();
            _disk.Room = bytesTaken;
            for (var i = 1; i <= 5; i++) Append(writer);
            var full = Should.Throw<JournalException>(writer.Flush);
            full.Fault.ShouldBe(JournalFault.Unwritable);
            full.Message.ShouldBe($"{_folder.Files("inputs")[0]}: cannot be written: No space left on device");
            _disk.Room = bytesTaken;
            Should.Throw<JournalException>(writer.Flush).Fault.ShouldBe(JournalFault.Unwritable);
            _disk.Room = long.MaxValue;
            Append(writer);
            writer.Flush();
        }

        new SegmentJournalReader(_folder.Path).Inputs(1).Select(r => r.Stamp.Sequence).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void DiskFullForLong_RecordsAreRefusedOnceTheMemoryForThemIsUsedUp()
    {
        using (var writer = Open())
        {
            writer.BeginRun(JournalSamples.Header());
            _disk.Room = 0;
            var refused = Should.Throw<JournalException>(() =>
            {
                for (var i = 0; i < 10_000; i++) Append(writer);
            });
            refused.Fault.ShouldBe(JournalFault.Unwritable);
            var taken = writer.Position.Sequence;
            taken.ShouldBeInRange(500, 5_000);
            Should.Throw<JournalException>(() => Append(writer));
            writer.Position.Sequence.ShouldBe(taken);
            _disk.Room = long.MaxValue;
            Append(writer);
            writer.Position.Sequence.ShouldBe(taken + 1);
        }

        var sequences = new SegmentJournalReader(_folder.Path).Inputs(1).Skip(1).Select(r => r.Stamp.Sequence).ToArray();
        sequences.ShouldBe(Enumerable.Range(1, sequences.Length).Select(i => (long)i));
    }

    [Fact]
    public void NextSegmentCannotBeMade_TheRecordIsRefusedAndTakenLater()
    {
        using (var writer = Open(segmentBytes: 1))
        {
            writer.BeginRun(JournalSamples.Header());
            Append(writer);
            _disk.CanCreate = false;
            Should.Throw<JournalException>(() => Append(writer)).Fault.ShouldBe(JournalFault.Unwritable);
            Should.Throw<JournalException>(() => writer.BeginRun(JournalSamples.Header(2, 2, 1, writer.Position.ReachedAt)))
                .Fault.ShouldBe(JournalFault.Unwritable);
            writer.Position.Sequence.ShouldBe(1);
            _disk.CanCreate = true;
            Append(writer);
        }

        new SegmentJournalReader(_folder.Path).Inputs(1).Count().ShouldBe(3);
    }

    [Fact]
    public void InputsCannotBeWritten_NoDecisionGetsAheadOfThem()
    {
        var writer = Open();
        writer.BeginRun(JournalSamples.Header());
        writer.Append(new Decision(1, new(0, null, JournalSamples.Start), JournalSamples.DecisionBodies[6]));
        writer.Flush();
        var before = new FileInfo(_folder.Files("decisions")[0]).Length;
        Append(writer);
        writer.Append(new Decision(2, new(1, null, JournalSamples.Start), JournalSamples.DecisionBodies[6]));
        _disk.Room = 0;
        Should.Throw<JournalException>(writer.Flush);
        new FileInfo(_folder.Files("decisions")[0]).Length.ShouldBe(before);
        Should.Throw<JournalException>(writer.Dispose).Fault.ShouldBe(JournalFault.Unwritable);
        _disk.Room = long.MaxValue;

        // Disposed all the same: the folder is free.
        using var next = Open();
        next.Position.ShouldBe(new(1, 0, JournalSamples.Start, 1));
    }

    [Fact]
    public void DiskThatDoesNotConfirm_IsNotWrittenToAgain()
    {
        var writer = Open(durability: JournalDurability.PowerLoss);
        writer.BeginRun(JournalSamples.Header());
        _disk.Confirms = false;
        Should.Throw<JournalException>(writer.Flush)
            .Reason.ShouldBe("the disk did not confirm what was written (Input/output error): restart, to find out what it holds");
        _disk.Confirms = true;
        Should.Throw<JournalException>(writer.Flush).Fault.ShouldBe(JournalFault.Unwritable);
        Should.Throw<JournalException>(writer.Dispose).Fault.ShouldBe(JournalFault.Unwritable);
    }

    [Fact]
    public void FolderThatCannotBeMade_IsUnwritable()
    {
        var file = Path.Combine(_folder.Path, "a-file");
        File.WriteAllText(file, "");
        Should.Throw<JournalException>(() => SegmentJournalWriter.Open(new() { Directory = file })).Fault.ShouldBe(JournalFault.Unwritable);
    }

    private SegmentJournalWriter Open(long segmentBytes = 1 << 20, JournalDurability durability = JournalDurability.ProcessCrash) =>
        SegmentJournalWriter.Open(new() { Directory = _folder.Path, SegmentBytes = segmentBytes, Durability = durability }, _disk.Create);

    private static void Append(SegmentJournalWriter writer) => writer.Append(
        new Stamp(writer.Position.Sequence + 1, writer.Position.ReachedAt + TimeSpan.FromMilliseconds(1)), new(JournalSamples.Trade),
            InputOrigin.Outside);

    private sealed class Disk
    {
        public long Room { get; set; } = long.MaxValue;

        public bool CanCreate { get; set; } = true;

        public bool Confirms { get; set; } = true;

        public Stream Create(string path) =>
            CanCreate ? new File(this, path) : throw new IOException("No space left on device");

        private sealed class File(Disk disk, string path) : FileStreamFake(path)
        {
            public override void Write(ReadOnlySpan<byte> buffer)
            {
                var taken = (int)Math.Min(disk.Room, buffer.Length);
                Inner.Write(buffer[..taken]);
                disk.Room -= taken;
                if (taken < buffer.Length) throw new IOException("No space left on device");
            }

            public override void Flush()
            {
                if (!disk.Confirms) throw new IOException("Input/output error");
            }
        }
    }

    /// <summary>A real file behind a stream whose writing can be replaced.</summary>
    private abstract class FileStreamFake(string path) : Stream
    {
        protected FileStream Inner { get; } = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => Inner.Length;

        public override long Position
        {
            get => Inner.Position;
            set => Inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => Inner.Seek(offset, origin);

        public override void SetLength(long value) => Inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing) Inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
