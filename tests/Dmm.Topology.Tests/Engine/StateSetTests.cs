using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Topology.Tests.Engine;

public sealed class StateSetTests
{
    private sealed record Small(int Count, double Value);

    private sealed record Rich(
        decimal Amount, double Value, long Count, string Text, Side Side, Timestamp At, TimeSpan Span, ImmutableArray<double> Values, Small? Inner, (long A, long B) Pair);

    private sealed record Computed(int Count)
    {
        public int Twice => Count * 2;
    }

    [Fact]
    public void States_AreCapturedInTheOrderOfWiring()
    {
        var states = StateSet.Fresh();
        states.Port("z", new Small(1, 0.5));
        states.Port("a", new Small(2, 1.5));
        Text(states).ShouldBe("""{"z":{"Count":1,"Value":0.5},"a":{"Count":2,"Value":1.5}}""");
    }

    [Fact]
    public void AttachedState_IsCapturedAsItIsNow()
    {
        var states = StateSet.Fresh();
        var port = states.Port("a", new Small(1, 0));
        var now = new Small(5, 0);
        using var attached = port.Attach(() => now);
        now = new Small(6, 0);
        Text(states).ShouldBe("""{"a":{"Count":6,"Value":0}}""");
    }

    [Fact]
    public void EveryState_ComesBackExactly() =>
        Gen.Select(Gen.Decimal, Gen.Double, Gen.Long, Gen.String, Gen.Long[1, DateTime.MaxValue.Ticks], Gen.Double.Array[0, 5], Gen.Bool).Sample((amount, value, count, text, ticks, values, has) =>
        {
            var state = new Rich(amount, value, count, text, Side.Sell, new Timestamp(ticks), new TimeSpan(ticks / 7), [.. values], has ? new Small(1, value) : null, (count, 7));
            var states = StateSet.Fresh();
            states.Port("rich", state);
            var restored = new StateSet(states.Capture());
            var back = restored.Port("rich", state with { Amount = 0, Pair = default }).Initial;
            back.Values.AsSpan().SequenceEqual(state.Values.AsSpan()).ShouldBeTrue();
            back.ShouldBe(state with { Values = back.Values });
            decimal.GetBits(back.Amount).ShouldBe(decimal.GetBits(state.Amount));
            BitConverter.DoubleToInt64Bits(back.Value).ShouldBe(BitConverter.DoubleToInt64Bits(state.Value));
            restored.Capture().Span.SequenceEqual(states.Capture().Span).ShouldBeTrue();
        });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    public void SpecialDoubles_ComeBackExactly(double value)
    {
        var states = StateSet.Fresh();
        states.Port("a", new Small(1, value));
        var back = new StateSet(states.Capture()).Port("a", new Small(0, 0)).Initial.Value;
        BitConverter.DoubleToInt64Bits(back).ShouldBe(BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void ComputedProperties_DoNotHinderTheWayBack()
    {
        var states = StateSet.Fresh();
        states.Port("a", new Computed(4));
        states.Port("ids", OrderIdState.Fresh("dct", 3).Next());
        var restored = new StateSet(states.Capture());
        restored.Port("a", new Computed(0)).Initial.ShouldBe(new Computed(4));
        restored.Port("ids", OrderIdState.Fresh("dct", 0)).Initial.ShouldBe(new OrderIdState("dct", 3, 1));
    }

    [Fact]
    public void LiveOrders_ComeBack()
    {
        var state = new LiveOrdersState([new LiveOrder("a", new InstrumentId(2), Side.Sell, 100, 5, OrderStatus.PendingUnknown, new Timestamp(12_345_678))]);
        var states = StateSet.Fresh();
        states.Port("orders", state);
        new StateSet(states.Capture()).Port("orders", LiveOrdersState.Empty).Initial.Orders.ShouldBe(state.Orders);
    }

    [Fact]
    public void NameTakenTwice_IsRefused()
    {
        var states = StateSet.Fresh();
        states.Port("a", new Small(1, 0));
        Should.Throw<InvalidOperationException>(() => states.Port("a", new Small(1, 0))).Message.ShouldContain("'a' is taken");
    }

    [Fact]
    public void StateWithoutSnapshot_StartsFreshAndSnapshotWithoutPortIsTold()
    {
        var states = new StateSet("""{"b":{"Count":3,"Value":0},"c":{}}"""u8.ToArray());
        states.Port("a", new Small(1, 0)).Initial.Count.ShouldBe(1);
        states.Port("b", new Small(1, 0)).Initial.Count.ShouldBe(3);
        states.Unclaimed().ShouldBe(["c"]);
    }

    [Theory]
    [InlineData("""{"a":{"Count":3}}""")]
    [InlineData("""{"a":{"Count":3,"Value":0,"More":1}}""")]
    [InlineData("""{"a":{"Count":"3","Value":0}}""")]
    [InlineData("""{"a":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void SnapshotOfAnotherShape_IsRefused(string snapshot) =>
        Should.Throw<JsonException>(() => new StateSet(Encoding.UTF8.GetBytes(snapshot)).Port("a", new Small(1, 0)));

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"b":3}""", "b")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", "b")]
    [InlineData("""{"a":1}""", """{"a":1,"c":2}""", "c")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "the order of the states")]
    public void FirstDifference_NamesTheState(string one, string other, string name) =>
        StateSet.FirstDifference(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other)).ShouldBe(name);

    private static string Text(StateSet states) => Encoding.UTF8.GetString(states.Capture().Span);
}
