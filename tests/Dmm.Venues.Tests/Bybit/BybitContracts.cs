using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

public sealed class BybitSpotPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitLinearPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitSpotCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitLinearCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitSpotQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitSpotBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitLinearBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitSpotOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitLinearOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitSpotFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitSpotOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Spot);
}

public sealed class BybitLinearQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitLinearFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}

public sealed class BybitLinearOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new BybitRig(BybitProduct.Linear);
}
