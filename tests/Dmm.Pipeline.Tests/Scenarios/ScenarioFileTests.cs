using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Scenarios;
using Dmm.Simulation.Scenarios;

namespace Dmm.Pipeline.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    private const string Head = "scenario: trial\nmarket: two-venues-and-pool\nsteps:\n";

    /// <summary>A whole file, the line of its fault, and what is said.</summary>
    public static TheoryData<string, int, string> Faults => new()
    {
        { "scenario: a\nsteps: ]", 2, "is not YAML" },
        { "- a\n- b", 1, "is not a mapping: expected scenario, market and steps" },
        { "scenario: a\n---\nscenario: b", 1, "holds several documents: expected one" },
        { "scenario: a\nscenario: b\nsteps: []", 2, "is not YAML: Duplicate key" },
        { "market: one-venue\nsteps:\n  - { at: 0, expect: { state: Active } }", 1, "scenario is missing: expected its name" },
        { "scenario: a\nmarket: one-venue", 1, "steps: expected a list of steps, each with at" },
        { "scenario: a\nmarkt: one-venue\nsteps:\n  - { at: 0, expect: { state: Active } }", 2, "unknown key 'markt': did you mean market?" },
        { "scenario: a\nmarket: three\nsteps:\n  - { at: 0, expect: { state: Active } }", 2,
            "kind = 'three': expected one of one-venue, two-venues, two-venues-and-pool" },
        { "scenario: a\nmarket: { kind: one-venue, mid: cheap }\nsteps:\n  - { at: 0, expect: { state: Active } }", 2,
            "mid = 'cheap': expected a number" },
        { "scenario: a\nseed: x\nsteps:\n  - { at: 0, expect: { state: Active } }", 2, "seed = 'x': expected a whole number" },
        {
            "scenario: a\nparameters:\n  breakers.drawdownLimt: 5\nsteps:\n  - { at: 0, expect: { state: Active } }", 3,
            "unknown parameter 'breakers.drawdownLimt': did you mean breakers.drawdownLimit"
        },
        {
            "scenario: a\nparameters:\n  breakers.drawdownLimit: much\nsteps:\n  - { at: 0, expect: { state: Active } }", 3,
            "breakers.drawdownLimit = 'much': expected a number"
        },
        { "scenario: a\nparameters:\n  breakers: 5\nsteps:\n  - { at: 0, expect: { state: Active } }", 3, "'breakers' is a group of parameters" },
        {
            "scenario: a\nparameters:\n  venues.gamma.makerFeeBps: 5\nsteps:\n  - { at: 0, expect: { state: Active } }", 3,
            "unknown venue 'gamma' in 'venues.gamma.makerFeeBps': expected one of alpha"
        },
        {
            "scenario: a\nparameters:\n  quote.riskAversion: -1\nsteps:\n  - { at: 0, expect: { state: Active } }", 3,
            "riskAversion = -1: expected 0.001 to 10 1/bps"
        },
        { Head + "  - kill", 4, "a step is a mapping: expected at, and what happens or is expected then" },
        { Head + "  - { silent: alpha, expect: { state: Active } }", 4, "the step has no time: expected at" },
        { Head + "  - { at: 1 s }", 4, "nothing happens in this step: expected one of mid, book, silent" },
        { Head + "  - { at: soon, expect: { state: Active } }", 4, "at = 'soon': expected a time, as in 500 ms, 1.5 s or 2 min" },
        { Head + "  - { at: 1 s, slient: alpha }", 4, "unknown step 'slient': did you mean silent?" },
        { Head + "  - { at: 1 s, expect: { stat: Active } }", 4, "unknown condition 'stat': did you mean state?" },
        { Head + "  - { at: 1 s, expect: { state: Dead } }", 4, "state.is = 'Dead': expected one of Active, Widened, Reducing, Halted, Killed" },
        { Head + "  - { at: 1 s, expect: state }", 4, "expected conditions by name, as in { state: Halted }" },
        { Head + "  - { at: 1 s, within: 3 s, silent: alpha }", 4, "within belongs to expect" },
        { Head + "  - { at: 1 s, for: 3 s, silent: alpha }", 4, "for belongs to expect or never" },
        { Head + "  - { at: 1 s, for: 3 s, within: 1 s, expect: { state: Active } }", 4, "give either within or for" },
        { Head + "  - { at: 1 s, mid: 5 }", 4, "mid: expected a mapping, as in { bps: -30, over: 2 s }" },
        { Head + "  - { at: 1 s, mid: { bp: 5 } }", 4, "unknown key 'bp': did you mean bps or to?" },
        { Head + "  - { at: 1 s, fill: { venue: alpha } }", 4, "fill.side is missing: expected ours: Buy or Sell" },
        { Head + "  - { at: 1 s, reference: { to: 2, feed: back } }", 4, "reference: give either to or feed" },
        { Head + "  - { at: 1 s, expect: { resting: { is: 3, max: 4 } } }", 4, "resting: give either is, or min and max" },
        { Head + "  - { at: 1 s, expect: { resting: many } }", 4, "resting.is = 'many': expected none, some or a whole number" },
        { Head + "  - { at: 1 s, parameters: 5 }", 4, "parameters: expected values by name" },
        { Head + "  - at: 2 s\n    expect: { state: Active }\n  - at: 1 s\n    silent: alpha", 7,
            "its time, 1 s, lies before that of the step above it, 2 s" },
        { Head + "  - { at: -1 s, expect: { state: Active } }", 4, "lies before the scenario begins: expected 0 s or later" },
        { Head + "  - at: 1 s\n    back: alpha\n    expect: { state: Active }", 5, "the feed at alpha comes back without having gone silent" },
        { Head + "  - { at: 1 s, silent: gamma, expect: { state: Active } }", 4, "unknown venue 'gamma': expected one of alpha, beta, pool" },
        { Head + "  - at: 1 s\n    never: { state: Halted }\n  - at: 2 s\n    expect: { state: Halted }", 7,
            "it demands what line 5 forbids at that time: state is Halted" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FaultyFile_SaysWhereAndWhatWasExpected(string text, int line, string words)
    {
        var faults = Should.Throw<BadInputException>(() => ScenarioFile.Read("trial.yaml", text)).Faults;
        faults.ShouldContain(f => f.StartsWith($"trial.yaml:{line}: ") && f.Contains(words), string.Join("\n", faults));
    }

    [Fact]
    public void SeveralFaults_AreToldTogetherInTheOrderOfTheirLines() =>
        Should.Throw<BadInputException>(() =>
            ScenarioFile.Read("f", Head + "  - { at: x, silent: alpha }\n  - { at: 1 s, kil: now }\n  - { at: 2 s, gas: dear }"))
            .Faults.Select(f => f[..4]).ShouldBe(["f:4:", "f:5:", "f:6:"]);

    /// <summary>The documentation's examples are files that are read.</summary>
    public static TheoryData<string> Happenings => [.. ScenarioGrammar.Happenings.Select(w => w.Name)];

    public static TheoryData<string> Conditions => [.. ScenarioGrammar.Conditions.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(Happenings))]
    public void ExampleOfAStep_IsRead(string name)
    {
        var word = ScenarioGrammar.Happenings.Single(w => w.Name == name);
        var before = name switch { "back" => "silent: alpha", "reconnect" => "disconnect: alpha", "accept" => "reject: alpha",
            _ => "mid: { bps: 0.1 }" };
        var scenario = ScenarioFile.Read("example",
            Head + $"  - {{ at: 0, {before} }}\n  - {{ at: 1 s, {name}: {word.Example}, expect: {{ state: Active }} }}");
        scenario.Steps.Length.ShouldBe(3);
        scenario.Steps[1].At.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void ExampleOfACondition_IsRead(string name)
    {
        var word = ScenarioGrammar.Conditions.Single(w => w.Name == name);
        var scenario = ScenarioFile.Read("example",
            Head + $"  - {{ at: 0, mark: calm }}\n  - {{ at: 1 s, within: 2 s, expect: {{ {name}: {word.Example} }} }}");
        ((Expectation)scenario.Steps[1].Act).Conditions.ShouldHaveSingleItem().Text.ShouldNotBeEmpty();
    }

    [Fact]
    public void Values_GetWhereTheyBelong()
    {
        var scenario = ScenarioFile.Read("f", """
            { "scenario": "json", "about": "too", "seed": 5, "warmUp": "2 min", "length": "1 min",
              "market": { "kind": "two-venues", "mid": 2, "spreadBps": 4, "levelSize": 50, "heartbeat": "250 ms", "orderLatency": "5 ms", "responseLatency": 0.001 },
              "parameters": { "quote.levelShares": [0.5, 0.25, 0.25], "venues.beta.refreshInterval": "1 s", "quote.skewMode": "Shift", "toxicity.consecutiveFills": 4 },
              "steps": [ { "at": "500 ms", "mid": { "venue": "beta", "bps": -5, "over": "2 s" }, "never": { "resting": { "min": 1, "side": "buy" } }, "for": 2 } ] }
            """);
        (scenario.Name, scenario.About, scenario.Seed, scenario.WarmUp, scenario.Length)
            .ShouldBe(("json", "too", 5, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1)));
        var market = scenario.Market;
        (market.Mid, market.SpreadBps, market.LevelSize, market.Heartbeat).ShouldBe((2, 4, 50, TimeSpan.FromMilliseconds(250)));
        (market.Rules.OrderLatency, market.Rules.ResponseLatency).ShouldBe((TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1)));
        market.Parameters.Quote.LevelShares.ShouldBe([0.5, 0.25, 0.25]);
        market.Parameters.Quote.SkewMode.ShouldBe(SkewMode.Shift);
        market.Parameters.Toxicity.ConsecutiveFills.ShouldBe(4);
        market.Parameters.Venues[1].RefreshInterval.ShouldBe(TimeSpan.FromSeconds(1));
        market.Parameters.Breakers.ShouldBe(new BreakerParameters());
        scenario.Steps.Select(s => s.Act).ShouldBe(
        [
            new MidMoves("beta", Bps: -5, Over: TimeSpan.FromSeconds(2)),
            new Expectation(ExpectationKind.Never, TimeSpan.FromSeconds(2), [new OrdersRest(Bounds.AtLeast(1), null, Side.Buy)]),
        ]);
    }
}
