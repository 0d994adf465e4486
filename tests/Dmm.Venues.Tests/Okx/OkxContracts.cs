using Dmm.Testing.Venues;

namespace Dmm.Venues.Tests;

public sealed class OkxPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxDeadManTests : DeadManContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}

public sealed class OkxOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new OkxRig();
}
