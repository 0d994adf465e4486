using System.Text;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Running;

/// <summary>What operators ask of a running desk, by way of its data folder.</summary>
public sealed class OperatorInboxTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ControlMessage> _taken = [];
    private Task _running = Task.CompletedTask;

    private string Data => _folder["data"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Command_BecomesAnInputWithWhoAndWhy_AndIsAnswered()
    {
        Start();
        var run = await AskAsync("okx", "--by", "ann", "--reason", "deposit of 500 DCT");
        (run.ExitCode, run.Output.Trim(), run.Error).ShouldBe(
            (ExitCodes.Success, "taken: what okx counts otherwise than fills explain is held from now on", ""));
        _taken.ShouldBe([new CountAcceptance("okx", "ann", "deposit of 500 DCT")]);
        Directory.GetFiles(OperatorInbox.FolderOf(Data)).ShouldBeEmpty();
    }

    [Fact]
    public async Task VenueThatTheDeskDoesNotCount_IsRefusedByName()
    {
        Start();
        var run = await AskAsync("bybit-spot", "--by", "ann", "--reason", "deposit");
        (run.ExitCode, run.Error.Trim()).ShouldBe((ExitCodes.BadInput, "'bybit-spot' is not counted here: expected one of okx, okx:DCT-USDT-SWAP"));
        _taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nobody's name is given", "--by", " ", "--reason", "deposit")]
    [InlineData("no reason is given", "--by", "ann", "--reason", "")]
    [InlineData("Option '--reason' is required", "--by", "ann")]
    public async Task WithoutNameOrReason_NothingIsAsked(string fault, params string[] arguments)
    {
        Start();
        var run = await AskAsync(["okx", .. arguments]);
        run.ExitCode.ShouldBe(ExitCodes.BadInput);
        run.Error.ShouldContain(fault);
        _taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoDesk_IsSaid_AndNothingIsLeftForTheNextOne()
    {
        var run = await AskAsync("okx", "--by", "ann", "--reason", "deposit");
        (run.ExitCode, run.Output).ShouldBe((ExitCodes.CheckFailed, ""));
        run.Error.ShouldStartWith("no desk took it within 5 s: is one running with the data folder ");
        // The folder of a desk that has ended.
        Directory.CreateDirectory(OperatorInbox.FolderOf(Data));
        (await AskAsync("okx", "--by", "ann", "--reason", "deposit")).ExitCode.ShouldBe(ExitCodes.CheckFailed);
        Directory.GetFiles(OperatorInbox.FolderOf(Data)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{", "the request cannot be read: ")]
    [InlineData("null", "the request cannot be read: it is null")]
    [InlineData("""{"accept":"okx","operator":"ann","reason":"x","at":"2026-01-05T12:00:00Z","also":1}""", "the request cannot be read: ")]
    [InlineData("""{"accept":"okx","operator":null,"reason":"x","at":"2026-01-05T12:00:00Z"}""", "the request cannot be read: ")]
    [InlineData("""{"accept":"okx","operator":"ann","reason":"x","at":"2026-01-05T12:00:00Z"}""", "it was asked at 2026-01-05T12:00:00.0000000+00:00, too long ago")]
    public async Task RequestThatCannotBeDone_IsAnsweredAndNoInput(string text, string reason)
    {
        var answered = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Directory.CreateDirectory(OperatorInbox.FolderOf(Data));
        using var watcher = new FileSystemWatcher(OperatorInbox.FolderOf(Data), "*.answer") { EnableRaisingEvents = true };
        watcher.Renamed += (_, e) => answered.TrySetResult(e.FullPath);
        await File.WriteAllBytesAsync(Path.Combine(OperatorInbox.FolderOf(Data), "1.request"), Encoding.UTF8.GetBytes(text));
        Start();
        var answer = OperatorAnswer.Read(await File.ReadAllBytesAsync(await answered.Task.WaitAsync(TimeSpan.FromSeconds(30))));
        answer.IsTaken.ShouldBeFalse();
        answer.Text.ShouldStartWith(reason);
        _taken.ShouldBeEmpty();
    }

    private void Start() => _running = OperatorInbox.RunAsync(Data, ["okx", "okx:DCT-USDT-SWAP"], (command, _) =>
    {
        _taken.Add(command);
        return Task.CompletedTask;
    }, TimeProvider.System, _stop.Token);

    private Task<CommandRun> AskAsync(params string[] arguments) => CommandRun.Of(["accept-balance", .. arguments, "--data", Data]);
}
