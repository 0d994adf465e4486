namespace Dmm.Ton.Tests.Sending;

/// <summary>No intent is spent twice and each ends once, whatever dies, is lost, comes twice, is late or lies behind.</summary>
public sealed class SenderSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 4_000;
    private const int SeedsOfEveryStep = 12;

    [Fact]
    public async Task CrashesByChance_SpendNothingTwice_AndEveryIntentEndsOnce()
    {
        var figures = new Figures();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var run = new SenderRun(seed, chance => _ => chance.Next(60) == 0);
            await run.RunAsync();
            figures.Add(run);
        }

        output.WriteLine($"seeds {Seeds}, {figures}; double spends 0");
        figures.Demand();
    }

    [Fact]
    public async Task CrashAtEveryStepOfARun_SpendsNothingTwice()
    {
        var figures = new Figures();
        var runs = 0;
        for (var seed = 1; seed <= SeedsOfEveryStep; seed++)
        {
            var whole = new SenderRun(seed, _ => _ => false);
            await whole.RunAsync();
            for (var at = 0; at < whole.Steps; at++)
            {
                var (dead, step) = (false, at);
                var run = new SenderRun(seed, _ => i => !dead && i == step && (dead = true));
                await run.RunAsync();
                run.Crashes.ShouldBe(1);
                figures.Add(run);
                runs++;
            }
        }

        output.WriteLine($"seeds {SeedsOfEveryStep}, a run for each of their {runs} steps, {figures}; double spends 0");
    }

    private sealed class Figures
    {
        private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
        private int _crashes, _intents, _sends, _failovers, _resigned, _mirages, _forgotten, _strangers;

        public void Add(SenderRun run)
        {
            _crashes += run.Crashes;
            _intents += run.Intents;
            _sends += run.Sends;
            _failovers += run.Failovers;
            _resigned += run.Resigned;
            _mirages += run.Mirages;
            _forgotten += run.Forgotten;
            _strangers += run.Strangers;
            foreach (var name in run.Ends.Select(e => e.Kind?.ToString() ?? e.End.ToString())) _ends[name] = _ends.GetValueOrDefault(name) + 1;
        }

        /// <summary>The simulation reached what it is for.</summary>
        public void Demand()
        {
            _ends.Keys.ShouldBe(["Bounced", "Executed", "Expired", "Failed", "NotSent", "Refused"]);
            new[] { _crashes, _failovers, _resigned, _mirages, _strangers }.ShouldAllBe(count => count > 500);
            _forgotten.ShouldBeGreaterThan(100);
        }

        public override string ToString() =>
            $"intents {_intents}, crashes {_crashes}, sends {_sends}, signed again {_resigned}, changes of provider {_failovers}, "
            + $"traces taken back {_mirages}, records forgotten {_forgotten}, intents that were submitted again after that {_strangers}; " + string.Join(", ", _ends.Select(e => $"{e.Key} {e.Value}"));
    }
}
