using Dmm.Core.Ports;
using Dmm.Sinks.Redis;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>Until when a node may send, on its own clock.</summary>
public sealed class OwnershipLeaseTests
{
    private static readonly LeaseRequest Request = new("DCT", "node-1", FloorEpoch: 0);

    private readonly FakeTimeProvider _time = new();
    private readonly List<LeaseStatus> _told = [];
    private readonly SlowStore _store;

    public OwnershipLeaseTests()
    {
        _store = new(new ModelLeases(_time), _time);
        _store.Model.AcquireAsync("DCT", "node-1", 0, TimeSpan.Zero).IsCompletedSuccessfully.ShouldBeTrue();
        _store.Model.Expire();
    }

    [Fact]
    public async Task NotRenewed_EndsATenthBeforeTheTimeToLive()
    {
        using var lease = await Granted();
        _time.Advance(TimeSpan.FromSeconds(4.5) - TimeSpan.FromTicks(1));
        (lease.IsValid, lease.Lost.IsCancellationRequested).ShouldBe((true, false));
        _time.Advance(TimeSpan.FromTicks(1));
        (lease.IsValid, lease.Lost.IsCancellationRequested).ShouldBe((false, true));
        _told.ShouldBe([new(LeaseState.Lost, "DCT with epoch 1 is no longer ours: it was not renewed in time")]);
        (await lease.RenewAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task SlowAnswer_CountsFromBeforeTheRequest()
    {
        _store.AnswersAfter = TimeSpan.FromSeconds(2);
        var asked = OwnershipLease.AcquireAsync(_store, _time, Request, _told.Add);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var lease = (await asked).ShouldBeOfType<LeaseReply.Granted>().Lease;
        _time.GetElapsedTime(_time.GetTimestamp(), lease.ValidUntil).ShouldBe(TimeSpan.FromSeconds(2.5));
        var renewed = lease.RenewAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await renewed).ShouldBeTrue();
        _time.GetElapsedTime(_time.GetTimestamp(), lease.ValidUntil).ShouldBe(TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task AnswerThatComesTooLate_GivesNothing()
    {
        _store.AnswersAfter = TimeSpan.FromSeconds(4.5);
        var asked = OwnershipLease.AcquireAsync(_store, _time, Request, _told.Add);
        _time.Advance(TimeSpan.FromSeconds(4.5));
        (await Should.ThrowAsync<SinkException>(asked)).Message.ShouldContain("too late");
    }

    [Fact]
    public async Task RenewalAnsweredAfterTheEnd_DoesNotBringItBack()
    {
        using var lease = await Granted();
        _time.Advance(TimeSpan.FromSeconds(3));
        _store.AnswersAfter = TimeSpan.FromSeconds(2);
        var renewed = lease.RenewAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await renewed, lease.IsValid, lease.Lost.IsCancellationRequested).ShouldBe((false, false, true));
        _told.ShouldHaveSingleItem().State.ShouldBe(LeaseState.Lost);
    }

    [Fact]
    public async Task Kept_LastsUntilTheCallerHasEnough()
    {
        using var lease = await Granted();
        using var enough = new CancellationTokenSource();
        var kept = lease.KeepAsync(() => 0.5, enough.Token);
        for (var i = 0; i < 1_000; i++) _time.Advance(TimeSpan.FromMilliseconds(100));
        (lease.IsValid, kept.IsCompleted, _told.Count).ShouldBe((true, false, 0));
        enough.Cancel();
        await kept;
        lease.IsValid.ShouldBeTrue();
    }

    [Fact]
    public async Task StoreAwayForAMoment_IsToldAndSurvived()
    {
        using var lease = await Granted();
        using var enough = new CancellationTokenSource();
        var kept = lease.KeepAsync(() => 0.5, enough.Token);
        _store.IsAway = true;
        for (var i = 0; i < 30; i++) _time.Advance(TimeSpan.FromMilliseconds(100));
        _store.IsAway = false;
        for (var i = 0; i < 100; i++) _time.Advance(TimeSpan.FromMilliseconds(100));
        _told.Select(t => t.State).ShouldBe([LeaseState.Failing, LeaseState.Held]);
        _told[0].Detail.ShouldBe("DCT cannot be renewed: away");
        lease.IsValid.ShouldBeTrue();
        enough.Cancel();
        await kept;
    }

    [Fact]
    public async Task StoreAwayForLong_EndsInTime()
    {
        using var lease = await Granted();
        var kept = lease.KeepAsync(() => 0.5, CancellationToken.None);
        _store.IsAway = true;
        _time.Advance(TimeSpan.FromSeconds(4.5) - TimeSpan.FromTicks(1));
        lease.IsValid.ShouldBeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
        await kept;
        _told.Select(t => t.State).ShouldBe([LeaseState.Failing, LeaseState.Lost]);
    }

    [Fact]
    public async Task TakenByAHigherEpoch_EndsWithTheNextRenewal()
    {
        using var lease = await Granted();
        await _store.Model.AcquireAsync("DCT", "node-1", 5, TimeSpan.FromSeconds(5));
        (await lease.RenewAsync(), lease.IsValid).ShouldBe((false, false));
        _told.ShouldBe([new(LeaseState.Lost, "DCT with epoch 1 is no longer ours: another node has it, or a higher epoch was given")]);
    }

    [Fact]
    public async Task WallClockThatSteps_ChangesNothing()
    {
        var time = new SteppingTime(_time);
        using var lease = (await OwnershipLease.AcquireAsync(_store, time, Request, _told.Add)).ShouldBeOfType<LeaseReply.Granted>().Lease;
        foreach (var step in new[] { 5, -10, 5 })
        {
            time.Step += TimeSpan.FromSeconds(step);
            _time.Advance(TimeSpan.FromSeconds(1));
            lease.IsValid.ShouldBeTrue();
        }

        _time.Advance(TimeSpan.FromSeconds(1.5));
        (lease.IsValid, lease.Lost.IsCancellationRequested).ShouldBe((false, true));
    }

    [Fact]
    public async Task Released_NothingMayBeSentFromThenOnAndAnotherMayAtOnce()
    {
        var lease = await Granted();
        await lease.ReleaseAsync();
        (lease.IsValid, lease.Lost.IsCancellationRequested, lease.Status.State).ShouldBe((false, true, LeaseState.Released));
        using var next = (await OwnershipLease.AcquireAsync(_store, _time, Request with { Node = "node-2" }, _told.Add))
            .ShouldBeOfType<LeaseReply.Granted>().Lease;
        next.Epoch.ShouldBe(2);
        lease.Dispose();
    }

    [Fact]
    public async Task HeldByAnother_SaysByWhomAndHowLong()
    {
        using var lease = await Granted();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await OwnershipLease.AcquireAsync(_store, _time, Request with { Node = "node-2" }, _told.Add)).ShouldBe(
            new LeaseReply.Held("node-1", TimeSpan.FromSeconds(3)));
    }

    private async Task<OwnershipLease> Granted() =>
        (await OwnershipLease.AcquireAsync(_store, _time, Request, _told.Add)).ShouldBeOfType<LeaseReply.Granted>().Lease;

    /// <summary>A store that carries a request out at once and answers later.</summary>
    private sealed class SlowStore(ModelLeases model, TimeProvider time) : ILeaseStore
    {
        public ModelLeases Model => model;

        public TimeSpan AnswersAfter { get; set; }

        public bool IsAway { get; set; }

        public Task<LeaseGrant> AcquireAsync(string asset, string node, int floorEpoch, TimeSpan ttl) =>
            Later(() => model.AcquireAsync(asset, node, floorEpoch, ttl));

        public Task<bool> RenewAsync(string asset, string node, int epoch, TimeSpan ttl) => Later(() => model.RenewAsync(asset, node, epoch, ttl));

        public Task ReleaseAsync(string asset, string node, int epoch) => model.ReleaseAsync(asset, node, epoch);

        private async Task<T> Later<T>(Func<Task<T>> work)
        {
            if (IsAway) throw new SinkException(SinkFault.Unwritable, "away");
            var answer = await work().ConfigureAwait(false);
            if (AnswersAfter > TimeSpan.Zero) await Task.Delay(AnswersAfter, time).ConfigureAwait(false);
            return answer;
        }
    }

    /// <summary>The same monotonic clock under a wall clock that somebody sets.</summary>
    private sealed class SteppingTime(FakeTimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
