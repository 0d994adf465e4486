using Dmm.Sinks.Redis;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>What every store of leases does.</summary>
public abstract class LeaseStoreContract
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(30);

    protected abstract ILeaseStore Store { get; }

    /// <summary>The time to live of the lease has passed.</summary>
    protected abstract void Expire();

    protected abstract void Flush();

    /// <summary>The server was restarted, or another became primary, with what was stored.</summary>
    protected abstract void BeginAnew();

    [Fact]
    public async Task EmptyStore_GivesTheAssetToNobodyForOneTimeToLive()
    {
        var asked = await Acquire("a");
        (asked.Epoch, asked.Holder).ShouldBe((0, ""));
        asked.HeldFor.ShouldBeInRange(Ttl / 2, Ttl);
        (await Acquire("b")).Epoch.ShouldBe(0);
        Expire();
        (await Acquire("b")).Epoch.ShouldBe(1);
    }

    [Fact]
    public async Task HeldByAnother_NamesItAndHowLong()
    {
        await Owned("a");
        var asked = await Acquire("b");
        (asked.Epoch, asked.Holder).ShouldBe((0, "a"));
        asked.HeldFor.ShouldBeInRange(Ttl / 2, Ttl);
    }

    [Fact]
    public async Task SameNodeAgain_GetsANewEpoch()
    {
        var epoch = await Owned("a");
        (await Acquire("a")).Epoch.ShouldBe(epoch + 1);
        (await Renew("a", epoch)).ShouldBeFalse();
        (await Renew("a", epoch + 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task EpochIsAboveTheFloorOfTheJournal()
    {
        await Owned("a", floor: 7);
        Expire();
        (await Acquire("b", floor: 3)).Epoch.ShouldBe(9);
        Expire();
        (await Acquire("a", floor: 20)).Epoch.ShouldBe(21);
    }

    [Fact]
    public async Task Expired_TheNextGetsItAndTheFormerCannotRenew()
    {
        var epoch = await Owned("a");
        Expire();
        (await Acquire("b")).Epoch.ShouldBe(epoch + 1);
        (await Renew("a", epoch)).ShouldBeFalse();
        (await Acquire("a")).Holder.ShouldBe("b");
    }

    [Fact]
    public async Task ExpiredAndNotTaken_RenewalGoesOnWithTheSameEpoch()
    {
        var epoch = await Owned("a");
        Expire();
        (await Renew("a", epoch)).ShouldBeTrue();
        (await Acquire("b")).Holder.ShouldBe("a");
    }

    [Fact]
    public async Task Released_IsFreeAtOnce_ButOnlyByItsOwner()
    {
        var epoch = await Owned("a");
        await Store.ReleaseAsync("DCT", "b", epoch);
        await Store.ReleaseAsync("DCT", "a", epoch - 1);
        (await Acquire("b")).Holder.ShouldBe("a");
        await Store.ReleaseAsync("DCT", "a", epoch);
        (await Acquire("b")).Epoch.ShouldBe(epoch + 1);
    }

    [Fact]
    public async Task FlushedWithTheOwnerAlive_ItsRenewalBringsLeaseAndEpochBack()
    {
        var epoch = await Owned("a", floor: 4);
        Flush();
        (await Acquire("b")).ShouldBe(new(0, "", Ttl));
        (await Renew("a", epoch)).ShouldBeTrue();
        (await Acquire("b")).Holder.ShouldBe("a");
        Expire();
        (await Acquire("b")).Epoch.ShouldBe(epoch + 1);
    }

    [Fact]
    public async Task FlushedWithTheOwnerDead_TheEpochRisesFromTheJournals()
    {
        var epoch = await Owned("a", floor: 4);
        Flush();
        (await Acquire("b", floor: epoch)).Epoch.ShouldBe(0);
        Expire();
        (await Acquire("b", floor: epoch)).Epoch.ShouldBe(epoch + 1);
    }

    [Fact]
    public async Task FlushedAndAHigherEpochIsKnown_TheOldOwnerCannotRenew()
    {
        var epoch = await Owned("a");
        Flush();
        await Acquire("b", floor: epoch + 1);
        (await Renew("a", epoch)).ShouldBeFalse();
    }

    [Fact]
    public async Task ServerThatBeganAnew_WaitsForAnOwnerItMayHaveForgotten()
    {
        var epoch = await Owned("a");
        BeginAnew();
        (await Acquire("b")).Holder.ShouldBe("a");
        Expire();
        (await Acquire("b")).ShouldBe(new(0, "", Ttl));
        // What the server lost: another owner with a later epoch, which renews in time.
        (await Renew("c", epoch + 1)).ShouldBeTrue();
        (await Renew("a", epoch)).ShouldBeFalse();
        Expire();
        (await Acquire("b")).Epoch.ShouldBe(epoch + 2);
    }

    private Task<LeaseGrant> Acquire(string node, int floor = 0) => Store.AcquireAsync("DCT", node, floor, Ttl);

    private Task<bool> Renew(string node, int epoch) => Store.RenewAsync("DCT", node, epoch, Ttl);

    private async Task<int> Owned(string node, int floor = 0)
    {
        await Acquire(node, floor);
        Expire();
        var epoch = (await Acquire(node, floor)).Epoch;
        epoch.ShouldBe(floor + 1);
        return epoch;
    }
}

public sealed class ModelLeasesTests : LeaseStoreContract
{
    private readonly ModelLeases _model = new(new FakeTimeProvider());

    protected override ILeaseStore Store => _model;

    protected override void Expire() => _model.Expire();

    protected override void Flush() => _model.Flush();

    protected override void BeginAnew() => _model.Restart();
}

public sealed class RedisLeasesTests : LeaseStoreContract, IClassFixture<SharedRedis>, IDisposable
{
    private readonly RedisUnderTest _redis;
    private readonly RedisLeases _leases;

    public RedisLeasesTests(SharedRedis shared)
    {
        _redis = shared.Keys();
        _leases = RedisLeases.Open(_redis.Options);
    }

    protected override ILeaseStore Store => _leases;

    public void Dispose()
    {
        _leases.Dispose();
        _redis.Dispose();
    }

    protected override void Expire() => _redis.Side.KeyDelete(_redis.Key("lease:{DCT}"));

    protected override void Flush() => _redis.Server.FlushAll();

    protected override void BeginAnew() => _redis.Side.HashSet(_redis.Key("epoch:{DCT}"), "server", "another");
}
