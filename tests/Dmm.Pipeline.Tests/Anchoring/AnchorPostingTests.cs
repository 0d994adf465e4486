using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Pipeline.Tests.Wallets;
using Dmm.Sinks.Archive;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Anchoring;

/// <summary><c>dmm anchor deploy</c> and <c>post</c>: from a wallet's file to what the contract keeps.</summary>
public sealed class AnchorPostingTests : IAsyncLifetime
{
    private readonly WalletDesk _desk = new();
    private readonly FakeAnchorContract _anchor;

    public AnchorPostingTests()
    {
        _anchor = new(_desk.Address);
        _desk.Chain.Add(_anchor);
    }

    private string Archive => Path.Combine(_desk.Folder, "archive.db");

    public ValueTask InitializeAsync()
    {
        Log("one", "two", "three");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Anchor_IsDeployedOnce_AndEachHeadIsPostedAfterTheOneBefore()
    {
        var deployed = await _desk.Run("anchor", "deploy");
        deployed.ExitCode.ShouldBe(0);
        deployed.Output.TrimEnd().ShouldBe($"anchor {_anchor.Address.ToString(new AddressForm(IsBounceable: true))}  of {_desk.Address}: 0 postings");
        var again = await _desk.Run("anchor", "deploy", "--json");
        again.Error.TrimEnd().ShouldBe($"the anchor {_anchor.Address} is there already: nothing is sent");
        again.Output.TrimEnd().ShouldBe($$"""{"contract":"{{_anchor.Address}}","owner":"{{_desk.Address}}","sequence":0}""");

        var (row, head) = Head();
        var posted = await _desk.Run("anchor", "post");
        posted.ExitCode.ShouldBe(0);
        posted.Output.TrimEnd().ShouldBe($"posted: {_anchor.Address} keeps posting 1 (row {row}, head {head})");
        _anchor.State.ShouldBe(new AnchorState(1, (ulong)row, Hash256.FromHex(head)));
        (await Verify()).Output.ShouldStartWith("proved: ");
        await Nothing("the audit log has no row that is not posted yet");

        Log("four");
        var json = (await _desk.Run("anchor", "post", "--json")).Json;
        (json.GetProperty("sequence").GetInt32(), json.GetProperty("head").GetString()).ShouldBe((2, Head().Hash));
        _desk.Chain.Batches.Count.ShouldBe(3);
    }

    [Fact]
    public async Task PostingThatWasInterrupted_GoesOn_ThoughTheLogHasMoreRowsByThen()
    {
        (await _desk.Run("anchor", "deploy")).ExitCode.ShouldBe(0);
        var (row, head) = Head();
        _desk.Chain.IsDeaf = true;
        var stopped = await _desk.RunUntilSent("anchor", "post");
        stopped.ExitCode.ShouldBe(1);
        Lines(stopped.Error)[^1].ShouldStartWith("interrupted: anchor-post-");
        Log("four");
        _desk.Chain.IsDeaf = false;
        (await _desk.Run("anchor", "post")).Output.TrimEnd().ShouldBe($"posted: {_anchor.Address} keeps posting 1 (row {row}, head {head})");
        (await _desk.Run("anchor", "post")).ExitCode.ShouldBe(0);
        _anchor.State!.Value.Sequence.ShouldBe(2u);
        _desk.Chain.Came.Select(a => a.Hash).Distinct().Count().ShouldBe(3, "deployed, and two postings");
    }

    [Fact]
    public async Task HeadThatIsBehindTheContracts_IsNotPosted()
    {
        var (row, head) = Head();
        _anchor.State = new(4, (ulong)row + 2, Hash256.FromHex(head));
        await Nothing($"the chain has {row} rows: expected at least those of posting 4 (row {row + 2}, head {head})");
        _anchor.State = new(2, (ulong)row - 1, Hash256.FromHex(head));
        (await Post()).Error.ShouldContain("nothing to post: the chain has the head ");
        _desk.Chain.Came.ShouldBeEmpty();
    }

    [Fact]
    public async Task PostingThatTheContractRefuses_IsNotSettled_AndSaysWhy()
    {
        _anchor.State = AnchorState.Initial;
        // Somebody with the same key posts between the look and the posting.
        _desk.Chain.BeforeBatch = () => _anchor.State = new(1, 1, Hash256.FromHex(new string('a', 64)));
        var run = await Post();
        (run.ExitCode, run.Output).ShouldBe((1, ""));
        Lines(run.Error)[^1].ShouldEndWith(": the anchor refused: a posting of that number or a later one was taken before");
    }

    [Fact]
    public async Task AnchorThatIsNotThere_IsNamed()
    {
        var run = await Post();
        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Error.ShouldContain($"does not tell get_anchor of {_anchor.Address}");
    }

    private void Log(params string[] alerts)
    {
        using var data = DataFolder.Open(_desk.Folder);
        using var archive = SqliteArchive.Open(Archive);
        AnchoredDesk.Run(data, archive, alerts);
    }

    private (long Row, string Hash) Head()
    {
        using var archive = SqliteArchive.OpenToRead(Archive);
        var audit = archive.VerifyAudit(1);
        return (audit.Rows, audit.Head);
    }

    private async Task Nothing(string reason)
    {
        var run = await Post();
        (run.ExitCode, run.Error.TrimEnd(), run.Output).ShouldBe((1, $"nothing to post: {reason}", ""));
    }

    private Task<CommandRun> Post() => _desk.Run("anchor", "post");

    private Task<CommandRun> Verify() =>
        CommandRun.Of("anchor", "verify", "--address", $"{_anchor.Address}", "--node", $"{_desk.Node.Url}", "--data", _desk.Folder);

    private static string[] Lines(string output) => output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
}
