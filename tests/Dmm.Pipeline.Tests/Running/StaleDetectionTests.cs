using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Tests.Running;

public sealed class StaleDetectionTests
{
    private readonly StaleDetection _detection = new();

    [Fact]
    public void NothingWentStale_NothingIsTold()
    {
        Decide(BreakerKind.Staleness, TradingState.Active, 0.1);
        Decide(BreakerKind.Staleness, TradingState.Widened, 1.2);
        Decide(BreakerKind.Drawdown, TradingState.Halted, 600);
        _detection.Facts().ShouldBeEmpty();
    }

    [Fact]
    public void EachHalt_CountsWithTheAgeItWasNoticedAt()
    {
        foreach (var age in (ReadOnlySpan<double>)[0, 3.001, 5, 3]) Decide(BreakerKind.Staleness, TradingState.Halted, age);
        _detection.Facts().Select(fact => (fact.Key, (long)fact.Value)).ShouldBe([("staleFeeds", 4L), ("staleDetectedP50Ms", 3_001), ("staleDetectedMaxMs", 5_003)]);
    }

    private void Decide(BreakerKind kind, TradingState demand, double value) => _detection.OnDecision(new(1, default, new BreakerState
    {
        Kind = kind, Subject = "okx:DCT-USDT", Demand = demand, Multiplier = 1, Value = value, Threshold = 3, Reason = "test",
    }));
}
