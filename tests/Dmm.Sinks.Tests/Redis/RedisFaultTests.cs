using System.Diagnostics;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Following;
using Dmm.Sinks.Redis;
using Dmm.Sinks.Tests.Archive;
using Dmm.Testing.Servers;

namespace Dmm.Sinks.Tests.Redis;

/// <summary>A server of its own for each test, to be broken.</summary>
public sealed class RedisFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("DMM_SOAK") == "1" ? 30 : 2);

    private readonly StoryJournal _story = new();
    private RedisServer? _server;
    private RedisUnderTest? _redis;

    public void Dispose()
    {
        _story.Dispose();
        _redis?.Dispose();
        _server?.Dispose();
    }

    [Fact]
    public void ServerThatIsNotThere_IsToldInTime()
    {
        var redis = Start();
        redis.Server.Kill();
        using var state = redis.Open();
        Unwritable(() => state.Position(_story.Identity)).ShouldBe($"Redis at {redis.Server.Address} cannot be used: no connection");
        redis.Server.Restart();
        RedisUnderTest.WhenBack(() => state.Position(_story.Identity)).ShouldBe(default);
    }

    [Fact]
    public async Task ServerKilledForAWhile_FollowingSaysSoAndCatchesUp()
    {
        var redis = Start();
        using var state = redis.Open();
        var told = new List<FollowStatus>();
        var (failed, works) = (Awaitable(), Awaitable());
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(1)).Flush();
        using (new FollowLoop("Redis", [], _story.Follow(state), TimeProvider.System, status =>
        {
            told.Add(status);
            (status.IsWorking ? works : failed).TrySetResult();
        }))
        {
            redis.Server.Kill();
            await failed.Task.WaitAsync(Patience);
            // The fault itself has a length.
            await Task.Delay(Away);
            _story.Hear(StoryJournal.Fill("t2", "a1", 1)).Decide(StoryJournal.Pnl(2)).Flush();
            redis.Server.Restart();
            await works.Task.WaitAsync(Patience);
            _story.Close();
        }

        told[0].Detail.ShouldBe($"Redis at {redis.Server.Address} cannot be used: no connection");
        told[^1].ShouldBe(new(true, "Redis works again: 0001-demo is taken up to input 2"));
        redis.Stream("fills").Select(f => f["tradeId"]).ShouldBe(["t1", "t2"]);
        redis.Field("orderFlowPnl").ShouldBe("2");
    }

    [Fact]
    public void ServerThatForgotEverything_IsTheSameAfterwards()
    {
        var redis = Start();
        using var state = redis.Open();
        _story.Traded().Flush().Follow(state).CatchUp(isClosed: false);
        _story.Hear(StoryJournal.Fill("t3", "a1", 2)).Decide(StoryJournal.Inventory(7)).Close().Follow(state).CatchUp(isClosed: true);
        var before = redis.Everything();
        redis.Server.FlushAll();
        redis.Everything().ShouldBeEmpty();
        state.Position(_story.Identity).ShouldBe(default);
        _story.Follow(state).CatchUp(isClosed: true).ShouldBe(26);
        redis.Everything().ShouldBe(before);
        redis.Server.Kill();
        redis.Server.Restart();
        RedisUnderTest.WhenBack(() => state.Position(_story.Identity)).ShouldBe(default);
        _story.Follow(state).CatchUp(isClosed: true).ShouldBe(26);
        RedisUnderTest.WhenBack(() => Everything(redis)).ShouldBe(before);
    }

    [Fact]
    public void ServerThatKeepsALog_GoesOnWhereItWas()
    {
        var redis = Start(isKept: true);
        using var state = redis.Open();
        _story.Traded().Close().Follow(state).CatchUp(isClosed: true);
        var before = redis.Everything();
        redis.Server.Kill();
        redis.Server.Restart();
        RedisUnderTest.WhenBack(() => state.Position(_story.Identity)).ShouldBe(new(1, 10, 13));
        RedisUnderTest.WhenBack(() => Everything(redis)).ShouldBe(before);
    }

    [Fact]
    public void ServerThatDoesNotAnswer_IsGivenUpInTime_AndALateAnswerDoublesNothing()
    {
        var redis = Start();
        using var state = redis.Open();
        var batches = Cuts.Single(_story.Traded().Close());
        foreach (var batch in batches.AsSpan(0, 10)) state.Apply(batch);
        redis.Server.Freeze();
        Unwritable(() => state.Apply(batches[10])).ShouldBe($"Redis at {redis.Server.Address} cannot be used: no answer within 1000 ms");
        redis.Server.Thaw();
        foreach (var batch in batches.AsSpan(10..))
        {
            RedisUnderTest.WhenBack(() =>
            {
                state.Apply(batch);
                return true;
            });
        }

        redis.Stream("fills").Select(f => f["tradeId"]).ShouldBe(["t1", "t2"]);
        (redis.Field("sequence"), redis.Field("decision")).ShouldBe(("10", "13"));
    }

    [Fact]
    public void ReadOnlyReplica_IsNotWritten_AndWorksWhenItIsPrimaryAgain()
    {
        var redis = Start();
        using var state = redis.Open();
        var batches = Cuts.Single(_story.Traded().Close());
        state.Apply(batches[0]);
        redis.Server.MakeReadOnly();
        Unwritable(() => state.Apply(batches[1])).ShouldContain("READONLY");
        redis.Server.MakePrimary();
        foreach (var batch in batches[1..])
        {
            RedisUnderTest.WhenBack(() =>
            {
                state.Apply(batch);
                return true;
            });
        }

        redis.Field("sequence").ShouldBe("10");
    }

    [Fact]
    public void ReplicaThatWasOneFromTheStart_IsToldAsSuch()
    {
        var redis = Start();
        redis.Server.MakeReadOnly();
        using var state = redis.Open();
        Unwritable(() => state.Apply(Cuts.Single(_story.Traded().Close())[0])).ShouldContain("READONLY");
    }

    [Fact]
    public void FullMemory_NothingIsWrittenUntilThereIsRoom()
    {
        var redis = Start();
        using var state = redis.Open();
        var batches = Cuts.Single(_story.Traded().Close());
        state.Apply(batches[0]);
        var before = redis.Everything();
        redis.Server.Set("maxmemory", "1");
        Unwritable(() => state.Apply(batches[1])).ShouldContain("OOM");
        redis.Everything().ShouldBe(before);
        redis.Server.Set("maxmemory", "0");
        state.Apply(batches[1]);
        state.Position(_story.Identity).ShouldBe(batches[1].To);
    }

    [Fact]
    public void WrongPassword_IsToldWithoutIt()
    {
        var redis = Start(password: "right-one");
        var options = redis.Options with { Connection = $"{redis.Server.Address},password=wrong-one" };
        using var state = RedisState.Open(options, TimeProvider.System);
        // On a busy machine the first call may come before the server has refused.
        var refused = RedisUnderTest.WhenBack(() => Should.Throw<SinkException>(() => state.Position(_story.Identity)) is var told
            && told.Message.EndsWith("no connection", StringComparison.Ordinal) ? throw told : told);
        refused.Message.ShouldBe($"Redis at {redis.Server.Address} cannot be used: it refuses the user or the password");
        refused.ToString().ShouldNotContain("wrong-one");
        options.ToString().ShouldBe($"Redis at {redis.Server.Address}, keys test:*");
        using var rightly = redis.Open();
        rightly.Position(_story.Identity).ShouldBe(default);
    }

    [Fact]
    public void KeyOfSomebodyElse_NothingIsWrittenAndItIsNamed()
    {
        var redis = Start();
        using var state = redis.Open();
        redis.Side.StringSet(redis.Key("fills"), "not a stream");
        var refused = Should.Throw<SinkException>(() => _story.Traded().Close().Follow(state).CatchUp(isClosed: true));
        refused.Fault.ShouldBe(SinkFault.Damaged);
        refused.Message.ShouldEndWith("WRONGTYPE test:fills is a string, not a stream");
        redis.Everything().ShouldBe(["test:fills not a stream"]);
    }

    [Theory]
    [InlineData("password=hush", "dmm", "names no host")]
    [InlineData("localhost:1,password=hush,nonsense=1", "dmm", "the connection string cannot be read")]
    [InlineData("localhost:1", "d m", "the key prefix 'd m'")]
    public void OptionsThatAreWrong_AreToldWithoutThePassword(string connection, string prefix, string fault)
    {
        var refused = Should.Throw<ParameterException>(
            () => RedisState.Open(new() { Connection = connection, KeyPrefix = prefix }, TimeProvider.System));
        refused.ToString().ShouldContain(fault);
        refused.ToString().ShouldNotContain("hush");
    }

    /// <summary>The test's own connection comes back later than the sink's.</summary>
    private static IReadOnlyList<string> Everything(RedisUnderTest redis)
    {
        try
        {
            return redis.Everything();
        }
        catch (StackExchange.Redis.RedisException e)
        {
            throw new SinkException(SinkFault.Unwritable, e.Message, e);
        }
    }

    private static string Unwritable(Action work)
    {
        var watch = Stopwatch.StartNew();
        var told = Should.Throw<SinkException>(work);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        told.Fault.ShouldBe(SinkFault.Unwritable);
        return told.Message;
    }

    private static TaskCompletionSource Awaitable() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisUnderTest Start(string? password = null, bool isKept = false)
    {
        _server = RedisServer.Start(password, isKept);
        return _redis = new(_server, "test");
    }
}
