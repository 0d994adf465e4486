using System.Text;
using Dmm.Core.Ports;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;
using Dmm.Testing.Servers;
using Dmm.Wire.Bus;
using static Dmm.Sinks.Tests.Journal.KafkaFenceTests;

namespace Dmm.Sinks.Tests.Journal;

/// <summary>Finding places in a log of which the beginning may be gone, and what must not be believed of it.</summary>
public sealed class KafkaJournalReaderTests(KafkaCluster kafka) : IClassFixture<KafkaCluster>
{
    private readonly KafkaJournals _journals = new(kafka);
    private KafkaJournalTopics? _last;

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void NarrowWindow_EveryRunAndNumberIsFoundByHalving(int window)
    {
        var topics = _journals.Next();
        using var writer = KafkaJournals.Open(topics, 1);
        for (var run = 1; run <= 5; run++)
        {
            Begin(writer);
            Append(writer, 20);
        }

        writer.Flush();
        using var reader = new KafkaJournalReader(topics, window);
        reader.Runs().Select(run => run.NextSequence).ShouldBe([1, 21, 41, 61, 81]);
        foreach (var run in new[] { 5, 1, 3 })
        {
            reader.Inputs(run).Count().ShouldBe(21);
            reader.Decisions(run).Select(decision => decision.Number).ShouldBe(Enumerable.Range(run * 20 - 19, 20).Select(n => (long)n));
        }

        foreach (var sequence in new[] { 99, 1, 50, 19 })
        {
            var first = reader.InputsFrom(sequence).First();
            first.Stamp.Sequence.ShouldBe(sequence);
            reader.InputsFrom(first.Stamp.At).First().Stamp.ShouldBe(first.Stamp);
            reader.RunAt(first.Stamp.At).ShouldBe((sequence - 1) / 20 + 1);
            reader.DecisionsFrom(sequence).First().Number.ShouldBe(sequence);
        }
    }

    [Fact]
    public void ReadAgainAndAgain_NeverStandsStill()
    {
        var topics = _journals.Next();
        using (var writer = KafkaJournals.Open(topics, 1))
        {
            KafkaFenceTests.Begin(writer);
            KafkaFenceTests.Append(writer, 3);
            writer.Flush();
        }

        // Ends at a claim and begins elsewhere, a hundred times.
        using var reader = new KafkaJournalReader(topics);
        for (var i = 0; i < 100; i++) reader.Decisions(1).Count().ShouldBe(3);
    }

    [Fact]
    public async Task RetentionCutsIntoARun_TheJournalBeginsWithTheNext()
    {
        kafka.SkipUnlessBreakable();
        var topics = ThreeRuns();
        // The claim, the header of run 1 and its first two inputs; a header is sent together with the input behind it.
        await kafka.Truncate(topics.Journal, 0, before: 4);
        using var reader = new KafkaJournalReader(topics);
        reader.Runs().Select(run => run.Run).ShouldBe([2, 3]);
        reader.InputsFrom(Core.Timestamp.None).Select(Number).First().ShouldBe("run 2");
        reader.InputsFrom(5).Select(Number).ShouldBe(["5", "6", "7", "8", "run 3", "9", "10", "11", "12"]);
        reader.RunAt(JournalSamples.Start).ShouldBeNull();
        Should.Throw<JournalException>(() => reader.InputsFrom(3)).Reason.ShouldBe("input 3 is not in the journal, which begins with input 5");
        Should.Throw<JournalException>(() => reader.Inputs(1)).Reason.ShouldBe("run 1 is not in the journal, which holds runs 2 to 3");
    }

    [Fact]
    public async Task RetentionTakesTheHeaderOfTheLastRun_ItIsNotTakenForAnEmptyJournal()
    {
        kafka.SkipUnlessBreakable();
        var topics = ThreeRuns();
        using var reader = new KafkaJournalReader(topics);
        reader.HasLostItsRuns.ShouldBeFalse();
        // All but the last two inputs of run 3.
        await kafka.Truncate(topics.Journal, 0, before: 14);
        reader.Runs().ShouldBeEmpty();
        reader.HasLostItsRuns.ShouldBeTrue();
        using var never = new KafkaJournalReader(topics with { Asset = "NEVER" });
        never.HasLostItsRuns.ShouldBeFalse();
    }

