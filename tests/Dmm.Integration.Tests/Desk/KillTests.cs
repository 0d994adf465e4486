using Dmm.Core.Messages;
using Dmm.Sources.Journal;
using Dmm.Testing.Servers;

namespace Dmm.Integration.Tests.Desk;

/// <summary>A desk that is killed again and again while it trades, against a venue that lives on.</summary>
public sealed class KillTests : IDisposable
{
    private const int Seed = 20_261_122;
    private const int Points = 50;

    // The kill switch is ordered before that start and ended before the other, likewise a drawdown is tripped by one process and accepted later.
    private const int Killed = 15;
    private const int Reenabled = 20;
    private const int Tripped = 32;
    private const int Accepted = 38;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmm-kill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FiftyRandomPoints_NothingIsLostDoubledOrLeft_AndLatchesHold()
    {
        var chance = new Random(Seed);
        await using var venue = await VenueProcess.StartAsync("lively", Seed);
        using (var first = Start(venue)) await KillAsync(first, "state   active", WarmUp, TimeSpan.FromSeconds(3 * chance.NextDouble()));
        for (var point = 1; point < Points; point++)
        {
            if (CommandBefore(point) is { } command) LatchAudit.Order(Journal, command);
            using var desk = Start(venue, drawdownLimit: point == Tripped ? "0.01" : "500");
            // Two of three while it trades, or while a latch keeps it from that; else while it starts: also then nothing may be lost.
            if (point == Tripped) await KillAsync(desk, "latched until reset", Patience, TimeSpan.FromSeconds(chance.NextDouble()));
            else if (chance.Next(3) > 0 || point is >= Killed and < Reenabled or > Tripped and < Accepted)
                await KillAsync(desk, "takes orders again", Patience, TimeSpan.FromSeconds(1.5 * chance.NextDouble()));
            else await KillAsync(desk, line: null, Patience, TimeSpan.FromSeconds(1.5 * chance.NextDouble()));
        }

        using (var last = Start(venue))
        {
            await last.LineAsync(Patience, "takes orders again");
            last.Stop(Patience).ShouldBe(0, last.Process.Output);
        }

        var fills = await new DeskAudit(venue).RequireExactAsync(new SegmentJournalReader(Journal));
        fills.ShouldBeGreaterThan(Points, "too few fills to prove anything");
        LatchAudit.RequireExact(new SegmentJournalReader(Journal), Reenabled - Killed);
        using var verification = DmmProgram.Start(["replay", "--journal", Journal, "--verify"]);
        verification.WaitForExit(TimeSpan.FromMinutes(2)).ShouldBe(0, verification.Output);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Points} kills, {fills} fills\n{verification.Output}");
    }

    private string Journal => Path.Combine(_folder.FullName, "data", "runs", "0001-venue", "journal");

    private DeskProcess Start(VenueProcess venue, string drawdownLimit = "500") => new(
        [
            "run", "--plain", "--venue", venue.Url.ToString(), "--data", Path.Combine(_folder.FullName, "data"),
            "--set", "volatility.halfLife=60s", "--set", $"breakers.drawdownLimit={drawdownLimit}",
        ],
        VenueProcess.Environment);

    private static OperatorAction? CommandBefore(int point) => point switch
    {
        Killed => OperatorAction.Kill,
        Reenabled => OperatorAction.Reenable,
        Accepted => OperatorAction.ResetDrawdown,
        _ => null,
    };

    private static async Task KillAsync(DeskProcess desk, string? line, TimeSpan patience, TimeSpan after)
    {
        if (line is not null) await desk.LineAsync(patience, line);
        await Task.Delay(after);
        desk.Kill();
    }
}
