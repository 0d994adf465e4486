using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

public sealed class BinanceSpotBookFeedTests : BookFeedContract
{
    protected override VenueRig Rig { get; } = new BinanceRig(BinanceMarket.Spot);
}

public sealed class BinanceUsdmBookFeedTests : BookFeedContract
{
    protected override VenueRig Rig { get; } = new BinanceRig(BinanceMarket.UsdMargined);
}
