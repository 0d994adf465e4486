using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Sinks.Tests.Archive;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>A story cut into batches in ways that a follower may cut it.</summary>
internal static class Cuts
{
    /// <summary>The journal's records, each in a batch of its own.</summary>
    public static ImmutableArray<FollowBatch> Single(StoryJournal story)
    {
        var collected = new CollectingArchive();
        story.Follow(collected).CatchUp(isClosed: true);
        var batches = ImmutableArray.CreateBuilder<FollowBatch>();
        foreach (var whole in collected.Batches)
        {
            var (reached, run) = (whole.From, whole.Run);
            foreach (var record in whole.Records)
            {
                if (!record.IsDecision && record.Journal.Header is { } header) run = header;
                var next = record.IsDecision ? reached with { Decision = record.Decision.Number }
                    : record.Journal.Header is { } begun ? reached with { Run = begun.Run }
                    : reached with { Sequence = record.Journal.Stamp.Sequence };
                batches.Add(whole with { Run = run, From = reached, To = next, Records = [record] });
                reached = next;
            }

            // Market data at the end is in no batch, and counts all the same.
            batches[^1] = batches[^1] with { To = whole.To };
        }

        return batches.ToImmutable();
    }

    public static FollowBatch Joined(ReadOnlySpan<FollowBatch> batches)
    {
        var records = ImmutableArray.CreateBuilder<FollowedRecord>();
        foreach (var batch in batches) records.AddRange(batch.Records);
        return batches[0] with { To = batches[^1].To, Records = records.ToImmutable() };
    }
}
