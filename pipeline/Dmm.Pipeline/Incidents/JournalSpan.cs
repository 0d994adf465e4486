using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Incidents;

/// <summary>What a journal holds: from its first run's start to the last instant recorded.</summary>
internal sealed record JournalSpan(Timestamp Begin, Timestamp End, string Asset)
{
    // Close enough to the end to read the rest.
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(1);

    // A run ends at the full hour at the latest.
    private static readonly TimeSpan RunMax = TimeSpan.FromHours(1);

    /// <summary>The one day (UTC) that it lies in; null when it reaches over several.</summary>
    public DateOnly? Day => DayOf(Begin) == DayOf(End) ? DayOf(Begin) : null;

    /// <exception cref="BadInputException">The journal is empty.</exception>
    /// <exception cref="JournalException">It cannot be believed.</exception>
    public static JournalSpan Read(IJournalReader journal, string name)
    {
        RunHeader? first = null, last = null;
        foreach (var run in journal.Runs()) (first, last) = (first ?? run, run);
        if (first is null || last is null) throw new BadInputException($"{name} holds no run yet");
        return new(first.StartedAt, EndOf(journal, last.StartedAt), first.Instruments.All[0].BaseAsset);
    }

    public override string ToString() => $"{InstantText.Of(Begin)} to {InstantText.Of(End)}";

    private static Timestamp EndOf(IJournalReader journal, Timestamp lastRun)
    {
        var (known, beyond) = (lastRun, lastRun + RunMax + Near);
        while (beyond - known > Near)
        {
            var middle = known + (beyond - known) / 2;
            if (journal.InputsFrom(middle).Any()) known = middle;
            else beyond = middle;
        }

        var end = known;
        foreach (var record in journal.InputsFrom(known)) end = Timestamp.Max(end, record.Stamp.At);
        return end;
    }

    private static DateOnly DayOf(Timestamp at) => DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime);
}
