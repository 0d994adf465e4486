using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks.Archive;

namespace Dmm.Pipeline.Tests.Anchoring;

/// <summary><c>dmm anchor verify</c>: what an audit log and a posting prove, and what neither proves.</summary>
public sealed class AnchorVerifyTests : IAsyncLifetime
{
    private readonly AnchoredDesk _desk = new();

    public ValueTask InitializeAsync()
    {
        // Six rows: the run's start, and these.
        _desk.Run("one", "two", "three", "four", "five");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task LogAtItsPosting_IsProved_AndTellsWhatCameSince()
    {
        var (head, last) = (_desk.HeadAt(4), _desk.HeadAt(6));
        _desk.Post(3, 4, head);
        var run = await Verify();
        (run.ExitCode, run.Error).ShouldBe((0, ""));
        Lines(run.Output).ShouldBe(
        [
            $"proved: the chain agrees with posting 3 (row 4, head {head})",
            "rows not posted yet: 2",
            $"{_desk.ArchiveFile}: audit log intact: 6 rows, head {last}",
        ]);
        var json = (await Verify("--json")).Json;
        var posting = $$"""{"sequence":3,"rows":4,"head":"{{head}}"}""";
        var chain = $$"""{"isIntact":true,"rows":6,"head":"{{last}}","text":"audit log intact: 6 rows, head {{last}}"}""";
        json.GetRawText().ShouldBe(
            $$"""{"isProved":true,"verdict":"agrees","reason":"the chain agrees with posting 3 (row 4, head {{head}})","rowsSince":2"""
            + $$""","contract":"{{AnchoredDesk.Anchor}}","posting":{{posting}},"archive":"{{_desk.ArchiveFile}}","chain":{{chain}}"""
            + "}");
        _desk.Node.Bodies.ShouldAllBe(body => body == $$"""{"address":"{{AnchoredDesk.Anchor}}","method":"get_anchor","stack":[]}""");
    }

    [Fact]
    public async Task NothingPosted_ProvesNothing()
    {
        _desk.Tell("0", "0", "0x0");
        var run = await Verify();
        (run.ExitCode, Lines(run.Output)[0]).ShouldBe((1, "not proved: the anchor keeps no posting yet"));
        var json = await Verify("--json");
        json.ExitCode.ShouldBe(1);
        json.Json.GetProperty("verdict").GetString().ShouldBe("nothingPosted");
        json.Json.GetProperty("rowsSince").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task RowsCutOff_AreMissed_ThoughTheRestHolds()
    {
        var head = _desk.HeadAt(6);
        _desk.Post(1, 6, head);
        (await Verify()).ExitCode.ShouldBe(0);
        _desk.Tamper("DELETE FROM audit WHERE number > 4");
        var run = await Verify();
        run.ExitCode.ShouldBe(1);
        Lines(run.Output).ShouldBe(
        [
            $"not proved: the chain has 4 rows: expected at least those of posting 1 (row 6, head {head})",
            "rows not posted yet: 0",
            $"{_desk.ArchiveFile}: audit log intact: 4 rows, head {_desk.HeadAt(4)}",
        ]);
    }

    [Fact]
    public async Task LogWrittenAnew_HoldsInItself_AndDiffers()
    {
        await using var other = new AnchoredDesk();
        other.Run("one", "two", "another three", "four", "five");
        _desk.Post(2, 5, other.HeadAt(5));
        var run = await Verify();
        run.ExitCode.ShouldBe(1);
        Lines(run.Output)[0].ShouldBe($"not proved: the chain has the head {_desk.HeadAt(5)} there: expected that of posting 2 "
            + $"(row 5, head {other.HeadAt(5)})");
        Lines(run.Output)[2].ShouldContain("audit log intact: 6 rows");
        // Up to where they are the same it agrees.
        _desk.Post(1, 3, other.HeadAt(3));
        (await Verify()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task RowAltered_IsNamed_BeforeThePostingAndAfterIt()
    {
        var (fourth, third) = (_desk.HeadAt(4), _desk.HeadAt(3));
        const string broken = "audit log broken: row 4 is not what was written: its hash does not follow from its text and the row before";
        _desk.Tamper("UPDATE audit SET text = text || ' ' WHERE number = 4");
        _desk.Post(2, 4, fourth);
        var before = await Verify();
        before.ExitCode.ShouldBe(1);
        Lines(before.Output)[0].ShouldBe($"not proved: the chain does not reach posting 2 (row 4, head {fourth}): {broken}");
        _desk.Post(1, 3, third);
        var after = await Verify();
        after.ExitCode.ShouldBe(1, "what was posted is whole, and the log is not");
        Lines(after.Output)[0].ShouldBe($"not proved: the chain agrees with posting 1 (row 3, head {third}), and is broken after it");
        Lines(after.Output)[2].ShouldBe($"{_desk.ArchiveFile}: {broken}");
        (await Verify("--json")).Json.GetProperty("isProved").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task DeskThatWrites_IsReadBesideIt()
    {
        _desk.Post(1, 6, _desk.HeadAt(6));
        using var data = DataFolder.Open(_desk.Folder);
        using var archive = SqliteArchive.Open(data.ArchiveFile);
        Lines((await Verify()).Output)[1].ShouldBe("rows not posted yet: 0");
        AnchoredDesk.Run(data, archive, ["six"]);
        var run = await Verify();
        (run.ExitCode, Lines(run.Output)[1]).ShouldBe((0, "rows not posted yet: 2"));
    }

    [Fact]
    public async Task OwnerThatIsSaid_MustBeThatOfTheAddress()
    {
        _desk.Post(1, 6, _desk.HeadAt(6));
        (await Verify("--owner", $"{AnchoredDesk.Owner}")).ExitCode.ShouldBe(0);
        var run = await Verify("--owner", $"{AnchoredDesk.Anchor}");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith($"--address {AnchoredDesk.Anchor} is not the anchor of --owner {AnchoredDesk.Anchor}: expected 0:");
        run.Output.ShouldBeEmpty();
    }

    private Task<CommandRun> Verify(params string[] more) => CommandRun.Of(["anchor", "verify", .. _desk.Arguments, .. more]);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
