using Dmm.Core.Messages;
using Dmm.Pipeline.Group;
using Dmm.Sinks.Redis;

namespace Dmm.Pipeline.Tests.Group;

/// <summary>When a desk is told that its quotes must go, as a renewal of its lease fails.</summary>
public sealed class LeaseNoticesTests
{
    private readonly List<string> _told = [];
    private LeaseStatus _status = new(LeaseState.Held, "ours");
    private TaskCompletionSource? _slow;

    [Fact]
    public async Task RenewalThatFailsWhileTheDeskIsOpen_ClosesTheWayOutUntilItWorks()
    {
        var notices = Notices();
        notices.Open();
        Become(notices, LeaseState.Failing, "no answer");
        Become(notices, LeaseState.Held, "ours again");
        await notices.CloseAsync();

        _told.ShouldBe(["hmac False no answer", "hmac True ours again"]);
    }

    [Fact]
    public async Task RenewalThatFailedBeforeTheDeskOpens_ClosesTheWayOutAtOnce()
    {
        var notices = Notices();
        Become(notices, LeaseState.Failing, "no answer");
        _told.ShouldBeEmpty();
        notices.Open();
        await notices.CloseAsync();

        _told.ShouldBe(["hmac False no answer"]);
    }

    [Fact]
    public async Task RenewalThatFailedAndWorkedBeforeTheDeskOpens_IsNotTold()
    {
        var notices = Notices();
        Become(notices, LeaseState.Failing, "no answer");
        Become(notices, LeaseState.Held, "ours again");
        notices.Open();
        await notices.CloseAsync();

        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherReasonForTheSameFailure_IsNotToldAgain()
    {
        var notices = Notices();
        notices.Open();
        Become(notices, LeaseState.Failing, "no answer");
        Become(notices, LeaseState.Failing, "read-only");
        await notices.CloseAsync();

        _told.ShouldBe(["hmac False no answer"]);
    }

    [Fact]
    public async Task LeaseThatIsLost_IsNotTold_AsTheDeskEndsWithIt()
    {
        var notices = Notices();
        notices.Open();
        Become(notices, LeaseState.Lost, "another has it");
        await notices.CloseAsync();
        Become(notices, LeaseState.Failing, "no answer");

        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task DeskThatIsSlow_HearsInTheOrderOfWhatHappened_AndIsWaitedFor()
    {
        _slow = new();
        var notices = Notices();
        notices.Open();
        Become(notices, LeaseState.Failing, "no answer");
        Become(notices, LeaseState.Held, "ours again");
        var closing = notices.CloseAsync();
        closing.IsCompleted.ShouldBeFalse();
        _slow.SetResult();
        await closing;

        _told.ShouldBe(["hmac False no answer", "hmac True ours again"]);
    }

    private LeaseNotices Notices() => new("hmac", () => _status, WriteAsync);

    private void Become(LeaseNotices notices, LeaseState state, string detail)
    {
        _status = new(state, detail);
        notices.Changed();
    }

    private async Task WriteAsync(Input input)
    {
        if (_slow is { } slow) await slow.Task;
        var told = (AdapterStatus)input.Control;
        _told.Add($"{told.Venue} {told.AcceptsOrders} {told.Reason}");
    }
}
