using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Faults;
using Dmm.Simulation;

namespace Dmm.Pipeline.Tests.Faults;

/// <summary>The order path that trades, at venues that fail: seeds that are always run, and some that nobody has run before.</summary>
public sealed class LiveOrderPathTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(90);

    [Fact]
    public void KnownSeeds_HoldEveryInvariant() => Holds(firstSeed: 1, seeds: 4);

    [Fact]
    public void SeedsOfTheDay_HoldEveryInvariant()
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd50", CultureInfo.InvariantCulture);
        Holds(long.Parse(today, CultureInfo.InvariantCulture), seeds: 2);
    }

    [Fact]
    public void EqualPlans_GiveEqualRuns()
    {
        var plan = FaultPlan.Of(77, Duration, FaultSettings.Venues);
        var (first, second) = (new FaultTimeline(), new FaultTimeline());
        FaultRun.Of(plan, LiveOrderPath.Settings, first).ShouldBe(FaultRun.Of(plan, LiveOrderPath.Settings, second));
        var end = new FaultViolation(FaultRule.Fault, TimeSpan.Zero, "", "");
        second.Of(end).ShouldBe(first.Of(end));
    }

    [Fact]
    public void DelaysAndAlarms_EndOnVirtualTime_InTheirOrder()
    {
        var queue = new SimulationQueue(Timestamp.Parse("2026-01-05T12:00:00Z"));
        var (context, time, start) = (new AgendaContext(queue), new AgendaTime(queue), queue.Now);
        List<(double Seconds, string What)> heard = [];
        context.Within(() => _ = Wait());
        while (queue.RunNext(start + TimeSpan.FromMinutes(1)))
        {
        }

        heard.ShouldBe([(2, "delayed"), (3.5, "alarmed"), (4.5, "tick"), (5.5, "tick")]);

        async Task Wait()
        {
            await Task.Delay(TimeSpan.FromSeconds(2), time);
            Say("delayed");
            using var alarm = new CancellationTokenSource(TimeSpan.FromSeconds(1.5), time);
            await Task.Delay(TimeSpan.FromSeconds(9), time, alarm.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Say("alarmed");
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
            for (var i = 0; i < 2 && await timer.WaitForNextTickAsync(CancellationToken.None); i++) Say("tick");
        }

        void Say(string what) => heard.Add(((queue.Now - start).TotalSeconds, what));
    }

    [Fact]
    public void ContinuationFromAnotherThread_EndsTheRun()
    {
        var queue = new SimulationQueue(Timestamp.Parse("2026-01-05T12:00:00Z"));
        var context = new AgendaContext(queue);
        // A thread of its own: the pool may run a task on the very thread that waits for it.
        var other = new Thread(() => context.Post(_ => { }, null));
        other.Start();
        other.Join();
        Should.Throw<InvalidOperationException>(() => context.Within(() => { })).Message.ShouldContain("another thread");
    }

    private void Holds(long firstSeed, int seeds)
    {
        var campaign = new FaultCampaign
        {
            FirstSeed = firstSeed, Seeds = seeds, Duration = Duration, Threads = Environment.ProcessorCount, Settings = LiveOrderPath.Settings,
        };
        var report = campaign.Run(_ => { });
        using var text = new StringWriter();
        FaultReportText.Write(text, campaign, report);
        output.WriteLine(text.ToString());
        report.Failures.ShouldBeEmpty(text.ToString());
        report.Counts.Fills.ShouldBeGreaterThan(10 * seeds);
        report.Counts.Crashes.ShouldBeGreaterThan(0);
    }
}
