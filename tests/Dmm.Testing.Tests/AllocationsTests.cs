using System.Reactive.Linq;

namespace Dmm.Testing.Tests;

public sealed class AllocationsTests
{
    private readonly record struct Tick(long Price);

    private sealed record Order(long Price);

    [Fact]
    public void ChainOverStructs_AllocatesNothing() =>
        Allocations.PerItem<Tick, Tick>(
            ticks => ticks.Where(tick => tick.Price > 0).Scan((a, b) => new Tick(a.Price + b.Price)).Select(tick => new Tick(tick.Price * 2)),
            i => new Tick(i + 1)).ShouldBe(0);

    [Fact]
    public void ChainThatMakesAnObjectAnItem_IsCounted() =>
        Allocations.PerItem<Tick, Order>(ticks => ticks.Select(tick => new Order(tick.Price)), i => new Tick(i)).ShouldBe(24);

    [Fact]
    public void MakingTheItems_IsNotCounted() =>
        Allocations.PerItem<Order, long>(orders => orders.Select(order => order.Price), i => new Order(i)).ShouldBe(0);

    [Fact]
    public void ActionThatAllocates_IsCounted()
    {
        object? kept = null;
        Allocations.PerItem(i => kept = new Order(i), 1000).ShouldBe(24);
        kept.ShouldNotBeNull();
    }

    [Fact]
    public void ActionThatAllocatesNothing_IsZero()
    {
        var sum = 0L;
        Allocations.PerItem(i => sum += i, 1000).ShouldBe(0);
        sum.ShouldBe(6 * 999 * 1000 / 2);
    }

    [Fact]
    public void ChainThatDeliversNothing_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => Allocations.PerItem<int, int>(numbers => numbers.Where(_ => false), i => i))
            .Message.ShouldContain("nothing was measured");

    [Fact]
    public void ChainThatEndsEarly_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => Allocations.PerItem<int, int>(numbers => numbers.Take(1), i => i))
            .Message.ShouldContain("completed before its source");

    [Fact]
    public void ChainThatFails_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => Allocations.PerItem<int, int>(numbers => numbers.Select(i => 1 / i), i => i))
            .Message.ShouldContain("failed");
}
