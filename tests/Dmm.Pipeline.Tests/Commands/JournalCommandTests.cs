using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Journal;
using Dmm.Sources.Journal;

namespace Dmm.Pipeline.Tests.Commands;

public sealed class JournalCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UntouchedJournal_IsIdentical()
    {
        var journal = await Recorded();

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain($"identical, {Decisions(journal).Count} decisions");
        (await CommandRun.Of("replay", "--journal", journal)).Output.ShouldNotContain("identical");
    }

    [Fact]
    public async Task ChangedDecision_IsShownBesideTheDerivedOne()
    {
        var journal = Rewritten(await Recorded(), static record => record, decisions =>
            [.. decisions.Select(d => d.Body is BreakerState breaker ? d with { Body = breaker with { Threshold = breaker.Threshold + 1 } } : d)]);

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("not identical: ");
        run.Output.ShouldContain("  recorded  ");
        run.Output.ShouldContain("  derived   ");
        run.Output.ShouldContain("^");
    }

    [Fact]
    public async Task ChangedInput_IsFound()
    {
        var journal = Rewritten(await Recorded(), Dearer, static decisions => decisions);

        (await CommandRun.Of("replay", "--journal", journal, "--verify")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task FlippedByte_IsNamedWithItsPlace()
    {
        var journal = await Recorded();
        var file = Directory.GetFiles(journal, "decisions-*.jsonl").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain($"{Path.GetFileName(file)}:1");
    }

    [Fact]
    public async Task DecisionsLostInACrash_AreCounted()
    {
        var journal = Rewritten(await Recorded(), static record => record, decisions => [.. decisions.Take(decisions.Count - 2)]);

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("2 of them lie beyond the end of the decision journal");
    }

    [Fact]
    public async Task DecisionThatNobodyMade_IsADivergence()
    {
        var journal =
            Rewritten(await Recorded(), static record => record, decisions =>
                [.. decisions, decisions[^1] with { Number = decisions[^1].Number + 1 }]);

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("(none)");
    }

    [Fact]
    public async Task OtherPlatform_IsSaid()
    {
        var journal =
            Rewritten(await Recorded(), record => record.Header is { } header ? new(header with { Platform = "abacus" }) : record, static decisions =>
                decisions);

        var run = await CommandRun.Of("replay", "--journal", journal, "--verify");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("recorded on abacus, replayed on ");
    }

    [Fact]
    public async Task Explain_TellsEveryTermAndEveryControl()
    {
        var run = await CommandRun.Of("explain", "--journal", await Recorded(), "--seq", "12");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Input 12, ");
        foreach (var term in (string[])["reservation shift r − S", "risk part of δ", "arrival part of δ", "half-spread δ", "skew b",
            "floor of the full spread", "best ask from S"])
            run.Output.ShouldContain(term);
        foreach (var control in Enum.GetNames<BreakerKind>()) run.Output.ShouldContain(control);
        run.Output.ShouldContain("volatility is warming up");
    }

    [Fact]
    public async Task ExplainAsJson_AddsUpToTheHalfSpread()
    {
        var quote = (await CommandRun.Of("explain", "--journal", await Recorded(), "--seq", "14", "--json")).Json.GetProperty("quotes")[0];
        var terms = quote.GetProperty("terms").EnumerateArray()
            .ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("value").GetDouble());

        ((terms["risk part of δ"] + terms["arrival part of δ"]) * terms["toxic flow"] * terms["breakers"] - terms["cut by the cap"])
            .ShouldBe(terms["half-spread δ"], 1e-6);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100000")]
    public async Task ExplainOutsideTheJournal_IsBadInput(string sequence)
    {
        var run = await CommandRun.Of("explain", "--journal", await Recorded(), "--seq", sequence);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"input {sequence} is not in the journal");
    }

    private async Task<string> Recorded()
    {
        var capture = _folder.WriteGzip("small.gz", SmallCapture.Lines());
        var run = await CommandRun.Of(
            "replay", "--capture", capture, "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--log", _folder["run.log"], "--out", _folder["out"]);
        run.ExitCode.ShouldBe(0, run.Error);
        return _folder["out/journal"];
    }

    private static IReadOnlyList<Decision> Decisions(string journal) => [.. new SegmentJournalReader(journal).DecisionsFrom(1)];

    /// <summary>The same journal with something else in it, all checksums right.</summary>
    private string Rewritten(string journal, Func<JournalRecord, JournalRecord> record,
        Func<IReadOnlyList<Decision>, IReadOnlyList<Decision>> decisions)
    {
        var copy = _folder["rewritten"];
        using var writer = SegmentJournalWriter.Open(new SegmentJournalOptions { Directory = copy });
        foreach (var entry in new SegmentJournalReader(journal).InputsFrom(0L).Select(record))
        {
            switch (entry.Kind)
            {
                case JournalRecordKind.Run:
                    writer.BeginRun(entry.Header!);
                    break;
                case JournalRecordKind.Clock:
                    writer.AppendClock(entry.Stamp.At);
                    break;
                default:
                    writer.Append(entry.Stamp, entry.Input, entry.Origin);
                    break;
            }
        }

        foreach (var decision in decisions(Decisions(journal))) writer.Append(decision);
        return copy;
    }

    /// <summary>One tick up in every snapshot: the fair value of each quote differs.</summary>
    private static JournalRecord Dearer(JournalRecord record)
    {
        if (record.Kind != JournalRecordKind.Input || record.Input.Kind != InputKind.Book || !record.Input.Book.IsSnapshot) return record;
        var book = record.Input.Book;
        return new(record.Stamp,
            new Input(book with { Levels = book.Levels.ToArray().Select(l => l with { PriceTicks = l.PriceTicks + 1 }).ToArray() }), record.Origin);
    }
}
