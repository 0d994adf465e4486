using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;
using QuotingEngine = Dmm.Topology.Engine.Engine;

namespace Dmm.Topology.Tests.Engine;

/// <summary>The determinism contract, on the toy: whatever slices the time between the inputs, the decisions are the same.</summary>
public sealed class EngineDeterminismTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    private static readonly Gen<(Timestamp At, Input Input)[]> Scripts =
        (from gaps in Gen.Int[1, 40].Select(n => n * n * 10_000L).Array[5, 60]
         from kinds in Gen.Bool.Array[60]
         from sizes in Gen.Int[1, 4].Array[60]
         select gaps.Select((gap, i) => (At: gaps.Take(i + 1).Sum(), Kind: kinds[i], Size: sizes[i])).ToArray())
        .Select(items => items.Select(i => (Start + TimeSpan.FromTicks(i.At), i.Kind
            ? new Input(new ReferenceRate("TON", "USDT", i.Size, Timestamp.None))
            : new Input(new GasPrice(i.Size, Timestamp.None)))).ToArray());

    [Fact]
    public void SameInputsTwice_SameDecisions() =>
        Scripts.Sample(script => Play(script).DecisionLines.ShouldBe(Play(script).DecisionLines));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void TicksBetweenTheInputs_ChangeNothing(int tickMs) =>
        Scripts.Sample(script => Play(script, TimeSpan.FromMilliseconds(tickMs)).DecisionLines.ShouldBe(Play(script).DecisionLines), iter: 25);

    [Fact]
    public void ReplayOfTheStampedInputs_SameDecisionsAndFeedback() =>
        Scripts.Sample(script =>
        {
            var live = Play(script, TimeSpan.FromMilliseconds(3));
            var outside = live.Inputs.Where(i => i.Origin == InputOrigin.Outside).Select(i => (i.Stamp.At, i.Input)).ToArray();
            var replay = Play(outside, end: script[^1].At + TimeSpan.FromSeconds(4));
            replay.DecisionLines.ShouldBe(live.DecisionLines);
            replay.InputLines.ShouldBe(live.InputLines);
        });

    [Fact]
    public void SplitAtASnapshotAnywhere_SameDecisions() =>
        Gen.Select(Scripts, Gen.Int[0, 59]).Sample((script, cut) =>
        {
            var split = new EngineRecording();
            EngineStart snapshot;
            cut = Math.Min(cut, script.Length);
            using (var first = new QuotingEngine(new ToyTopology(), EngineStart.Fresh(Start), split))
            {
                foreach (var (at, input) in script[..cut]) first.Take(at, input);
                snapshot = first.Capture();
            }

            using (var second = new QuotingEngine(new ToyTopology(), snapshot, split))
            {
                foreach (var (at, input) in script[cut..]) second.Take(at, input);
                second.AdvanceTo(script[^1].At + TimeSpan.FromSeconds(4));
            }

            split.DecisionLines.ShouldBe(Play(script).DecisionLines);
        });

    [Fact]
    public void InputsInABurst_AreStampedOneUnitApartAndReplayTheSame() =>
        Scripts.Sample(script =>
        {
            var at = Start + TimeSpan.FromSeconds(1);
            var live = Play([.. script.Select(i => (at, i.Input))], end: Start + TimeSpan.FromSeconds(10));
            for (var i = 1; i < live.Inputs.Count; i++) live.Inputs[i].Stamp.At.ShouldBeGreaterThan(live.Inputs[i - 1].Stamp.At);
            live.Inputs.Select(i => i.Stamp.Sequence).ShouldBe(Enumerable.Range(1, live.Inputs.Count).Select(i => (long)i));
            var outside = live.Inputs.Where(i => i.Origin == InputOrigin.Outside).Select(i => (i.Stamp.At, i.Input)).ToArray();
            Play(outside, end: Start + TimeSpan.FromSeconds(10)).DecisionLines.ShouldBe(live.DecisionLines);
        });

    private static EngineRecording Play((Timestamp At, Input Input)[] script, TimeSpan? tick = null, Timestamp? end = null)
    {
        var recording = new EngineRecording();
        using var engine = new QuotingEngine(new ToyTopology(), EngineStart.Fresh(Start), recording);
        var nextTick = Start + (tick ?? TimeSpan.Zero);
        foreach (var (at, input) in script)
        {
            // A tick never carries the stamp of an input: stamps are later than anything the clock has reached.
            for (; tick is { } step && nextTick < at; nextTick += step) engine.AdvanceTo(nextTick);
            engine.Take(at, input);
        }

        engine.AdvanceTo(end ?? script[^1].At + TimeSpan.FromSeconds(4));
        return recording;
    }
}
