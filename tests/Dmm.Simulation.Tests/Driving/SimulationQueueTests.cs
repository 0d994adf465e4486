using Dmm.Core;

namespace Dmm.Simulation.Tests.Driving;

public sealed class SimulationQueueTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    private static Timestamp At(double ms) => Start + TimeSpan.FromMilliseconds(ms);

    [Fact]
    public void WhatIsDue_RunsInTheOrderOfTimesThenOfScheduling()
    {
        var queue = new SimulationQueue(Start);
        var ran = new List<string>();
        foreach (var (ms, name) in ((double, string)[])[(20, "c"), (10, "a"), (20, "d"), (10, "b")]) queue.Schedule(At(ms), () => ran.Add($"{name} {queue.Now}"));
        while (queue.RunNext(At(20)))
        {
        }

        ran.ShouldBe([$"a {At(10)}", $"b {At(10)}", $"c {At(20)}", $"d {At(20)}"]);
        queue.NextAt.ShouldBeNull();
    }

    [Fact]
    public void WhatLiesAfterTheLimit_Waits()
    {
        var queue = new SimulationQueue(Start);
        queue.Schedule(At(10), () => { });
        queue.RunNext(At(10) - Timestamp.Unit).ShouldBeFalse();
        queue.Now.ShouldBe(Start);
        queue.NextAt.ShouldBe(At(10));
        queue.RunNext(At(10)).ShouldBeTrue();
    }

    [Fact]
    public void ScheduledForThePast_RunsNowAfterWhatIsDueNow()
    {
        var queue = new SimulationQueue(Start);
        var ran = new List<string>();
        queue.Schedule(At(10), () =>
        {
            queue.Schedule(At(5), () => ran.Add($"late {queue.Now}"));
            ran.Add("first");
        });
        queue.Schedule(At(10), () => ran.Add("second"));
        while (queue.RunNext(At(10)))
        {
        }

        ran.ShouldBe(["first", "second", $"late {At(10)}"]);
    }

    [Fact]
    public void MoveTo_PassesAQuietTimeOnlyAndNeverGoesBack()
    {
        var queue = new SimulationQueue(Start);
        queue.MoveTo(At(5));
        queue.MoveTo(At(3));
        queue.Now.ShouldBe(At(5));
        queue.Schedule(At(10), () => { });
        queue.MoveTo(At(10));
        queue.Now.ShouldBe(At(10));
        Should.Throw<InvalidOperationException>(() => queue.MoveTo(At(10) + Timestamp.Unit)).Message.ShouldContain($"something is due at {At(10)}");
    }
}
