using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Venues.Tests;

/// <summary>Accounts that are set up so that a contract has two positions, one long and one short.</summary>
public sealed class AccountSettingsTests
{
    [Fact]
    public Task Okx_LongShortMode_IsTold() => ToldAsync(
        new OkxRig(isPerpetual: true), rig => new OkxDialect(rig.Instruments, new("key-of-ann", "the secret of ann"), "the phrase of ann") { HasTwoPositions = true },
        "posMode is 'long_short_mode': expected net_mode", "posSide of TON-USDT-SWAP is 'long': expected net, one position for a contract");

    [Fact]
    public Task Bybit_HedgeMode_IsTold() => ToldAsync(
        new BybitRig(BybitProduct.Linear), _ => new BybitDialect("linear", "key-of-ann", "the secret of ann") { HasTwoPositions = true },
        "position: positionIdx of GRAMUSDT is not 0: expected an account in one-way mode", "positionIdx is not 0: expected an account in one-way mode");

    [Fact]
    public Task Gate_DualMode_IsTold() => ToldAsync(
        new GateioRig(GateioProduct.UsdtPerpetual),
        rig => new GateioDialect(GateioProduct.UsdtPerpetual, rig.Instruments, new("key-of-ann", "the secret of ann")) { HasTwoPositions = true },
        "in_dual_mode is true: expected false, one position for a contract", "mode of GRAM_USDT is 'dual_long': expected single, one position for a contract");

    /// <summary>At the start in words; and where somebody changes it later, no count is made of one of the two.</summary>
    private static async Task ToldAsync(VenueRig rig, Func<VenueRig, IVenueDialect> dialect, string fault, string ofThePosition)
    {
        var time = new HandTime();
        using var client = new HttpClient();
        using var market = new FakeMarket(rig.Instruments, time);
        market.MovePosition(rig.Instrument, 3);
        await using var venue = new FakeVenue(dialect(rig), market, time);
        var adapter = rig.NewVenue(client, venue, time, RigCredentials.Genuine, rig.RequestTimeout);
        (await adapter.FetchAccountFaultAsync(default)).Value().ShouldBe(fault);
        (await adapter.FetchPositionsAsync(default)).ShouldBeOfType<VenueReply<System.Collections.Immutable.ImmutableArray<PositionReport>>.Unknown>()
            .Reason.ShouldContain(ofThePosition);
    }
}
