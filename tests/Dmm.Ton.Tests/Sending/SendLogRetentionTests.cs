using CsCheck;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>What a log may forget, and what it never does.</summary>
public sealed class SendLogRetentionTests
{
    private const uint Now = 1_750_000_000;

    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));

    private static readonly SendLogRetention Retention = new() { EndedMin = 2, EndedMax = 4, Seconds = 1_000, SlackSeconds = 100 };

    [Fact]
    public void OldIntents_AreForgottenWhole_AndTheLastAreKept()
    {
        var records = Enumerable.Range(0, 5).SelectMany(i => Traced($"t{i}", (uint)i, Now + (uint)i, Now + (uint)i + 60)).ToList();
        Retention.Keep(records).ShouldBeSameAs(records, "nothing proves that their time is over");
        records.AddRange(Traced("late", 5, Now + 2_000, Now + 2_000));
        // The chain was at 1900 at least: those of 0 to 4 are out of time since more than a thousand.
        Ids(Retention.Keep(records)).ShouldBe(["t4", "late"]);
        Ids((Retention with { EndedMin = 4 }).Keep(records)).ShouldBe(["t2", "t3", "t4", "late"]);
        Ids((Retention with { Seconds = 1_897 }).Keep(records)).ShouldBe(["t3", "t4", "late"], "since 1900, 1899 and 1898");
        Ids((Retention with { Seconds = 1_897, EndedMax = 2 }).Keep(records)).ShouldBe(["t4", "late"]);
    }

    [Fact]
    public void IntentWhoseDeadlineMayLieAhead_IsNeverForgotten()
    {
        List<SendRecord> records = [.. Ended("soon", Now + 1_901), .. Ended("past", Now + 1_899)];
        for (var i = 0U; i < 9; i++) records.AddRange(Traced($"t{i}", i, Now + 2_000, Now + 2_000));
        var kept = Ids((Retention with { Seconds = 0 }).Keep(records));
        kept[0].ShouldBe("soon");
        kept.ShouldNotContain("past");
    }

    [Fact]
    public void IntentOfTheLastNumber_IsNeverForgotten_HoweverOld()
    {
        List<SendRecord> records = [.. Traced("last", 7, Now, Now + 60)];
        for (var i = 0; i < 9; i++) records.AddRange(Expired($"e{i}", 8, Now + 9_000, Now + 9_000));
        var kept = Retention.Keep(records);
        Ids(kept)[0].ShouldBe("last");
        Fold(kept).SeqnoMin.ShouldBe(8u);
    }

    [Fact]
    public void IntentsThatHaveNotEnded_AreNeverForgotten()
    {
        List<SendRecord> records = [new SendRecord.Accepted(Intent("open", Now)), Signed("open", 0, Now + 9_000)];
        records.AddRange(Ended("waiting", Now)[..1]);
        Retention.Keep(records).ShouldBeSameAs(records);
    }

    [Fact]
    public void AnyLog_IsTheSameSenderAfterwards_ButForWhatIsOutOfTime() => Gen.Select(
        Gen.Int[0, 2].Array[0, 40], Gen.UInt[0, 3_000].Array[40], Gen.Int[0, 3], Gen.Int[0, 6], Gen.UInt[0, 500]).Sample(
        (ends, deadlines, least, most, seconds) =>
        {
            var retention = new SendLogRetention { EndedMin = least, EndedMax = least + most, Seconds = seconds, SlackSeconds = 100 };
            var (records, seqno) = (new List<SendRecord>(), 0u);
            for (var i = 0; i < ends.Length; i++)
            {
                var (id, deadline, until) = ($"i{i}", Now + deadlines[i], Now + (uint)(50 * i));
                records.AddRange(ends[i] switch
                {
                    0 => Traced(id, seqno++, deadline, until), 1 => Expired(id, seqno, deadline, until), _ => Ended(id, deadline),
                });
            }

            var kept = retention.Keep(records);
            var (before, after) = (Fold(records), Fold(kept));
            (after.SeqnoMin, after.Flight, after.Queue.Length).ShouldBe((before.SeqnoMin, before.Flight, before.Queue.Length));
            after.Ended.ShouldAllBe(e => before.Ended[e.Key] == e.Value);
            var chain = records.OfType<SendRecord.Signed>().Select(s => s.Attempt.ValidUntil).DefaultIfEmpty().Max() - 100L;
            foreach (var id in before.Ended.Keys.Except(after.Ended.Keys))
                ((long)Deadline(records, id)).ShouldBeLessThan(chain, "it could still be spent");
            // The bound.
            kept.OfType<SendRecord.Ended>().Count(e => Deadline(records, e.IntentId) < chain).ShouldBeLessThanOrEqualTo(least + most + 1);
            retention.Keep(kept).Count.ShouldBe(kept.Count, "once more there is nothing to forget");
        }, iter: 2_000);

    private static uint Deadline(IEnumerable<SendRecord> records, string id) =>
        records.OfType<SendRecord.Accepted>().Single(a => a.IntentId == id).Intent.Deadline;

    private static SenderState Fold(IEnumerable<SendRecord> records) => records.Aggregate(SenderState.Initial, (state, r) => state.With(r));

    private static string[] Ids(IEnumerable<SendRecord> records) => [.. records.OfType<SendRecord.Ended>().Select(e => e.IntentId)];

    private static SendRecord[] Traced(string id, uint seqno, uint deadline, uint until) =>
        [new SendRecord.Accepted(Intent(id, deadline)), Signed(id, seqno, until), End(id, SendEnd.Traced)];

    private static SendRecord[] Expired(string id, uint seqno, uint deadline, uint until) =>
        [new SendRecord.Accepted(Intent(id, deadline)), Signed(id, seqno, until), End(id, SendEnd.Expired)];

    private static SendRecord[] Ended(string id, uint deadline) => [new SendRecord.Accepted(Intent(id, deadline)), End(id, SendEnd.Refused)];

    private static SendRecord.Signed Signed(string id, uint seqno, uint until) => new(id, new(seqno, until, Bob.Account, new byte[] { 1 }));

    private static SendRecord.Ended End(string id, SendEnd end) => new(id, new(end, null, ""));

    private static SpendIntent Intent(string id, uint deadline) => new(id, [new(new InternalMessage(Bob, 1, Cell.Empty))], deadline);
}
