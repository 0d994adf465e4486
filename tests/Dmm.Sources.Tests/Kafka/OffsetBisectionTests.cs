using CsCheck;
using Dmm.Core;
using Dmm.Sources.Kafka;

namespace Dmm.Sources.Tests.Kafka;

public sealed class OffsetBisectionTests
{
    /// <summary>Records as a broker has them after compaction: offsets and times rise, with gaps, and times may repeat.</summary>
    private static readonly Gen<(long Offset, Timestamp At)[]> Partitions = Gen.Select(Gen.Int[1, 5], Gen.Int[0, 3]).Array[0, 40].Select(steps =>
    {
        var (offset, at) = (steps.Length % 3 - 1L, 100L);
        return steps.Select(step => (offset += step.Item1, new Timestamp(at += step.Item2))).ToArray();
    });

    [Fact]
    public void AnyPartition_FindsWhatASearchOfAllRecordsFinds() => Gen.Select(Partitions, Gen.Int[95, 230], Gen.Int[0, 4]).Sample((records, time, gap) =>
    {
        var high = (records.Length == 0 ? 0 : records[^1].Offset + 1) + gap;
        var reads = 0;
        (long, Timestamp)? ReadFrom(long offset)
        {
            reads++;
            var left = records.Where(record => record.Offset >= offset).ToArray();
            return left.Length == 0 ? null : left[0];
        }

        var expected = records.Where(record => record.At >= new Timestamp(time)).Select(record => record.Offset).FirstOrDefault(high);
        OffsetBisection.Find(0, high, ReadFrom, new(time)).ShouldBe(expected);
        reads.ShouldBeLessThanOrEqualTo(9);
    });
}
