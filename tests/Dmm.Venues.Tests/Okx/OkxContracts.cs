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

public sealed class OkxPerpetualPlacementTests : PlacementContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualCancelTests : CancelContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualQueryTests : QueryContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualBatchTests : BatchContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualOutageTests : OutageContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

public sealed class OkxPerpetualOrderPathTests : OrderPathContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true);
}

/// <summary>As the venue has announced: a subscription brings deltas alone, and the book is asked for.</summary>
public sealed class OkxWithoutSnapshotsFeedTests : FeedContract
{
    protected override VenueRig Rig { get; } = new OkxRig(isPerpetual: true, bringsSnapshots: false);
}
