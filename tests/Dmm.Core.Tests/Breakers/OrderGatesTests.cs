using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Core.Tests.Breakers;

public sealed class OrderGatesTests
{
    private readonly Driven<ControlMessage, OrderGatesState> _gates = new(Create(OrderGatesState.Open));

    [Fact]
    public void JournalNotWritable_HaltsTheAssetUntilItIs()
    {
        _gates.Take(0, new JournalStatus(true, "")).Take(1, new JournalStatus(false, "disk full")).Take(2, new JournalStatus(false, "disk full"));
        _gates.Restore(Create);
        _gates.Take(3, new JournalStatus(true, "space again"));
        _gates.Said.ShouldBe(["1 Halted ×1: journal cannot be written: disk full", "3 Active ×1: journal can be written: space again"]);
        _gates.Last!.Subject.ShouldBe("asset");
    }

    [Fact]
    public void ClosedOrderPath_HaltsThatVenueUntilItOpens()
    {
        _gates.Take(0, new AdapterStatus("okx", true, "")).Take(1, new AdapterStatus("okx", false, "rate limit"))
            .Take(2, new AdapterStatus("gate", false, "fenced"));
        _gates.Restore(Create);
        _gates.Take(3, new AdapterStatus("okx", false, "rate limit")).Take(4, new AdapterStatus("okx", true, "limit reset"));
        _gates.Said.ShouldBe(
            ["1 Halted ×1: okx takes no orders: rate limit", "2 Halted ×1: gate takes no orders: fenced",
                "4 Active ×1: okx takes orders again: limit reset"]);
        _gates.Last!.Subject.ShouldBe("okx");
    }

    [Fact]
    public void VenueWithoutInstrumentsAndOtherMessages_ArePassedOver()
    {
        _gates.Take(0, new AdapterStatus("bybit", false, "x")).Take(1, new GasPrice(1, Timestamp.None));
        _gates.Said.ShouldBeEmpty();
    }

    [Fact]
    public void RestoredAnywhere_SaysTheSame() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Array[1, 20].Sample(steps =>
            Restored.ShouldSayTheSame([.. steps.Select((s, i) => ((double)i, Random(s.Item1, s.Item2)))], OrderGatesState.Open, Create, steps.Length));

    private static ControlMessage Random(int choice, bool isOpen) => choice switch
    {
        0 => new JournalStatus(isOpen, "j"),
        1 => new AdapterStatus("okx", isOpen, "a"),
        _ => new AdapterStatus("gate", isOpen, "a"),
    };

    private static OrderGates Create(OrderGatesState state) => new(state, Market.Instruments);
}
