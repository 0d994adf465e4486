using Dmm.Pipeline.Driving;

namespace Dmm.Pipeline.Tests.Driving;

public sealed class SteadyTimeProviderTests
{
    private readonly SteppedClock _host = new();

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(86_400)]
    [InlineData(-86_400)]
    public void WallClockThatIsSet_DoesNotMoveIt(int seconds)
    {
        var steady = new SteadyTimeProvider(_host);
        var before = steady.GetUtcNow();

        _host.Set(TimeSpan.FromSeconds(seconds));
        steady.GetUtcNow().ShouldBe(before);
        _host.Pass(TimeSpan.FromSeconds(10));

        var slewed = 10 * SteadyTimeProvider.SlewPerSecond * Math.Sign(seconds);
        steady.GetUtcNow().ShouldBe(before + TimeSpan.FromSeconds(10) + slewed);
        steady.Offset.ShouldBe(TimeSpan.FromSeconds(seconds) - slewed);
    }

    [Fact]
    public void WallClockThatDrifts_IsFollowed()
    {
        var steady = new SteadyTimeProvider(_host);
        for (var second = 0; second < 100; second++)
        {
            _host.Pass(TimeSpan.FromSeconds(1));
            _host.Set(TimeSpan.FromMicroseconds(200));
            steady.GetUtcNow().ShouldBe(_host.GetUtcNow());
        }
    }

    [Fact]
    public void WallClockSetBackAndForth_TimeNeverFalls()
    {
        var steady = new SteadyTimeProvider(_host);
        var last = steady.GetUtcNow();
        for (var step = 0; step < 1_000; step++)
        {
            _host.Set(TimeSpan.FromSeconds(step % 2 == 0 ? 5 : -5));
            _host.Pass(TimeSpan.FromMilliseconds(step % 7));
            var now = steady.GetUtcNow();
            now.ShouldBeGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    /// <summary>A wall clock that is set apart from the time that passes.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => (_wall, _ticks) = (_wall + time, _ticks + time.Ticks);

        public void Set(TimeSpan by) => _wall += by;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;
    }
}