    [Fact]
    public async Task RetentionRemovesWhatWasNotAskedFor_WhileReadingBegins_NothingIsMissed()
    {
        kafka.SkipUnlessBreakable();
        using var reader = new KafkaJournalReader(ThreeRuns());
        // Found where they are, but not read yet: reading begins with what lies before.
        var (inputs, decisions) = (reader.InputsFrom(7), reader.DecisionsFrom(7));
        await kafka.Truncate(_last!.Journal, 0, before: 4);
        inputs.Select(Number).ShouldBe(["7", "8", "run 3", "9", "10", "11", "12"]);
        decisions.Select(decision => decision.Number).ShouldBe([7, 8, 9, 10, 11, 12]);
    }

    [Fact]
    public async Task RetentionRemovesWhatWasAskedFor_BeforeItIsRead_ItIsNamed()
    {
        kafka.SkipUnlessBreakable();
        using var reader = new KafkaJournalReader(ThreeRuns());
        var inputs = reader.InputsFrom(3);
        await kafka.Truncate(_last!.Journal, 0, before: 4);
        Should.Throw<JournalException>(() => inputs.Count()).Reason.ShouldBe("input 3 is not in the journal, which begins with input 5");
    }

    [Fact]
    public async Task RetentionOvertakesAReader_WhatIsMissingIsNamed()
    {
        kafka.SkipUnlessBreakable();
        using var reader = new KafkaJournalReader(ThreeRuns());
        using var inputs = reader.InputsFrom(Core.Timestamp.None).GetEnumerator();
        inputs.MoveNext().ShouldBeTrue();
        // Another reading in between, so that nothing fetched ahead is left.
        reader.InputsFrom(12).Count().ShouldBe(1);
        await kafka.Truncate(_last!.Journal, 0, before: 4);
        var missing = Should.Throw<JournalException>(() => inputs.MoveNext());
        missing.Fault.ShouldBe(JournalFault.Disorder);
        missing.Reason.ShouldStartWith($"what follows run 1 is missing: {_last.Journal}[0]@2 was removed before it was read");
    }

    [Fact]
    public void DamagedRecordAndGap_AreNamedWithTopicPartitionAndOffset()
    {
        Fault("{\"v\":1,\"kind\":\"clock\",\"seq\":2}").ShouldBe((JournalFault.Corrupt, "the checksum does not match the 30 bytes of the line"));
        var lines = Lines(new(1, 2, JournalSamples.Start + TimeSpan.FromSeconds(1), 0), 1);
        Fault(Encoding.UTF8.GetString(lines.Single().Line)).ShouldBe((JournalFault.Disorder, "input 2 is missing, between 1 and 3"));

        (JournalFault, string) Fault(string line)
        {
            var topics = _journals.Next();
            using var writer = KafkaJournals.Open(topics, 1);
            Begin(writer);
            Append(writer, 1);
            writer.Flush();
            var offset = Send(topics, 1, 1, [(Encoding.UTF8.GetBytes(line), JournalSamples.Start)]);
            using var reader = new KafkaJournalReader(topics);
            var fault = Should.Throw<JournalException>(() => reader.InputsFrom(0).Count());
            fault.Place.ShouldBe($"{topics.Journal}[{offset.Partition.Value}]@{offset.Offset.Value}");
            return (fault.Fault, fault.Reason);
        }
    }

    /// <summary>Of four inputs and decisions each; the mock removes whole batches, so each has its own.</summary>
    private KafkaJournalTopics ThreeRuns()
    {
        _last = new KafkaJournals(kafka).Next();
        using var writer = KafkaJournals.Open(_last, 1);
        for (var run = 1; run <= 3; run++)
        {
            Begin(writer);
            for (var i = 0; i < 4; i++)
            {
                Append(writer, 1);
                writer.Flush();
            }
        }

        return _last;
    }
}
