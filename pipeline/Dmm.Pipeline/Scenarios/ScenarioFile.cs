using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Simulation.Scenarios;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dmm.Pipeline.Scenarios;

/// <summary>Reads a scenario from YAML, of which JSON is a part.</summary>
internal sealed class ScenarioFile
{
    /// <summary>Far above any script; a file beyond it is a mistake.</summary>
    public const int BytesMax = 1 << 20;

    public static readonly ImmutableArray<string> MarketKinds = ["one-venue", "two-venues", "two-venues-and-pool"];

    public static readonly ImmutableArray<Field> Header =
    [
        new("scenario", FieldKind.Text, "its name", true),
        new("about", FieldKind.Text, "what it shows"),
        new("warmUp", FieldKind.Duration, "a standing market before time zero; 130 s when left out, past the warm-up of volatility"),
        new("seed", FieldKind.Whole, "of every chance in it; 1 when left out"),
        new("length", FieldKind.Duration, "when it ends; after the last step and deadline when left out"),
    ];

    public static readonly ImmutableArray<Field> Market =
    [
        new("kind", FieldKind.Word, "which venues: alpha; alpha and beta; alpha, beta and pool", true) { Words = MarketKinds },
        new("mid", FieldKind.Number, "USD per DCT; 1 when left out"),
        new("tonRate", FieldKind.Number, "USD per TON; 3 when left out"),
        new("spreadBps", FieldKind.Number, "of the public books; 2 when left out"),
        new("levelSize", FieldKind.Number, "DCT at each of ten levels a side; 500 when left out"),
        new("heartbeat", FieldKind.Duration, "how often books are sent when nothing changes; 500 ms when left out"),
        new("orderLatency", FieldKind.Duration, "from us to the venue; 15 ms when left out"),
        new("responseLatency", FieldKind.Duration, "from the venue to us; 10 ms when left out"),
    ];

    /// <summary>The members of a step that say when, beside its words.</summary>
    public static readonly ImmutableArray<Field> Timing =
    [
        new("at", FieldKind.Duration, "when, from the end of the warm-up", true),
        new("within", FieldKind.Duration, "expect: at one moment of that time at least"),
        new("for", FieldKind.Duration, "expect: all that time; never: no moment of it (to the end when left out)"),
    ];

    private readonly YamlReading _reading;

    private ScenarioFile(string place) => _reading = new YamlReading(place);

    /// <param name="place">Named in faults, with the line.</param>
    /// <param name="text">The file's whole text.</param>
    /// <exception cref="BadInputException">All faults, each with its line.</exception>
    public static Scenario Read(string place, string text)
    {
        var file = new ScenarioFile(place);
        var scenario = file.Read(text);
        return file._reading.Faults.Count == 0 && scenario is not null ? scenario : throw new BadInputException([.. file._reading.Faults]);
    }

    private Scenario? Read(string text)
    {
        if (_reading.Root(text) is not { } root) return null;
        var header = _reading.Values(root, Header, ["market", "parameters", "steps"]);
        var (market, marketLine) = ReadMarket(root);
        var steps = ReadSteps(root, market);
        if (_reading.Faults.Count > 0) return null;
        var scenario = new Scenario
        {
            Name = header.Text("scenario")!,
            About = header.Text("about") ?? "",
            Market = market,
            WarmUp = header.Duration("warmUp") ?? Scenario.DefaultWarmUp,
            Seed = header.Whole("seed") ?? 1,
            Length = header.Duration("length"),
            Steps = steps,
        };
        foreach (var fault in ScenarioCheck.Faults(scenario)) _reading.Fault(fault.Step < 0 ? 1 : steps[fault.Step].Line, fault.Text);
        CheckParameters(market, marketLine);
        return scenario;
    }

    private (ScenarioMarket Market, long Line) ReadMarket(YamlMappingNode root)
    {
        var line = root.Start.Line;
        var values = new FieldValues();
        if (YamlReading.Member(root, "market") is { } node)
        {
            line = node.Start.Line;
            if (node is YamlScalarNode) _reading.Take(values, Market[0], node);
            else if (node is YamlMappingNode members) values = _reading.Values(members, Market, []);
            else _reading.Fault(line, $"market: expected one of {string.Join(", ", MarketKinds)}, or a mapping with kind");
        }

        var market = values.Text("kind") switch
        {
            "two-venues" => ScenarioMarket.TwoVenues(),
            "two-venues-and-pool" => ScenarioMarket.TwoVenuesAndPool(),
            _ => ScenarioMarket.OneVenue(),
        };
        market = market with
        {
            Mid = values.Number("mid") ?? market.Mid,
            TonRate = values.Number("tonRate") ?? market.TonRate,
            SpreadBps = values.Number("spreadBps") ?? market.SpreadBps,
            LevelSize = values.Number("levelSize") ?? market.LevelSize,
            Heartbeat = values.Duration("heartbeat") ?? market.Heartbeat,
            Rules = market.Rules with
            {
                OrderLatency = values.Duration("orderLatency") ?? market.Rules.OrderLatency,
                ResponseLatency = values.Duration("responseLatency") ?? market.Rules.ResponseLatency,
            },
        };
        if (YamlReading.Member(root, ScenarioGrammar.Parameters) is not { } overrides) return (market, line);
        return (market.With(Overrides(overrides, market.Instruments)?.Change ?? (p => p)), overrides.Start.Line);
    }

    private void CheckParameters(ScenarioMarket market, long line)
    {
        try
        {
            market.Parameters.Validated(market.Instruments);
        }
        catch (ParameterException faulty)
        {
            foreach (var fault in faulty.Faults) _reading.Fault(line, fault);
        }
    }

