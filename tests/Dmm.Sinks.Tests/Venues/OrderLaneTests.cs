using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks.Tests;

public sealed class OrderLaneTests
{
    private bool _isOpen = true;

    [Fact]
    public void OneOrder_OneRequestAtATime_InItsOrder()
    {
        var lane = Lane();
        Add(lane, Place("a"), Cancel("a"));
        Ids(lane.Next()).ShouldBe("Place a");
        lane.Next().ShouldBeEmpty();
        lane.Done([Place("a")]);
        Ids(lane.Next()).ShouldBe("Cancel a");
    }

    [Fact]
    public void Cancels_OvertakePlacementsThatWait()
    {
        var lane = Lane(inFlightMax: 1);
        Add(lane, Place("a"), Place("b"), Cancel("c"), Cancel("d"));
        Ids(lane.Next()).ShouldBe("Place a");
        Ids(lane.Next()).ShouldBe("Cancel c");
        Ids(lane.Next()).ShouldBe("Cancel d");
        lane.Next().ShouldBeEmpty();
    }

    [Fact]
    public void Placement_WaitsForTheCancelsOfItsInstrumentBeforeIt_NotForThoseOfAnother()
    {
        var lane = Lane();
        Add(lane, Cancel("a"), Place("b"), Place("c") with { Instrument = new(1) });
        Ids(lane.Next()).ShouldBe("Cancel a");
        Ids(lane.Next()).ShouldBe("Place c");
        lane.Next().ShouldBeEmpty();
        lane.Done([Cancel("a")]);
        Ids(lane.Next()).ShouldBe("Place b");
    }

    [Fact]
    public void CancelThatWaitsForItsOwnOrder_HoldsBackThePlacementBehindIt()
    {
        var lane = Lane();
        Add(lane, Place("a"), Cancel("a"), Place("b"));
        Ids(lane.Next()).ShouldBe("Place a");
        lane.Next().ShouldBeEmpty();
    }

    [Fact]
    public void Batch_OneKindAndInstrument_AsManyAsFit()
    {
        var lane = Lane(batch: 3);
        Add(lane, Cancel("a"), Place("p"), Cancel("b"), Cancel("x") with { Instrument = new(1) }, Cancel("c"), Cancel("d"), Place("q"));
        Ids(lane.Next()).ShouldBe("Cancel a,b,c");
        Ids(lane.Next()).ShouldBe("Cancel x");
        Ids(lane.Next()).ShouldBe("Cancel d");
        lane.Next().ShouldBeEmpty();
        lane.Done([Cancel("a"), Cancel("b"), Cancel("c")]);
        lane.Done([Cancel("d")]);
        Ids(lane.Next()).ShouldBe("Place p,q");
    }

    [Fact]
    public void PathClosed_PlacementsWaitForNothing_BecauseTheyAreRefused()
    {
        var lane = Lane(inFlightMax: 1);
        Add(lane, Place("a"), Cancel("c"), Place("b"));
        Ids(lane.Next()).ShouldBe("Place a");
        _isOpen = false;
        Ids(lane.Next()).ShouldBe("Cancel c");
        Ids(lane.Next()).ShouldBe("Place b");
    }

    [Fact]
    public void FullOrEnded_NothingIsTaken()
    {
        var lane = new OrderLane(capacity: 1, inFlightMax: 1, _ => 1, () => true);
        lane.TryAdd(Place("a")).ShouldBeTrue();
        lane.TryAdd(Place("b")).ShouldBeFalse();
        lane.Next();
        lane.End();
        lane.TryAdd(Place("b")).ShouldBeFalse();
    }

    private OrderLane Lane(int inFlightMax = 8, int batch = 1) => new(100, inFlightMax, _ => batch, () => _isOpen);

    private static void Add(OrderLane lane, params OrderIntent[] intents)
    {
        foreach (var intent in intents) lane.TryAdd(intent).ShouldBeTrue();
    }

    private static string Ids(IReadOnlyList<OrderIntent> request) => $"{request[0].Kind} {string.Join(",", request.Select(i => i.ClientOrderId))}";

    private static OrderIntent Place(string id) => new()
    {
        Kind = OrderIntentKind.Place, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = 10_499, SizeLots = 50, IsPostOnly = true,
    };

    private static OrderIntent Cancel(string id) => Place(id) with { Kind = OrderIntentKind.Cancel };
}
