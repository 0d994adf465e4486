using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

public sealed class HmacPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}

public sealed class HmacOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new HmacRig();
}
