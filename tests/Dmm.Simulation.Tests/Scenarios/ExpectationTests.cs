using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Simulation.Tests.Scenarios;

/// <summary>When a thing must hold, to the tick.</summary>
public sealed class ExpectationTests
{
    private static readonly Condition Halted = new StateIs(TradingState.Halted);
    private static readonly Condition Widened = new StateIs(TradingState.Widened);

    [Fact]
    public void AtOnce_MeansThatInstantAndNoOther()
    {
        Silent().Expect(2.999, Widened).Expect(3, Halted).ShouldPass(2);
        Silent().Expect(2.999, Halted).ShouldFail("expected state is Halted; but state is Widened", 2.999);
    }

    [Fact]
    public void Within_IsMetAtTheDeadlineAndFailsRightAfterIt()
    {
        Silent().ExpectWithin(0, 3, Halted).ShouldPass(1);
        Silent().ExpectWithin(0, 2.999, Halted).ShouldFail("expected within 2.999 s: state is Halted; but in the end state is Widened", 2.999);
    }

    [Fact]
    public void Throughout_FailsAtTheFirstMomentThatDoesNotComply()
    {
        Silent().ExpectThroughout(1.5, 1.499, Widened).ShouldPass(1);
        Silent().ExpectThroughout(1.5, 5, Widened).ShouldFail("expected for 5 s: state is Widened; but state is Halted", 3);
    }

    [Fact]
    public void Never_FailsAtTheMomentItHappens()
    {
        Silent().Never(0, 2.999, Halted).ShouldPass(1);
        (Silent().Never(0, null, Halted) with { Length = TimeSpan.FromSeconds(5) })
            .ShouldFail("expected never, to the end: state is Halted; but state is Halted", 3);
    }

    [Fact]
    public void Never_OfSeveralMeansAllAtOneMoment()
    {
        Silent().Never(0, 5, Halted, new QuoteMeasures(QuoteMeasure.Rungs, Bounds.Some)).ShouldPass(1);
        Silent().Never(0, 5, Halted, new QuoteMeasures(QuoteMeasure.Rungs, Bounds.None)).ShouldFail("rungs at alpha is 0", 3);
    }

    [Fact]
    public void Never_AnEventOfOneInstantIsNotOneOfTheNext()
    {
        var cancels = new OrdersSent(OrderIntentKind.Cancel, Bounds.Some);
        Silent().Never(0, 2.9, cancels).Never(3.1, 2, cancels).ShouldPass(2);
        Silent().Never(0, 5, cancels).ShouldFail("orders cancelled: 6", 3);
    }

    [Fact]
    public void Never_WithAMarketLeftOpenMeansAnyOfThem()
    {
        var silent = Scenario.On(ScenarioMarket.TwoVenues(), "one silent").At(0, new FeedFallsSilent("beta"));
        silent.Never(0, 5, new WithheldBecause("old")).ShouldFail("withheld at beta", 3);
        silent.Expect(3, new WithheldBecause("old")).ShouldFail("nothing is withheld at alpha", 3);
    }

    [Fact]
    public void Failure_TellsTheWholeCourse()
    {
        var message = Should.Throw<ScenarioFailedException>(ScenarioRun.Of(Silent().Expect(1, Halted)).ThrowIfFailed).Message;
        message.ShouldContain("scenario 'silent' failed, seed 1:");
        message.ShouldContain("     0.000 s  ▸          feed at alpha goes silent");
        message.ShouldContain("     1.000 s  ✗ FAILED   expected state is Halted; but state is Active");
    }

    private static Scenario Silent() => Scenario.On(ScenarioMarket.OneVenue(), "silent").At(0, new FeedFallsSilent("alpha"));
}

internal static class ScenarioAssertions
{
    public static void ShouldPass(this Scenario scenario, int met) => ScenarioRun.Of(scenario).ThrowIfFailed().MetCount.ShouldBe(met);

    public static void ShouldFail(this Scenario scenario, string words, double seconds)
    {
        var failure = ScenarioRun.Of(scenario).Failures.ShouldHaveSingleItem();
        failure.Text.ShouldContain(words);
        failure.At.ShouldBe(TimeSpan.FromSeconds(seconds));
    }
}