    private ImmutableArray<ScenarioStep> ReadSteps(YamlMappingNode root, ScenarioMarket market)
    {
        if (YamlReading.Member(root, "steps") is not YamlSequenceNode sequence)
        {
            _reading.Fault(root.Start.Line, "steps: expected a list of steps, each with at");
            return [];
        }

        var steps = ImmutableArray.CreateBuilder<ScenarioStep>();
        foreach (var node in sequence)
        {
            if (node is YamlMappingNode step) ReadStep(step, market, steps);
            else _reading.Fault(node.Start.Line, "a step is a mapping: expected at, and what happens or is expected then");
        }

        return steps.ToImmutable();
    }

    private void ReadStep(YamlMappingNode node, ScenarioMarket market, ImmutableArray<ScenarioStep>.Builder steps)
    {
        var timing = new FieldValues();
        var acts = new List<(YamlScalarNode Key, YamlNode Value)>();
        foreach (var (key, value) in _reading.Members(node))
        {
            if (Timing.FirstOrDefault(f => f.Name == key.Value) is { } field) _reading.Take(timing, field, value);
            else acts.Add((key, value));
        }

        if (YamlReading.Member(node, "at") is null) _reading.Fault(node.Start.Line, "the step has no time: expected at");
        if (acts.Count == 0) _reading.Fault(node.Start.Line, $"nothing happens in this step: expected one of {string.Join(", ", StepWords)}");
        var at = timing.Duration("at") ?? TimeSpan.Zero;
        CheckTiming(node, timing, acts);
        foreach (var (key, value) in acts)
            if (ReadAct(key, value, timing, market) is { } act) steps.Add(new(at, act, (int)key.Start.Line));
    }

    private void CheckTiming(YamlMappingNode node, FieldValues timing, List<(YamlScalarNode Key, YamlNode Value)> acts)
    {
        var expects = acts.Any(a => a.Key.Value == "expect");
        if (timing.Text("within") is not null && !expects) _reading.Fault(node.Start.Line, "within belongs to expect: expected that beside it");
        if (timing.Text("for") is not null && !expects && acts.All(a => a.Key.Value != "never"))
            _reading.Fault(node.Start.Line, "for belongs to expect or never: expected one of them beside it");
        if (timing.Text("within") is not null && timing.Text("for") is not null) _reading.Fault(node.Start.Line, "give either within or for");
    }

    private ScenarioAct? ReadAct(YamlScalarNode key, YamlNode value, FieldValues timing, ScenarioMarket market)
    {
        switch (key.Value)
        {
            case "expect":
                var (kind, span) = timing.Duration("within") is { } within ? (ExpectationKind.Within, (TimeSpan?)within)
                    : timing.Duration("for") is { } lasts ? (ExpectationKind.Throughout, lasts)
                    : (ExpectationKind.AtOnce, null);
                return new Expectation(kind, span, ReadConditions(value));
            case "never":
                return new Expectation(ExpectationKind.Never, timing.Duration("for"), ReadConditions(value));
            case ScenarioGrammar.Parameters:
                return Overrides(value, market.Instruments) is { } change ? new ParametersChange(change.Change, change.What) : null;
            default:
                if (ScenarioGrammar.Happenings.FirstOrDefault(w => w.Name == key.Value) is { } word) return _reading.Make(word, value);
                _reading.Fault(key.Start.Line, $"unknown step '{key.Value}': {ScalarText.Nearest(key.Value ?? "", StepWords)}");
                return null;
        }
    }

    private ImmutableArray<Condition> ReadConditions(YamlNode node)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var mapping in node is YamlSequenceNode several ? several.Children : [node])
        {
            if (mapping is not YamlMappingNode members)
            {
                _reading.Fault(mapping.Start.Line, "expected conditions by name, as in { state: Halted }");
                continue;
            }

            foreach (var (key, value) in _reading.Members(members))
            {
                var word = ScenarioGrammar.Conditions.FirstOrDefault(w => w.Name == key.Value);
                if (word is null)
                    _reading.Fault(key.Start.Line,
                        $"unknown condition '{key.Value}': {ScalarText.Nearest(key.Value ?? "", ScenarioGrammar.Conditions.Select(w => w.Name))}");
                else if (_reading.Make(word, value) is { } condition) conditions.Add(condition);
            }
        }

        return conditions.ToImmutable();
    }

    private (Func<QuotingParameters, QuotingParameters> Change, string What)? Overrides(YamlNode node, InstrumentCatalog instruments)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } members)
        {
            _reading.Fault(node.Start.Line, "parameters: expected values by name, as in { breakers.drawdownLimit: 50 }");
            return null;
        }

        Func<QuotingParameters, QuotingParameters> change = p => p;
        foreach (var (key, value) in _reading.Members(members))
        {
            ImmutableArray<string> texts = value is YamlSequenceNode list ? [.. list.OfType<YamlScalarNode>().Select(v => v.Value ?? "")]
                : [(value as YamlScalarNode)?.Value ?? ""];
            try
            {
                var (before, one) = (change, ParameterPaths.Setter(key.Value ?? "", texts, instruments));
                change = p => one(before(p));
            }
            catch (FormatException wrong)
            {
                _reading.Fault(key.Start.Line, wrong.Message);
            }
        }

        return (change, string.Join(", ", _reading.Members(members).Select(m => $"{m.Key.Value} = {m.Value}")));
    }

    private static IEnumerable<string> StepWords =>
        [.. ScenarioGrammar.Happenings.Select(w => w.Name), ScenarioGrammar.Parameters, "expect", "never"];
}
