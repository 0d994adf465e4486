using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Sources;

namespace Dmm.Pipeline.Replay;

/// <summary>The recordings of one venue that are read together, by one wire.</summary>
internal sealed record CaptureGroup(string Venue, ImmutableArray<string> Files, ImmutableArray<Instrument> Instruments);

/// <summary>The recordings to replay as one run, found sound: every file is there, and each holds what was asked of it.</summary>
internal sealed class CaptureSelection
{
    private CaptureSelection(InstrumentCatalog instruments, ImmutableArray<CaptureGroup> groups, Timestamp firstReceiveTime) =>
        (Instruments, Groups, FirstReceiveTime) = (instruments, groups, firstReceiveTime);

    public InstrumentCatalog Instruments { get; }

    public ImmutableArray<CaptureGroup> Groups { get; }

    /// <summary>When the first frame of all was received.</summary>
    public Timestamp FirstReceiveTime { get; }

    /// <summary>
    /// Reads the options: the n-th capture, venue and symbol belong together; the files of one feed are joined by a comma, or by naming its venue and
    /// symbol again.
    /// </summary>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static CaptureSelection Read(IReadOnlyList<string> captures, IReadOnlyList<string> venues, IReadOnlyList<string> symbols)
    {
        List<string> faults = [];
        if (captures.Count != venues.Count || captures.Count != symbols.Count)
            faults.Add(
                $"--capture is given {captures.Count}, --venue {venues.Count} and --symbol {symbols.Count} times: "
                + "expected equal numbers, the n-th of each belong together");
        faults.AddRange(venues.Where(v => !VenueCaptures.Known.Contains(v)).Distinct()
            .Select(v => $"unknown venue '{v}': known are {string.Join(", ", VenueCaptures.Known)}"));
        faults.AddRange(captures.SelectMany(Split).Where(f => !File.Exists(f)).Distinct().Select(f => $"capture {f} does not exist"));
        var count = Math.Min(captures.Count, Math.Min(venues.Count, symbols.Count));
        var feeds = Enumerable.Range(0, count).Where(n => VenueCaptures.Known.Contains(venues[n]))
            .GroupBy(n => (Venue: venues[n], Symbol: symbols[n]), n => Split(captures[n]))
            .Select(feed => (feed.Key.Venue, feed.Key.Symbol, Files: feed.SelectMany(files => files).ToImmutableArray())).ToImmutableArray();
        var instruments = Define(feeds, faults);
        faults.AddRange(instruments.Where(i => i.BaseAsset != instruments[0].BaseAsset)
            .Select(i =>
                $"{i.Name} is a market of {i.BaseAsset}, {instruments[0].Name} of {instruments[0].BaseAsset}: expected markets of one asset"));
        if (faults.Count > 0) throw new BadInputException(faults);

        var groups = feeds.GroupBy(f => (f.Venue, Files: string.Join(',', f.Files))).Select(group => new CaptureGroup(
            group.Key.Venue, group.First().Files, [.. group.Select(f => instruments.First(i => i.Venue == f.Venue && i.Symbol == f.Symbol))]))
                .ToImmutableArray();
        var first = groups.Select(group => FirstReceiveTimeOf(group, faults)).ToImmutableArray();
        if (faults.Count > 0) throw new BadInputException(faults);
        return new(new InstrumentCatalog(instruments), groups, first.Min());
    }

    private static string[] Split(string capture) => capture.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ImmutableArray<Instrument> Define(ImmutableArray<(string Venue, string Symbol, ImmutableArray<string> Files)> feeds,
        List<string> faults)
    {
        var instruments = ImmutableArray.CreateBuilder<Instrument>();
        foreach (var feed in feeds)
        {
            try
            {
                var present = feed.Files.Where(File.Exists).ToImmutableArray();
                if (present.Length == feed.Files.Length)
                    instruments.Add(VenueCaptures.Instrument(feed.Venue, feed.Symbol, present, new InstrumentId(instruments.Count)));
            }
            catch (Exception unknown) when (unknown is KeyNotFoundException or InvalidDataException)
            {
                faults.Add(unknown.Message);
            }
        }

        return instruments.ToImmutable();
    }

    /// <summary>Reads until every instrument of the group has sent market data; adds the fault when one never does.</summary>
    private static Timestamp FirstReceiveTimeOf(CaptureGroup group, List<string> faults)
    {
        var awaited = group.Instruments.Select(i => i.Id).ToHashSet();
        string? lastRejection = null;
        using var reader = new CaptureFeed(
            VenueCaptures.Wire(group.Venue, group.Instruments), path => VenueCaptures.Open(group.Venue, path), group.Files).Open();
        reader.TryRead(out _, out var first);
        while (awaited.Count > 0 && reader.TryRead(out var input, out _))
        {
            if (input.Kind != InputKind.Control) awaited.Remove(input.Instrument);
            else if (input.Control is Rejected rejected) lastRejection = rejected.Reason;
        }

        foreach (var id in awaited)
            faults.Add(
                $"{string.Join(", ", group.Files)} cannot be replayed as "
                + $"{group.Instruments.First(i => i.Id == id).Name}: {lastRejection ?? "no message of it"}");
        return first;
    }
}
