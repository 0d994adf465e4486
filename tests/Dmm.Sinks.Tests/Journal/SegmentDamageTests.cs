using System.Numerics;
using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Journal;

public sealed class SegmentDamageTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TornInput_AtEveryByteOfTheLastRecord_IsCutAndReported()
    {
        Write(inputs: 3, decisions: 2, cause: 1);
        var name = Path.GetFileName(_folder.Files("inputs")[0]);
        var whole = File.ReadAllBytes(_folder.Files("inputs")[0]);
        var start = whole.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1;
        for (var length = start; length < whole.Length; length++)
        {
            using var copy = _folder.Copy();
            var file = Path.Combine(copy.Path, name);
            File.WriteAllBytes(file, whole[..length]);
            new SegmentJournalReader(copy.Path).Inputs(1).Count().ShouldBe(3);
            using (var writer = Open(copy))
            {
                writer.TornTails.ShouldBe(length == start ? [] : [new(file, 4, length - start)]);
                writer.Position.ShouldBe(new(1, 2, JournalSamples.Start + TimeSpan.FromSeconds(2), 2));
                writer.BeginRun(JournalSamples.Header(2, 3, 3, writer.Position.ReachedAt));
            }

            new SegmentJournalReader(copy.Path).InputsFrom(0).Count().ShouldBe(4);
        }
    }

    [Fact]
    public void TornDecision_AtEveryByteOfTheLastRecord_IsCutAndReported()
    {
        Write(inputs: 3, decisions: 2);
        var name = Path.GetFileName(_folder.Files("decisions")[0]);
        var whole = File.ReadAllBytes(_folder.Files("decisions")[0]);
        var start = whole.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1;
        for (var length = start; length < whole.Length; length++)
        {
            using var copy = _folder.Copy();
            var file = Path.Combine(copy.Path, name);
            File.WriteAllBytes(file, whole[..length]);
            new SegmentJournalReader(copy.Path).Decisions(1).Count().ShouldBe(1);
            using var writer = Open(copy);
            writer.TornTails.ShouldBe(length == start ? [] : [new(file, 2, length - start)]);
            writer.Position.Decision.ShouldBe(1);
        }
    }

    [Fact]
    public void LastRecordDamagedButWholeInLength_IsCutAndReported()
    {
        Write(inputs: 3, decisions: 0);
        var file = _folder.Files("inputs")[0];
        var bytes = File.ReadAllBytes(file);
        var start = bytes.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1;
        bytes[start + 40] ^= 1;
        File.WriteAllBytes(file, bytes);
        new SegmentJournalReader(_folder.Path).Inputs(1).Count().ShouldBe(3);
        using var writer = Open(_folder);
        writer.TornTails.ShouldBe([new(file, 4, bytes.Length - start)]);
    }

    [Fact]
    public void HeaderTornByACrashAtTheStartOfARun_IsRemovedAndTheRunBeforeStays()
    {
        Write(inputs: 3, decisions: 2);
        using (var writer = Open(_folder)) writer.BeginRun(JournalSamples.Header(2, 4, 3, writer.Position.ReachedAt));
        var file = _folder.Files("inputs")[1];
        foreach (var length in new[] { 0, 1, 500, (int)new FileInfo(file).Length - 1 })
        {
            using var copy = _folder.Copy();
            var torn = Path.Combine(copy.Path, Path.GetFileName(file));
            File.WriteAllBytes(torn, File.ReadAllBytes(file)[..length]);
            var reader = new SegmentJournalReader(copy.Path);
            reader.Runs().Select(r => r.Run).ShouldBe([1]);
            reader.RunAt(JournalSamples.Start + TimeSpan.FromDays(1)).ShouldBe(1);
            reader.InputsFrom(0).Count().ShouldBe(4);
            using var writer = Open(copy);
            writer.TornTails.ShouldBe([new(torn, 1, length)]);
            writer.Position.ShouldBe(new(1, 3, JournalSamples.Start + TimeSpan.FromSeconds(3), 2));
            File.Exists(torn).ShouldBeFalse();
            writer.BeginRun(JournalSamples.Header(2, 4, 3, writer.Position.ReachedAt));
        }
    }

    [Fact]
    public void AnyByteOfAMiddleRecordChanged_StopsWriterAndReaderWithFileAndLine()
    {
        Write(inputs: 4, decisions: 0);
        var file = _folder.Files("inputs")[0];
        var bytes = File.ReadAllBytes(file);
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var start = Encoding.UTF8.GetByteCount(lines[0]) + Encoding.UTF8.GetByteCount(lines[1]) + 2;
        for (var i = start; i <= start + Encoding.UTF8.GetByteCount(lines[2]); i++)
        {
            bytes[i] ^= 8;
            File.WriteAllBytes(file, bytes);
            bytes[i] ^= 8;
            Should.Throw<JournalException>(() => Open(_folder)).ShouldSatisfyAllConditions(
                e => e.Fault.ShouldBe(JournalFault.Corrupt), e => e.Place.ShouldBe($"{file}:3"), e =>
                    e.Message.ShouldStartWith($"{file}:3: the checksum does not match"));
            Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count()).Place.ShouldBe($"{file}:3");
        }
    }

    [Fact]
    public void OldSegmentCutShort_StopsTheReaderWithFileAndLine()
    {
        Write(inputs: 6, decisions: 0, segmentBytes: 400);
        var file = _folder.Files("inputs")[2];
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);
        var failure = Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count());
        failure.Fault.ShouldBe(JournalFault.Corrupt);
        failure.Place.ShouldBe($"{file}:2");
        failure.Reason.ShouldEndWith("bytes of an unfinished line");
    }

    [Fact]
    public void SegmentMissingInTheMiddle_StopsTheReaderWithWhatIsMissing()
    {
        Write(inputs: 6, decisions: 0, segmentBytes: 400);
        var files = _folder.Files("inputs");
        files.Select(f => Path.GetFileName(f)).ShouldBe(
        [
            "inputs-00000001-0000000000000001.jsonl", "inputs-00000001-0000000000000002.jsonl", "inputs-00000001-0000000000000004.jsonl",
            "inputs-00000001-0000000000000006.jsonl",
        ]);
        File.Delete(files[2]);
        var failure = Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count());
        failure.Fault.ShouldBe(JournalFault.Disorder);
        failure.Message.ShouldBe($"{files[3]}:1: inputs 4 to 5 are missing, between 3 and 6");
    }

    [Fact]
    public void SegmentOfDecisionsMissing_StopsTheReaderWithWhatIsMissing()
    {
        Write(inputs: 2, decisions: 5, segmentBytes: 150);
        var files = _folder.Files("decisions");
        files.Length.ShouldBe(5);
        File.Delete(files[2]);
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Decisions(1).Count())
            .Message.ShouldBe($"{files[3]}:1: decision 3 is missing, between 2 and 4");
        File.Delete(files[0]);
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Decisions(1).Count())
            .Message.ShouldBe($"{files[1]}:1: decision 1 is missing, between 0 and 2");
        new SegmentJournalReader(_folder.Path).DecisionsFrom(4).Select(d => d.Number).ShouldBe([4, 5]);
    }

    [Fact]
    public void FirstSegmentOfARunMissing_IsNamed()
    {
        Write(inputs: 4, decisions: 0, segmentBytes: 400);
        var files = _folder.Files("inputs");
        File.Delete(files[0]);
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count()).Message
            .ShouldBe($"{files[1]}:1: run 1 begins without its header: its first segment is missing");
        Should.Throw<JournalException>(() => Open(_folder))
            .Message.ShouldBe($"{files[1]}:1: run 1 begins without its header: its first segment is missing");
    }

    [Fact]
    public void RunMissingInTheMiddle_IsNamed()
    {
        Write(inputs: 2, decisions: 0);
        using (var writer = Open(_folder))
        {
            writer.BeginRun(JournalSamples.Header(2, 3, 1, writer.Position.ReachedAt));
            writer.BeginRun(JournalSamples.Header(3, 3, 1, writer.Position.ReachedAt));
        }

        var files = _folder.Files("inputs");
        File.Delete(files[1]);
        var reader = new SegmentJournalReader(_folder.Path);
        Should.Throw<JournalException>(() => reader.Runs().Count()).Message.ShouldBe($"{files[2]}:1: run 2 is missing, between 1 and 3");
        Should.Throw<JournalException>(() => reader.InputsFrom(0).Count()).Message.ShouldBe($"{files[2]}:1: run 2 is missing, between 1 and 3");
    }

    [Fact]
    public void RunCopiedUnderAnotherName_IsNotBelieved()
    {
        Write(inputs: 2, decisions: 0);
        var file = _folder.Files("inputs")[0];
        var copy = Path.Combine(_folder.Path, "inputs-00000002-0000000000000003.jsonl");
        File.Copy(file, copy);
        Should.Throw<JournalException>(() => Open(_folder)).Message.ShouldBe($"{copy}:1: begins with run 1 and input 1, other than its name says");
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Runs().Count()).Message
            .ShouldBe($"{copy}:1: begins with run 1 and input 1, other than its name says");
    }

    [Fact]
    public void RunDoubledWithinItsSegment_IsNamed()
    {
        Write(inputs: 2, decisions: 0);
        var file = _folder.Files("inputs")[0];
        File.AppendAllText(file, File.ReadAllText(file));
        Should.Throw<JournalException>(() => Open(_folder)).Message.ShouldBe($"{file}:4: run 1 begins twice");
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count())
            .Message.ShouldBe($"{file}:4: run 1 begins twice");
    }

    [Theory]
    [InlineData("{\"v\":2,\"kind\":\"clock\",\"seq\":2,\"at\":\"2024-08-09T00:00:00.0000000Z\"", JournalFault.UnknownVersion,
        "written in schema version 2: this code knows version 1")]
    [InlineData("{\"v\":1,\"kind\":\"swap\",\"seq\":2,\"at\":\"2024-08-09T00:00:00.0000000Z\"", JournalFault.Corrupt, "unknown kind 'swap'")]
    [InlineData("{\"v\":1,\"kind\":\"clock\",\"seq\":2,\"at\":\"2024-08-08T00:00:00.0000000Z\"", JournalFault.Disorder,
        "time runs backwards: 2024-08-08T00:00:00.0000000Z after 2024-08-08T23:54:17.0303146Z was reached")]
    [InlineData("{\"v\":1,\"kind\":\"trade\",\"seq\":5,\"at\":\"2024-08-09T00:00:00.0000000Z\"", JournalFault.Disorder,
        "inputs 3 to 4 are missing, between 2 and 5")]
    public void LineThatCannotFollow_StopsWriterAndReaderWithFileAndLine(string line, JournalFault fault, string reason)
    {
        Write(inputs: 2, decisions: 0);
        var file = _folder.Files("inputs")[0];
        File.AppendAllText(file, Sealed(line) + "\n");
        var failure = Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count());
        (failure.Fault, failure.Message).ShouldBe((fault, $"{file}:4: {reason}"));
        failure = Should.Throw<JournalException>(() => Open(_folder));
        (failure.Fault, failure.Message).ShouldBe((fault, $"{file}:4: {reason}"));
    }

    [Fact]
    public void UnknownInstrument_IsNamedWithFileAndLine()
    {
        Write(inputs: 2, decisions: 0);
        var file = _folder.Files("inputs")[0];
        File.AppendAllText(file, Sealed("{\"v\":1,\"kind\":\"trade\",\"seq\":3,\"at\":\"2024-08-09T00:00:00.0000000Z\",\"ins\":\"okx:BTC\"") + "\n");
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Inputs(1).Count())
            .Message.ShouldStartWith($"{file}:4: unknown instrument 'okx:BTC'");
    }

    [Fact]
    public void DecisionsAheadOfTheInputs_AreRefused()
    {
        Write(inputs: 3, decisions: 2);
        var inputs = _folder.Files("inputs")[0];
        var decisions = _folder.Files("decisions")[0];
        File.WriteAllLines(inputs, File.ReadAllLines(inputs)[..^1]);
        Should.Throw<JournalException>(() => Open(_folder)).ShouldSatisfyAllConditions(
            e => e.Fault.ShouldBe(JournalFault.Disorder), e =>
                e.Message.ShouldStartWith($"{decisions}: decision 2 of run 1 names input 3, but the inputs end with run 1, input 2"));
        Should.Throw<JournalException>(() => new SegmentJournalReader(_folder.Path).Decisions(1).Count()).Message
            .ShouldBe($"{decisions}:1: decision 1 names input 3, but run 1 ends with input 2");
    }

    [Fact]
    public void FileWithAWrongName_IsNotIgnored()
    {
        Write(inputs: 1, decisions: 0);
        File.WriteAllText(Path.Combine(_folder.Path, "inputs-1-1.jsonl"), "");
        Should.Throw<JournalException>(() => Open(_folder))
            .Message.ShouldBe("inputs-1-1.jsonl: not a segment's name: expected inputs-00000001-0000000000000001.jsonl");
    }

    private void Write(int inputs, int decisions, long segmentBytes = 1 << 20, long? cause = null)
    {
        using var writer = SegmentJournalWriter.Open(new() { Directory = _folder.Path, SegmentBytes = segmentBytes });
        writer.BeginRun(JournalSamples.Header());
        for (var i = 1; i <= inputs; i++) writer.Append(new Stamp(i, JournalSamples.Start + TimeSpan.FromSeconds(i)), new(JournalSamples.Trade),
            InputOrigin.Outside);
        for (var i = 1; i <= decisions; i++) writer.Append(new Decision(i, new(cause ?? inputs, null, JournalSamples.Start),
            JournalSamples.DecisionBodies[6]));
    }

    private static SegmentJournalWriter Open(JournalFolder folder) => SegmentJournalWriter.Open(new() { Directory = folder.Path });

    private static string Sealed(string line) =>
        $"{line},\"crc\":\"{~Encoding.UTF8.GetBytes(line).Aggregate(uint.MaxValue, BitOperations.Crc32C):x8}\"}}";
}
