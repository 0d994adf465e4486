namespace Dmm.Sources.Bus;

/// <summary>What became of the messages so far.</summary>
public readonly record struct BusCounters
{
    /// <summary>Inputs handed on.</summary>
    public long Passed { get; init; }

    /// <summary>Market data and rates that said nothing new.</summary>
    public long Duplicates { get; init; }

    /// <summary>Deltas that waited for another collector to fill a hole.</summary>
    public long Held { get; init; }

    /// <summary>Holes that no collector filled.</summary>
    public long Gaps { get; init; }

    /// <summary>Market data that came before its collector had listed its instruments.</summary>
    public long Unlisted { get; init; }

    /// <summary>Messages of venues and instruments that the reader does not want.</summary>
    public long Foreign { get; init; }

    /// <summary>Messages that could not be used; of market data only the first of an instrument and collector has its reason told.</summary>
    public long Refused { get; init; }
}
