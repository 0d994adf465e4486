namespace Dmm.Core.Messages;

public enum FairValueInputKind : byte
{
    Staleness,
    Reference,
    Sample,
}

/// <summary>
/// What the fair value follows, as one tagged stream: everything but <see cref="FairValueInputKind.Sample"/> only changes what the next sample sees.
/// </summary>
public readonly record struct FairValueInput
{
    private FairValueInput(FairValueInputKind kind, InstrumentId instrument, bool isStale, ReferenceRate? rate, Timestamp at) =>
        (Kind, Instrument, IsStale, Rate, At) = (kind, instrument, isStale, rate, at);

    public FairValueInputKind Kind { get; }

    /// <summary>Of <see cref="FairValueInputKind.Staleness"/>: whose feed.</summary>
    public InstrumentId Instrument { get; }

    /// <summary>Of <see cref="FairValueInputKind.Staleness"/>: whether that feed is too old to count.</summary>
    public bool IsStale { get; }

    /// <summary>Of <see cref="FairValueInputKind.Reference"/>.</summary>
    public ReferenceRate? Rate { get; }

    /// <summary>Engine time of a reference or of a sample.</summary>
    public Timestamp At { get; }

    /// <summary>
    /// The staleness of an instrument's feed changed. A feed counts as stale until it is first reported fresh, as the staleness breaker does with its first
    /// valid data.
    /// </summary>
    public static FairValueInput Staleness(InstrumentId instrument, bool isStale) => new(FairValueInputKind.Staleness, instrument, isStale, null, default);

    /// <summary>A reference rate entered at that engine time.</summary>
    public static FairValueInput Reference(ReferenceRate rate, Timestamp at) => new(FairValueInputKind.Reference, default, false, rate, at);

    /// <summary>Asks for the fair value now.</summary>
    public static FairValueInput Sample(Timestamp at) => new(FairValueInputKind.Sample, default, false, null, at);
}
