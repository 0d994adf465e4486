using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Explanation;

/// <summary>One rung as a trader reads it.</summary>
/// <param name="Side">Bid or ask.</param>
/// <param name="Price">Quote asset per base asset.</param>
/// <param name="Size">Base asset, or contracts.</param>
/// <param name="DistanceBps">From the fair value, signed.</param>
internal sealed record ExplainedLevel(Side Side, decimal Price, decimal Size, double DistanceBps);

/// <summary>One instrument's quote in force.</summary>
internal sealed record ExplainedQuote
{
    public required string Instrument { get; init; }

    public required string QuoteAsset { get; init; }

    /// <summary>Unit of sizes.</summary>
    public required string SizeUnit { get; init; }

    /// <summary>Number of the decision.</summary>
    public required long Decision { get; init; }

    public required Cause Cause { get; init; }

    public required double FairValue { get; init; }

    public required TradingState State { get; init; }

    public required ImmutableArray<ExplainedTerm> Terms { get; init; }

    /// <summary>Bids near to far, then asks near to far.</summary>
    public required ImmutableArray<ExplainedLevel> Levels { get; init; }

    public required string Withheld { get; init; }
}

/// <summary>Where one control stood.</summary>
internal sealed record ControlStanding(BreakerKind Kind, string Subject, TradingState Demand, double Multiplier, Timestamp? Since, string Reason)
{
    /// <summary>Null for one that stood so from the start of the run.</summary>
    public Timestamp? Since { get; } = Since;

    public bool IsAtRest => Demand == TradingState.Active && Multiplier == 1;
}

/// <summary>The quotes in force at an input of a journal, and why they were what they were: read from what was recorded.</summary>
internal sealed record QuoteExplanation
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required long Sequence { get; init; }

    public required Timestamp At { get; init; }

    /// <summary>The input itself, in words.</summary>
    public required string Input { get; init; }

    /// <summary>One for each instrument that had been quoted by then.</summary>
    public required ImmutableArray<ExplainedQuote> Quotes { get; init; }

    /// <summary>Instruments without any quote by then.</summary>
    public required ImmutableArray<string> Unquoted { get; init; }

    /// <summary>In the order in which controls are evaluated.</summary>
    public required ImmutableArray<ControlStanding> Controls { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="BadInputException">The journal has no input of that number.</exception>
    public static QuoteExplanation Read(IJournalReader journal, long sequence)
    {
        var runs = journal.Runs().ToArray();
        var last = Array.FindLastIndex(runs, run => run.NextSequence <= sequence);
        if (last < 0)
            throw new BadInputException($"input {sequence} is not in the journal: it begins with input {(runs.Length > 0 ? runs[0].NextSequence : 1)}");
        var run = runs[last];
        var input = journal.InputsFrom(sequence).Where(record => record.Kind == JournalRecordKind.Input).Select(Described).FirstOrDefault();
        if (input.Text is null) throw new BadInputException($"input {sequence} is not in the journal: it ends before");
        var standings = Standings.Of(run);
        var quotes = new Decision?[run.Instruments.Count];
        foreach (var decision in Until(journal, run, sequence))
        {
            if (decision.Body is BreakerState breaker) standings.Take(breaker, decision.Cause.At);
            if (decision.Body is QuoteTarget quote) quotes[quote.Instrument.Index] = decision;
        }

        // A quote stays in force over the roll of a run.
        for (var earlier = last - 1; earlier >= 0 && quotes.Contains(null); earlier--)
            Complete(quotes, journal, runs[earlier], sequence);
        return new()
        {
            Sequence = sequence, At = input.At, Input = input.Text,
            Quotes = [.. quotes.OfType<Decision>().Select(decision => Explain(decision, run))],
            Unquoted = [.. run.Instruments.All.Where(i => quotes[i.Id.Index] is null).Select(i => i.Name)],
            Controls = standings.All(),
        };

        (Timestamp At, string? Text) Described(JournalRecord record) => (record.Stamp.At, InputText.Of(record.Input, run.Instruments));
    }

    private static IEnumerable<Decision> Until(IJournalReader journal, RunHeader run, long sequence) =>
        journal.Decisions(run.Run).TakeWhile(decision => decision.Cause.Sequence <= sequence);

    private static void Complete(Decision?[] quotes, IJournalReader journal, RunHeader run, long sequence)
    {
        var found = new Decision?[quotes.Length];
        foreach (var decision in Until(journal, run, sequence))
            if (decision.Body is QuoteTarget quote) found[quote.Instrument.Index] = decision;
        for (var i = 0; i < quotes.Length; i++) quotes[i] ??= found[i];
    }

    private static ExplainedQuote Explain(Decision decision, RunHeader run)
    {
        var quote = (QuoteTarget)decision.Body;
        var instrument = run.Instruments[quote.Instrument];
        return new()
        {
            Instrument = instrument.Name, QuoteAsset = instrument.QuoteAsset,
            SizeUnit = instrument.Kind == ContractKind.Spot ? instrument.BaseAsset : "contracts",
            Decision = decision.Number, Cause = decision.Cause, FairValue = quote.FairValue, State = quote.State,
            Terms = ExplainedTerm.Of(quote, run.Parameters, instrument),
            Levels = [.. quote.Bids.Select(level => Level(Side.Buy, level)), .. quote.Asks.Select(level => Level(Side.Sell, level))],
            Withheld = quote.Withheld,
        };

        ExplainedLevel Level(Side side, QuoteLevel level)
        {
            var price = instrument.Prices.ToDecimal(level.PriceTicks);
            return new(side, price, instrument.Sizes.ToDecimal(level.SizeLots), Quantised.Bps(((double)price / quote.FairValue - 1) * 10_000));
        }
    }

    /// <summary>What every control said last.</summary>
    private sealed class Standings
    {
        private readonly Dictionary<(BreakerKind, string), ControlStanding> _latest = [];

        public static Standings Of(RunHeader run)
        {
            var standings = new Standings();
            var before = TradingStatesAt(run);
            foreach (var tripped in before.Tripped) standings.Take(tripped, since: null);
            var feeds = run.Instruments.All.Select(i => i.Name)
                .Concat(BreakerSubjects.ReferenceAssets(run.Instruments, run.Parameters.NumeraireAssets).Select(BreakerSubjects.Reference));
            foreach (var feed in feeds.Except(before.Feeds)) standings.Take(StalenessBreaker.AwaitingData(feed), since: null);
            return standings;
        }

        public void Take(BreakerState state, Timestamp? since) =>
            _latest[(state.Kind, state.Subject)] = new(state.Kind, state.Subject, state.Demand, state.Multiplier, since, state.Reason);

        public ImmutableArray<ControlStanding> All() =>
            [.. Enum.GetValues<BreakerKind>()
                .SelectMany(kind => _latest.Values.Where(c => c.Kind == kind).OrderBy(c => c.Subject, StringComparer.Ordinal).ToArray() switch
            {
                [] => [new ControlStanding(kind, BreakerSubjects.Asset, TradingState.Active, 1, null, "at rest")],
                var standing => standing.Select(c => c.IsAtRest ? c with { Reason = $"at rest: {c.Reason}" } : c),
            })];

        private static TradingStatesState TradingStatesAt(RunHeader run)
        {
            if (run.State.IsEmpty) return TradingStatesState.Starting;
            using var document = JsonDocument.Parse(run.State);
            return document.RootElement.TryGetProperty("trading-states", out var state)
                ? state.Deserialize<TradingStatesState>() ?? TradingStatesState.Starting
                : TradingStatesState.Starting;
        }
    }
}
