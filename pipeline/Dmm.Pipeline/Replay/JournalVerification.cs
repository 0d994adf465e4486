using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sources.Journal;
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

    public bool Holds => Divergence is null && Failure is null;

    public string ToJson() => JsonSerializer.Serialize(this, JsonFormat);

    /// <param name="directory">Folder of segment files.</param>
    /// <param name="compares">False to derive only.</param>
    /// <exception cref="BadInputException">The folder holds no journal.</exception>
    public static JournalVerification Of(string directory, bool compares)
    {
        var reader = JournalFolder.Open(directory);
        using var comparison = new Comparison(compares ? reader : null);
        string? failure = null;
        try
        {
            using var driver = new ReplayDriver(comparison.Begin, comparison);
            driver.Play(reader.InputsFrom(0L).TakeWhile(_ => comparison.Divergence is null));
            comparison.End();
        }
        catch (Exception broken) when (broken is ReplayDivergedException or EngineFaultException or JournalException or ParameterException)
        {
            failure = broken.Message;
        }

        return new()
        {
            Runs = comparison.Runs, Inputs = comparison.Inputs, Decisions = comparison.Derived, DecisionsSha256 = comparison.Digest(),
            IsCompared = compares, Identical = comparison.Identical, BeyondRecord = comparison.BeyondRecord, Divergence = comparison.Divergence,
            Failure = failure, OtherPlatforms = [.. comparison.OtherPlatforms],
        };
    }

    /// <summary>Walks along the recorded decisions while others are derived.</summary>
    private sealed class Comparison(IJournalReader? recorded) : IEngineLog, IDisposable
    {
        private readonly SortedSet<string> _otherPlatforms = new(StringComparer.Ordinal);
        private readonly JournalBuffer _recordedLine = new();
        private readonly JournalBuffer _derivedLine = new();
        private IEnumerator<Decision>? _decisions;
        private bool _hasRecorded;
        private InstrumentCatalog? _instruments;
        private JournalEncoder? _encoder;
        private DecisionDigest? _digest;

        public long Runs { get; private set; }

        public long Inputs { get; private set; }

        public long Derived { get; private set; }

        public long Identical { get; private set; }

        public long BeyondRecord { get; private set; }

        public DecisionDivergence? Divergence { get; private set; }

        public IEnumerable<string> OtherPlatforms => _otherPlatforms;

        public string Digest() => _digest?.Current() ?? "";

        public ITopology Begin(RunHeader header)
        {
            Runs++;
            if (header.Platform != Configurations.Platform) _otherPlatforms.Add(header.Platform);
            if (_instruments is null)
            {
                _instruments = header.Instruments;
                _encoder = new(_instruments);
                _digest = new(_instruments);
                _decisions = recorded?.DecisionsFrom(header.NextDecision).GetEnumerator();
                Advance();
            }

            return Configurations.Topology(header.Instruments, header.Parameters, header.Mode);
        }

        public void OnInput(in Stamp stamp, in Input input, InputOrigin origin) => Inputs++;

        public void OnDecision(in Decision decision)
        {
            if (Divergence is not null) return;
            Derived++;
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

        /// <summary>All inputs are replayed: a decision still recorded was not derived.</summary>
        public void End()
        {
            if (Divergence is not null || !_hasRecorded) return;
            Line(_recordedLine, _decisions!.Current);
            Divergence = new(_decisions.Current.Number, Text(_recordedLine), null);
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
