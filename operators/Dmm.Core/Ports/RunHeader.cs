using Dmm.Core.Messages;

namespace Dmm.Core.Ports;

/// <summary>
/// The first record of a run, from which its inputs give the same decisions again. A run is the unit of the journal: one begins at every start of the
/// process and every hour after it.
/// </summary>
public sealed record RunHeader
{
    /// <summary>Counts runs from 1, without a gap.</summary>
    public required long Run { get; init; }

    /// <summary>The engine clock at the start: at or after all that the run before reached; every input of the run is stamped later.</summary>
    public required Timestamp StartedAt { get; init; }

    /// <summary>Sequence of the first input to come: one above the last of the run before.</summary>
    public required long NextSequence { get; init; }

    /// <summary>Number of the first decision to come; decisions are counted on over runs.</summary>
    public required long NextDecision { get; init; }

    /// <summary>Version of the code that writes the run.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>Architecture, operating system and runtime: the same bytes are promised on the same platform only.</summary>
    public required string Platform { get; init; }

    /// <summary>Hash of the configuration the process was started with, without its secrets.</summary>
    public required string ConfigurationHash { get; init; }

    /// <summary>Where orders went.</summary>
    public required TradingMode Mode { get; init; }

    /// <summary>
    /// When the journal was begun that the run belongs to: tells one that took another's place, whose runs count from 1 again.
    /// <see cref="Timestamp.None"/> where its place tells that already, and in journals of earlier code.
    /// </summary>
    public Timestamp JournalBegan { get; init; } = Timestamp.None;

    public required InstrumentCatalog Instruments { get; init; }

    public required QuotingParameters Parameters { get; init; }

    /// <summary>
    /// The whole state of the engine as one JSON object in UTF-8 and without line breaks: state by port name. Opaque to the journal.
    /// </summary>
    public required ReadOnlyMemory<byte> State { get; init; }
}
