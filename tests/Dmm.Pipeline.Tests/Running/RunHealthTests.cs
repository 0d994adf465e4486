using System.Text;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Pipeline.Tests.Running;

/// <summary>What a run says of itself every second, and what is concluded from it.</summary>
public sealed class RunHealthTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder _scratch = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<string?> _told = [];
    private RunPulse _pulse = new("active", Timestamp.From(Start), Timestamp.None,
        [new("the journal", new(true, "")), new("the archive", new(true, ""))]);

    public RunHealthTests() => Directory.CreateDirectory(Folder);

    private string Folder => _scratch["data"];

    private string File => Path.Combine(Folder, "health.json");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Run_ReportsAtOnceAndEachSecond()
    {
        using var health = Begin();
        Report().ShouldBe((Environment.ProcessId, "venue", "active", Start, null));
        _pulse = _pulse with { State = "halted", LastInput = Timestamp.From(Start.AddSeconds(0.5)) };
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Report().State.ShouldBe("active");
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Report().ShouldBe((Environment.ProcessId, "venue", "halted", Start.AddSeconds(1), Start.AddSeconds(0.5)));
        Directory.EnumerateFileSystemEntries(Folder).ShouldBe([File]);
    }

    [Fact]
    public void EndedRun_TakesItsReportAwayAndWritesNoOther()
    {
        Begin().Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Directory.EnumerateFileSystemEntries(Folder).ShouldBeEmpty();
        Verdict().ShouldBe((1, $"not alive: there is no {File}: no run has begun there, or it has ended"));
    }

    [Fact]
    public void HaltedRunWithABrokenArchive_IsAliveAndBothAreTold()
    {
        _pulse = _pulse with { State = "halted", Parts = [new("the archive", new(false, "disk full"))] };
        using var health = Begin();
        Verdict().ShouldBe((0, $"alive: venue run of process {Environment.ProcessId}, halted, reported 2026-01-05 12:00:00Z; "
            + "the archive does not work: disk full"));
    }

    [Fact]
    public void Spool_IsToldWithItsRecordsAndItsAge_AndIsNoFailure()
    {
        _pulse = _pulse with { Spools = [new("DCT", 1_234, 12.34)] };
        using var health = Begin();
        Verdict().ShouldBe((0, $"alive: venue run of process {Environment.ProcessId}, active, reported 2026-01-05 12:00:00Z; "
            + "the spool of DCT holds 1234 records, the oldest for 12.3 s"));
        RunHealthReport.Parse(System.IO.File.ReadAllBytes(File)).Spools.ShouldBe([new("DCT", 1_234, 12.3)]);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(10.1, "has not reported for 10.1 s: expected every second")]
    [InlineData(-10, null)]
    [InlineData(-10.1, "reported 10.1 s ahead of this clock")]
    public void ReportOfThatAge_IsBelievedUpToTenSeconds(double ageSeconds, string? complaint)
    {
        using var health = Begin();
        var report = RunHealthReport.Parse(System.IO.File.ReadAllBytes(File));
        report.Complaint(Start.AddSeconds(ageSeconds), _ => true)
            .ShouldBe(complaint is null ? null : $"process {Environment.ProcessId} {complaint}");
    }

    [Fact]
    public void ProcessThatIsGone_IsToldAtOnce()
    {
        using var health = Begin();
        var report = RunHealthReport.Parse(System.IO.File.ReadAllBytes(File)) with { ProcessId = int.MaxValue };
        report.Complaint(Start.AddSeconds(2), id => id != int.MaxValue).ShouldBe($"process {int.MaxValue} is gone; it last reported 2.0 s ago");
        System.IO.File.WriteAllBytes(File, report.ToJson().ToArray());
        Verdict().ShouldBe((1, $"not alive: process {int.MaxValue} is gone; it last reported 0.0 s ago"));
    }

    [Fact]
    public void EngineThatStandsStill_IsNotAliveThoughItsProcessReports()
    {
        using var health = Begin();
        _time.Advance(TimeSpan.FromSeconds(10));
        Verdict().ExitCode.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        Verdict().ShouldBe((1, $"not alive: the engine of process {Environment.ProcessId} has not moved for 11.0 s"));
        _pulse = _pulse with { Clock = Timestamp.From(Start.AddSeconds(1)) };
        _time.Advance(TimeSpan.FromSeconds(1));
        Verdict().ExitCode.ShouldBe(0);
    }

    [Fact]
    public void ReportThatCannotBeWritten_IsToldOnceAndWhenItWorksAgain()
    {
        // A folder in the place of the file that is written first.
        using var health = Begin();
        Directory.CreateDirectory(File + ".next");
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _told.Count.ShouldBe(1);
        _told[0].ShouldNotBeNull().ShouldContain("health.json.next");
        Report().At.ShouldBe(Start);
        Directory.Delete(File + ".next");
        _time.Advance(TimeSpan.FromSeconds(1));
        _told.Count.ShouldBe(2);
        _told[1].ShouldBeNull();
        Report().At.ShouldBe(Start.AddSeconds(3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"processId\":\"x\"}")]
    public void UnreadableReport_IsNotAlive(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var (exitCode, line) = Verdict();
        exitCode.ShouldBe(1);
        line.ShouldStartWith($"not alive: {File}: it cannot be read: ");
    }

    [Fact]
    public async Task Command_GivesOneLineAsTextOrJson()
    {
        (await CommandRun.Of("health", "--data", Folder)).ShouldBe(
            new CommandRun(1, $"not alive: there is no {File}: no run has begun there, or it has ended{Environment.NewLine}", ""));
        using var health = new RunHealth(Folder, "demo", () => _pulse, TimeProvider.System, _told.Add);
        var json = await CommandRun.Of("health", "--data", Folder, "--json");
        json.ExitCode.ShouldBe(0);
        json.Json.GetProperty("isAlive").GetBoolean().ShouldBeTrue();
        json.Json.GetProperty("mode").GetString().ShouldBe("demo");
        json.Json.GetProperty("parts").GetArrayLength().ShouldBe(2);
        json.Output.TrimEnd().ShouldNotContain('\n');
    }

    /// <summary>The whole of it: a run is asked after while it goes on, and again when it has ended.</summary>
    [Fact]
    public async Task DemoRun_IsAliveWhileItGoesOnAndNotAfterwards()
    {
        using var stop = new CancellationTokenSource();
        var asked = new TaskCompletionSource<RunHealthReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var output = new AskingWriter(() =>
        {
            if (!asked.TrySetResult(RunHealthReport.Parse(System.IO.File.ReadAllBytes(File)))) return;
            stop.Cancel();
        });
        var options = RunOptions.Read("1", "calm", "max", null, Folder, null, isPlain: true, isJson: false);
        var exitCode = await new DemoRun(options, StoreAccess.Embedded, new Terminal(output, TextWriter.Null), TimeProvider.System).RunAsync(stop.Token);
        exitCode.ShouldBe(0);
        var report = await asked.Task;
        report.Mode.ShouldBe("demo");
        report.Parts.Select(p => (p.Name, p.Status.IsWorking)).ShouldBe([("the journal", true), ("the archive", true)]);
        Verdict().ExitCode.ShouldBe(1);
    }

    private RunHealth Begin() => new(Folder, "venue", () => _pulse, _time, _told.Add);

    private (int ProcessId, string Mode, string State, DateTimeOffset At, DateTimeOffset? LastInputAt) Report()
    {
        var report = RunHealthReport.Parse(System.IO.File.ReadAllBytes(File));
        return (report.ProcessId, report.Mode, report.State, report.At, report.LastInputAt);
    }

    private (int ExitCode, string Line) Verdict()
    {
        using var output = new StringWriter();
        var exitCode = HealthCommand.Run(Folder, isJson: false, output, _time);
        return (exitCode, output.ToString().TrimEnd());
    }

    /// <summary>Calls back whenever a run flushes its lines.</summary>
    private sealed class AskingWriter(Action onFlush) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Flush() => onFlush();
    }
}
