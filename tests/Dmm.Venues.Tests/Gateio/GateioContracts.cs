using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

public sealed class GateioSpotPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotDeadManTests : DeadManContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioPerpetualPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualDeadManTests : DeadManContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioSpotFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioSpotOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.Spot);
}

public sealed class GateioPerpetualFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioPerpetualOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual);
}

public sealed class GateioLimitedFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new GateioRig(GateioProduct.UsdtPerpetual, GateioBookFeed.Best400);
}
