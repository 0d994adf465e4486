using Dmm.Core;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>The rules one by one; together, under every fault, in <see cref="SenderSimulationTests"/>.</summary>
public sealed class SenderKernelTests
{
    private const uint Now = 1_750_000_000;

    private static readonly Address Bob = new(0, new Hash256([.. Enumerable.Repeat((byte)0xB0, 32)]));
    private static readonly WalletV5R1 Wallet = new(Bob.Account);

    private readonly SenderKernel _kernel = new(Wallet, new SenderOptions { QueueMax = 2 }.Checked(), ChainFees.Basic);

    [Fact]
    public void NumberUsedUpBySomebodyElse_RaisesAnAlarm_AndNothingIsSignedAnyMore()
    {
        var state = InFlight(seqno: 7);
        state = Step(_kernel.Viewed(state, View(8, Now + 5)), []);
        state = Step(_kernel.Untraced(state, Now + 60 + 599), []);
        var (halted, effects) = _kernel.Untraced(state, Now + 60 + 600);
        effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Alarm>().Reason.ShouldContain("somebody else signs with this key");
        _kernel.Viewed(halted, View(8, Now + 2_000)).Effects.ShouldBeEmpty();
        halted.Flight.ShouldNotBeNull("its outcome is unknown, and stays so");
    }

    [Fact]
    public void NodeThatIsBehind_IsPassedOver()
    {
        var state = InFlight(seqno: 7);
        state = _kernel.Viewed(state, View(8, Now + 5)).State;
        // The same block's time, and the number of before.
        _kernel.Viewed(state, View(7, Now + 5)).Effects.ShouldBeEmpty();
        _kernel.Viewed(state, View(7, Now + 500)).Effects.ShouldBeEmpty("another node was ahead of it");
        _kernel.Viewed(InFlight(7), View(6, Now + 500)).Effects.ShouldBeEmpty("lower than what was signed for");
    }

    [Fact]
    public void BatchAlive_IsSentAgain_WithinItsMargin_Rests_AndAfterIt_IsSignedForTheSameNumber()
    {
        var state = InFlight(seqno: 7);
        _kernel.Viewed(state, View(7, Now + 59)).Effects.ShouldHaveSingleItem().ShouldBe(new SendEffect.Send(state.Flight!.Last));
        _kernel.Viewed(state, View(7, Now + 60)).Effects.ShouldBeEmpty();
        _kernel.Viewed(state, View(7, Now + 89)).Effects.ShouldBeEmpty();
        var sign = _kernel.Viewed(state, View(7, Now + 90)).Effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Sign>();
        (sign.Seqno, sign.ValidUntil).ShouldBe((7u, Now + 150));
    }

    [Fact]
    public void IntentWhoseTimeIsOver_EndsAsExpired_OnlyOnceItsBatchHas()
    {
        var state = InFlight(seqno: 7, deadline: Now + 70);
        _kernel.Viewed(state, View(7, Now + 75)).Effects.ShouldBeEmpty();
        var ended = _kernel.Viewed(state, View(7, Now + 90)).Effects;
        ended[0].ShouldBeOfType<SendEffect.Persist>();
        ended[1].ShouldBeOfType<SendEffect.Report>().Outcome.End.ShouldBe(SendEnd.Expired);
    }

    [Fact]
    public void Deadline_BoundsHowLongABatchLives()
    {
        var state = _kernel.Submit(SenderState.Initial, Intent("a", Now + 20)).State;
        _kernel.Viewed(state, View(7, Now)).Effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Sign>().ValidUntil.ShouldBe(Now + 20);
        var late = _kernel.Viewed(state, View(7, Now + 11)).Effects;
        late[1].ShouldBeOfType<SendEffect.Report>().Outcome.Reason.ShouldBe("its time was over before it was signed");
    }

    [Fact]
    public void SameIdWithOtherContent_RaisesAnAlarm_AndTheFirstStands()
    {
        var state = _kernel.Submit(SenderState.Initial, Intent("a", Now + 20)).State;
        Step(_kernel.Submit(state, Intent("a", Now + 20)), []);
        var (kept, effects) = _kernel.Submit(state, Intent("a", Now + 21));
        effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Alarm>();
        kept.ShouldBe(state);
    }

    [Fact]
    public void QueueThatIsFull_RefusesBeforeAnythingIsKept()
    {
        var state = SenderState.Initial;
        foreach (var id in new[] { "a", "b" }) state = _kernel.Submit(state, Intent(id, Now + 60)).State;
        _kernel.Submit(state, Intent("c", Now + 60)).Effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Report>()
            .Outcome.End.ShouldBe(SendEnd.Refused);
    }

    [Theory]
    [InlineData("", SendMode.PayFeesSeparately | SendMode.IgnoreErrors, 1, "the intent's id has 0 characters")]
    [InlineData("a b", SendMode.PayFeesSeparately | SendMode.IgnoreErrors, 1, "the intent's id has 3 characters")]
    [InlineData("a", SendMode.PayFeesSeparately | SendMode.IgnoreErrors, 0, "intent a has 0 messages: expected 1 to 255")]
    [InlineData("a", SendMode.CarryBalance | SendMode.IgnoreErrors, 1, "intent a has a message of another mode than 3")]
    public void IntentThatIsNone_IsRefusedWithWhatIsWrong(string id, SendMode mode, int messages, string fault)
    {
        var intent = new SpendIntent(id, [.. Enumerable.Repeat(new WalletTransfer(new InternalMessage(Bob, 1, Cell.Empty), mode), messages)],
            Now + 60);
        _kernel.Submit(SenderState.Initial, intent).Effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Report>()
            .Outcome.Reason.ShouldStartWith(fault);
        var noMessage = new SpendIntent("b", [new WalletTransfer(Cell.Empty)], Now + 60);
        _kernel.Submit(SenderState.Initial, noMessage).Effects.ShouldHaveSingleItem().ShouldBeOfType<SendEffect.Report>()
            .Outcome.Reason.ShouldStartWith("intent b has a transfer that is no message");
    }

    [Fact]
    public void OptionsOutOfRange_AreAllNamed() => Should.Throw<ParameterException>(
            () => new SenderOptions { LifetimeSeconds = 5, ExpiryMarginSeconds = 0, WindowSecondsMin = 6, GasBufferPercent = -1,
                QueueMax = 0 }.Checked()).Faults.Count.ShouldBe(5);

    private SenderState InFlight(uint seqno, uint deadline = Now + 600)
    {
        var state = _kernel.Submit(SenderState.Initial, Intent("a", deadline)).State;
        state = _kernel.Viewed(state, View(seqno, Now)).State;
        return _kernel.Signed(state, "a", new(seqno, Now + 60, Bob.Account, new byte[] { 1 })).State;
    }

    private static SenderState Step((SenderState State, System.Collections.Immutable.ImmutableArray<SendEffect> Effects) step, SendEffect[] expected)
    {
        step.Effects.ShouldBe(expected);
        return step.State;
    }

    private static SpendIntent Intent(string id, uint deadline) => new(id, [new(new InternalMessage(Bob, Coins.NanoPerTon, Cell.Empty))], deadline);

    private static WalletView View(uint seqno, uint at) => new(seqno, Coins.NanoPerTon * 10, at);
}
