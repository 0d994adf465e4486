using Dmm.Pipeline.Tests.Commands;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Anchoring;

/// <summary><c>dmm anchor message</c>: the posting that follows what the contract keeps, or why there is none.</summary>
public sealed class AnchorMessageCommandTests : IAsyncLifetime
{
    private readonly AnchoredDesk _desk = new();

    public ValueTask InitializeAsync()
    {
        _desk.Run("one", "two", "three");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task FirstPosting_FollowsNothing()
    {
        _desk.Tell("0", "0", "0");
        var run = await Message("--testnet");
        (run.ExitCode, run.Error).ShouldBe((0, ""));
        var post = new AnchorPost(1, 1, 4, default, Hash256.FromHex(_desk.HeadAt(4)));
        run.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n').ShouldBe(
        [
            $"posting 1 (row 4, head {_desk.HeadAt(4)}) after posting 0",
            $"to     {AnchoredDesk.Anchor.ToString(new AddressForm(IsBounceable: true, IsTestOnly: true))}  "
                + "from its owner; the contract refuses anybody else",
            "value  0.02 TON  what is not used comes back",
            $"body   {post.ToCell().ToBase64()}",
        ]);
    }

    [Fact]
    public async Task LaterPosting_NamesTheHeadBeforeIt_AndIsProvedOnceItIsMade()
    {
        _desk.Post(5, 5, _desk.HeadAt(4));
        (await Message()).ExitCode.ShouldBe(1, "row 5 is not there");
        _desk.Post(2, 3, _desk.HeadAt(3));
        var json = (await Message("--json")).Json;
        var post = AnchorPost.Read(Cell.FromBase64(json.GetProperty("body").GetString()!));
        post.ShouldBe(new(3, 3, 4, Hash256.FromHex(_desk.HeadAt(3)), Hash256.FromHex(_desk.HeadAt(4))));
        json.GetRawText().ShouldBe(
            $$"""{"contract":"{{AnchoredDesk.Anchor}}","value":"20000000","body":"{{post.ToCell().ToBase64()}}","sequence":3,"rows":4"""
            + $$""","previous":"{{_desk.HeadAt(3)}}","head":"{{_desk.HeadAt(4)}}"}""");
        // As the contract does with it.
        _desk.Post((int)post.Sequence, (int)post.Rows, post.Head.ToString());
        (await CommandRun.Of(["anchor", "verify", .. _desk.Arguments])).ExitCode.ShouldBe(0);
        await Nothing("the audit log has no row that is not posted yet");
    }

    [Fact]
    public async Task LogThatIsNotWhatWasPosted_IsNotPosted()
    {
        var third = _desk.HeadAt(3);
        _desk.Post(2, 3, _desk.HeadAt(2));
        await Nothing($"the chain has the head {third} there: expected that of posting 2 (row 3, head {_desk.HeadAt(2)})");
        _desk.Post(2, 3, third);
        _desk.Tamper("UPDATE audit SET hash = '0' WHERE number = 4");
        const string broken = "audit log broken: row 4 is not what was written: its hash does not follow from its text and the row before";
        await Nothing(broken);
        _desk.Tell("0", "0", "0");
        await Nothing(broken);
    }

    private async Task Nothing(string reason)
    {
        var run = await Message();
        (run.ExitCode, run.Error.TrimEnd(), run.Output).ShouldBe((1, $"nothing to post: {reason}", ""));
    }

    private Task<CommandRun> Message(params string[] more) => CommandRun.Of(["anchor", "message", .. _desk.Arguments, .. more]);
}
