using System.Collections.Frozen;

namespace Dmm.Wire.Ton;

/// <summary>
/// Which ended intents a wallet's log may forget, so that it does not grow for ever. Two things are never forgotten: what could still be spent if
/// it were submitted again, because its deadline has not certainly passed; and the last number that is used up. Pure: the chain's time is what the
/// log itself proves of it.
/// </summary>
public sealed record SendLogRetention
{
    public static readonly SendLogRetention Ordinary = new();

    /// <summary>So many of the last that ended are kept in any case: whoever was not told an end asks again.</summary>
    public int EndedMin { get; init; } = 1_000;

    /// <summary>No more are kept than these and those whose deadline may lie ahead: about 60 MB.</summary>
    public int EndedMax { get; init; } = 20_000;

    /// <summary>Between the two, how long after its deadline an intent is known, s of the chain.</summary>
    public uint Seconds { get; init; } = 30 * 86_400;

    /// <summary>
    /// The chain was at least at a batch's last second less this when it was signed, s: the longest that a batch may live, and by how much a shard's
    /// clock may be behind.
    /// </summary>
    public uint SlackSeconds { get; init; } = 3_600 + 600;

    /// <summary>
    /// The same log without the intents that may be forgotten, each with all of its records: what is left has the order that a sender writes. The
    /// very same list where there are none.
    /// </summary>
    public IReadOnlyList<SendRecord> Keep(IReadOnlyList<SendRecord> records)
    {
        var forgotten = Forgotten(records);
        return forgotten.Count == 0 ? records : [.. records.Where(r => !forgotten.Contains(r.IntentId))];
    }

    private FrozenSet<string> Forgotten(IReadOnlyList<SendRecord> records)
    {
        var deadlines = new Dictionary<string, uint>(StringComparer.Ordinal);
        var numbers = new Dictionary<string, uint>(StringComparer.Ordinal);
        var ended = new List<string>();
        var (validUntil, numberMax, ofNumberMax) = (0L, -1L, "");
        foreach (var record in records)
        {
            switch (record)
            {
                case SendRecord.Accepted accepted:
                    deadlines[accepted.IntentId] = accepted.Intent.Deadline;
                    break;
                case SendRecord.Signed signed:
                    numbers[signed.IntentId] = signed.Attempt.Seqno;
                    validUntil = Math.Max(validUntil, signed.Attempt.ValidUntil);
                    break;
                case SendRecord.Ended end:
                    ended.Add(end.IntentId);
                    if (end.Outcome.End == SendEnd.Traced && numbers.GetValueOrDefault(end.IntentId) is var number && number > numberMax)
                        (numberMax, ofNumberMax) = (number, end.IntentId);
                    break;
            }
        }

        var chainTime = validUntil - SlackSeconds;
        return ended.Where(MayBeForgotten).ToFrozenSet(StringComparer.Ordinal);

        bool MayBeForgotten(string id, int place)
        {
            var later = ended.Count - 1 - place;
            var since = chainTime - deadlines.GetValueOrDefault(id, uint.MaxValue);
            return id != ofNumberMax && since > 0 && later >= EndedMin && (later >= EndedMax || since > Seconds);
        }
    }
}
