using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>Segment files of the usual size.</summary>
public sealed class SegmentJournalContract : JournalContract
{
    protected override IJournalUnderTest NewJournal() => new Segments(options => options);

    [Fact]
    public void MarketData_IsAppendedWithoutAllocation()
    {
        using var journal = NewJournal();
        using var writer = journal.OpenWriter();
        writer.BeginRun(JournalSamples.Header());
        Input[] inputs = [new(JournalSamples.Book(20)), new(JournalSamples.Top), new(JournalSamples.Trade)];
        Allocations.PerItem(i => writer.Append(Next(writer), inputs[i % 3], InputOrigin.Outside), items: 5_000).ShouldBe(0);
    }

    internal sealed class Segments(Func<SegmentJournalOptions, SegmentJournalOptions> set) : IJournalUnderTest
    {
        private readonly JournalFolder _folder = new();

        public IJournalWriter OpenWriter() => SegmentJournalWriter.Open(set(new() { Directory = _folder.Path }));

        public IJournalReader OpenReader() => new SegmentJournalReader(_folder.Path);

        public void Dispose() => _folder.Dispose();
    }
}

/// <summary>Segments that hold a record or two, so that everything happens over their borders.</summary>
public sealed class RollingSegmentJournalContract : JournalContract
{
    protected override IJournalUnderTest NewJournal() => new SegmentJournalContract.Segments(options => options with { SegmentBytes = 300 });
}

/// <summary>Every flush waits for the disk.</summary>
public sealed class DurableSegmentJournalContract : JournalContract
{
    protected override int Scripts => 5;

    protected override IJournalUnderTest NewJournal() =>
        new SegmentJournalContract.Segments(options => options with { Durability = JournalDurability.PowerLoss });
}

/// <summary>A folder of its own for a test.</summary>
internal sealed class JournalFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dmm-journal-").FullName;

    public string[] Files(string prefix) => [.. Directory.GetFiles(Path, prefix + "*").Order(StringComparer.Ordinal)];

    public JournalFolder Copy()
    {
        var copy = new JournalFolder();
        foreach (var file in Directory.GetFiles(Path)) File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
