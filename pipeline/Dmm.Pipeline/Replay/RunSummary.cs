using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Replay;

/// <summary>What became of one instrument's book over a run.</summary>
internal sealed record BookSummary
{
    public required string Instrument { get; init; }

    /// <summary>How the book stood after the last frame.</summary>
    public required BookStatus Status { get; init; }

    public bool IsValid => Status == BookStatus.Valid;

    /// <summary>Engine time at which a book that is not valid ceased to be; null when it is valid, or never was.</summary>
    public required Timestamp? InvalidSince { get; init; }

    /// <summary>Comparisons with the venue's own top at the same update id, price and size.</summary>
    public required long OracleChecked { get; init; }

    public required long OracleMatched { get; init; }

    public required long Gaps { get; init; }

    public required long Resyncs { get; init; }

    public required long ChecksumMismatches { get; init; }

    public required long Crossings { get; init; }

    /// <summary>A sentence on a book that did not end valid; null otherwise.</summary>
    public string? Notice => Status switch
    {
        BookStatus.Valid => null,
        BookStatus.AwaitingSnapshot => $"the book of {Instrument} never had a snapshot; nothing was quoted there",
        _ when InvalidSince is { } since => $"the book of {Instrument} has been invalid since {since} {Cause}; quoting stayed off",
        _ => $"the book of {Instrument} was never valid, at last {Cause}; nothing was quoted there",
    };

    private string Cause => Status switch
    {
        BookStatus.Gap => "after a gap",
        BookStatus.ChecksumMismatch => "after a checksum that did not match",
        BookStatus.Crossed => "as it is crossed",
        _ => "as a side is empty",
    };
}

/// <summary>The outcome of a replay of recorded frames.</summary>
internal sealed record RunSummary : TradingSummary
{
    public RunSummary(TradingSummary trading)
        : base(trading)
    {
    }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required long Frames { get; init; }

    /// <summary>Messages, lines and files refused at the edge.</summary>
    public required long Rejected { get; init; }

    /// <summary>Stamped inputs from the recordings.</summary>
    public required long Inputs { get; init; }

    /// <summary>Snapshots and deltas of order books.</summary>
    public required long BookEvents { get; init; }

    public required long OracleChecked { get; init; }

    public required long OracleMatched { get; init; }

    public required long Gaps { get; init; }

    public required long Resyncs { get; init; }

    public required long Decisions { get; init; }

    public required long Quotes { get; init; }

    public required long OrderIntents { get; init; }

    /// <summary>How many they would have been, had each ladder that changed been cancelled and placed anew.</summary>
    public required long OrderIntentsReplacing { get; init; }

    public required long BreakerChanges { get; init; }

    public required long StateChanges { get; init; }

    public required long Alerts { get; init; }

    /// <summary>See <see cref="DecisionDigest"/>.</summary>
    public required string DecisionsSha256 { get; init; }

    /// <summary>Receive time of the first frame.</summary>
    public required Timestamp From { get; init; }

    /// <summary>The engine's clock at the end.</summary>
    public required Timestamp To { get; init; }

    /// <summary>Wall-clock time of the replay.</summary>
    public required double Seconds { get; init; }

    public required double FramesPerSecond { get; init; }

    public required ImmutableArray<BookSummary> Books { get; init; }

    /// <summary>Folder of the journal; null without <c>--out</c>.</summary>
    public required string? Journal { get; init; }

    /// <summary>The picture; null without <c>--out</c>.</summary>
    public required string? Plot { get; init; }

    /// <summary>Every comparison with the venue's own top was equal.</summary>
    public bool IsSound => OracleChecked == OracleMatched;

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
