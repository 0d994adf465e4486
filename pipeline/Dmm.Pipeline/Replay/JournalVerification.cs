using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;
using Dmm.Wire.Journal;

namespace Dmm.Pipeline.Replay;

/// <summary>The first decision that came out otherwise, as lines of the journal; null where one side has none.</summary>
internal sealed record DecisionDivergence(long Number, string? Recorded, string? Derived);

/// <summary>
/// Derives the decisions of a journal again, and holds them against the recorded ones. Lines are compared as they are encoded, which is how they were
/// written: reading a recorded line proves its checksum first.
/// </summary>
internal sealed record JournalVerification
{
    private static readonly JsonSerializerOptions JsonFormat =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs of the journal that were replayed.</summary>
    public required long Runs { get; init; }

    public required long Inputs { get; init; }

    /// <summary>Decisions derived.</summary>
    public required long Decisions { get; init; }

    /// <summary>See <see cref="DecisionDigest"/>; of the decisions derived.</summary>
    public required string DecisionsSha256 { get; init; }

    /// <summary>Whether recorded decisions were compared.</summary>
    public required bool IsCompared { get; init; }

    public required long Identical { get; init; }

    /// <summary>Decisions derived that a crash cut off the record.</summary>
    public required long BeyondRecord { get; init; }

    public required DecisionDivergence? Divergence { get; init; }

    /// <summary>What ended the replay before its end: a damaged record, stamps or feedback that came out otherwise; null when nothing did.</summary>
    public required string? Failure { get; init; }

    /// <summary>Platforms of runs that were recorded elsewhere, where equal bytes are not promised.</summary>
    public required ImmutableArray<string> OtherPlatforms { get; init; }

    /// <summary>What crashes cut off the record, of the runs that were replayed to their end.</summary>
    public required ImmutableArray<string> Shortfalls { get; init; }

    public bool Holds => Divergence is null && Failure is null;

    public string ToJson() => JsonSerializer.Serialize(this, JsonFormat);

    /// <param name="journal">What was recorded.</param>
    /// <param name="range">The part to derive again; null for all of it.</param>
    /// <param name="compares">False to derive only.</param>
    /// <param name="companion">Goes along; null for nobody.</param>
    public static JournalVerification Of(IJournalReader journal, ReplayRange? range, bool compares, IReplayCompanion? companion)
    {
        using var comparison = new Comparison(compares ? journal : null, companion);
        string? failure = null;
        try
        {
            using var driver = new ReplayDriver(comparison.Begin, comparison);
            var records = range?.Records(journal) ?? journal.InputsFrom(0L);
            driver.Play(comparison.Followed(records));
            comparison.End(isCutOff: range is not null);
        }
        catch (Exception broken) when (
            broken is ReplayDivergedException or EngineFaultException or JournalException or ParameterException or JsonException)
        {
            failure = broken.Message;
        }

        return new()
        {
            Runs = comparison.Runs, Inputs = comparison.Inputs, Decisions = comparison.Derived, DecisionsSha256 = comparison.Digest(),
            IsCompared = compares, Identical = comparison.Identical, BeyondRecord = comparison.BeyondRecord, Divergence = comparison.Divergence,
            Failure = failure, OtherPlatforms = [.. comparison.OtherPlatforms],
            Shortfalls = compares ? comparison.Shortfalls(journal) : [],
        };
    }

    /// <summary>Walks along the recorded decisions while others are derived.</summary>
    private sealed class Comparison(IJournalReader? recorded, IReplayCompanion? companion) : IEngineLog, IDisposable
    {
        private readonly List<long> _ended = [];
        private readonly SortedSet<string> _otherPlatforms = new(StringComparer.Ordinal);
        private readonly JournalBuffer _recordedLine = new();
        private readonly JournalBuffer _derivedLine = new();
        private IEnumerator<Decision>? _decisions;
        private bool _hasRecorded;
        private InstrumentCatalog? _instruments;
        private JournalEncoder? _encoder;
        private DecisionDigest? _digest;
        private long? _run;
        private Stamp _reached;

        public long Runs { get; private set; }

        public long Inputs { get; private set; }

        public long Derived { get; private set; }

        public long Identical { get; private set; }

        public long BeyondRecord { get; private set; }

        public DecisionDivergence? Divergence { get; private set; }

        public IEnumerable<string> OtherPlatforms => _otherPlatforms;

        public string Digest() => _digest?.Current() ?? "";

        /// <summary>The records up to a divergence, each told of once it was taken.</summary>
        public IEnumerable<JournalRecord> Followed(IEnumerable<JournalRecord> records)
        {
            foreach (var record in records)
            {
                yield return record;
                _reached = record.Stamp;
                companion?.OnTaken(record);
                if (Divergence is not null) yield break;
            }
        }

        public ImmutableArray<string> Shortfalls(IJournalReader journal) =>
            [.. _ended.Select(journal.Shortfall).OfType<DecisionShortfall>().Select(shortfall => shortfall.Text)];

        public ITopology Begin(RunHeader header)
        {
            Runs++;
            if (_run is { } ended) _ended.Add(ended);
            _run = header.Run;
            var topology = new ObservedTopology(Configurations.Topology(header.Instruments, header.Parameters, header.Mode));
            companion?.OnRun(header, () => topology.Orders);
            if (header.Platform != Configurations.Platform) _otherPlatforms.Add(header.Platform);
            if (_instruments is null)
            {
                _instruments = header.Instruments;
                _encoder = new(_instruments);
                _digest = new(_instruments);
                _decisions = recorded?.DecisionsFrom(header.NextDecision).GetEnumerator();
                Advance();
            }

            return topology;
        }

        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
        {
            Inputs++;
            companion?.OnInput(stamp, input, origin);
        }

        public void OnDecision(in Decision decision)
        {
            if (Divergence is not null) return;
            Derived++;
            companion?.OnDecision(decision);
            _digest!.OnDecision(decision);
            if (_decisions is null) return;
            // Where a crash cut the record off, it goes on at a later number.
            if (!_hasRecorded || _decisions.Current.Number > decision.Number)
            {
                BeyondRecord++;
                return;
            }

            var was = _decisions.Current;
            if (Line(_recordedLine, was).SequenceEqual(Line(_derivedLine, decision))) Identical++;
            else Divergence = new(decision.Number, Text(_recordedLine), Text(_derivedLine));
            Advance();
        }

        /// <summary>All inputs are replayed: a decision still recorded was not derived, unless it comes of what was cut off behind them.</summary>
        public void End(bool isCutOff)
        {
            if (Divergence is not null || !_hasRecorded) return;
            var next = _decisions!.Current;
            if (isCutOff && (next.Cause.Sequence > _reached.Sequence || next.Cause.At > _reached.At)) return;
            Line(_recordedLine, next);
            Divergence = new(next.Number, Text(_recordedLine), null);
        }

        public void Dispose()
        {
            _decisions?.Dispose();
            _encoder?.Dispose();
            _digest?.Dispose();
        }

        private void Advance() => _hasRecorded = _decisions?.MoveNext() ?? false;

        private ReadOnlySpan<byte> Line(JournalBuffer buffer, in Decision decision)
        {
            buffer.Clear();
            _encoder!.Decision(buffer, decision);
            return buffer.Written;
        }

        private static string Text(JournalBuffer line) => Encoding.UTF8.GetString(line.Written).TrimEnd('\n');
    }
}
