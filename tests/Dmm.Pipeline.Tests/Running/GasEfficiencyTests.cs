using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;
using Dmm.Simulation;

namespace Dmm.Pipeline.Tests.Running;

public sealed class GasEfficiencyTests
{
    private static readonly InstrumentId Book = new(0), Pool = new(1);

    private readonly GasEfficiency _gas = new(SimulatedDesk.Instruments);

    [Fact]
    public void WithoutPools_NothingIsTold()
    {
        Quote(Book, OrderIntentKind.Place);
        _gas.OnInput(new Input(Filled(Book, "1", 0.5m)));
        _gas.Facts().ShouldBeEmpty();
    }

    [Fact]
    public void QuotesPlacedAndMoved_ForTheGasOfAllSwaps_EachOnce()
    {
        for (var i = 0; i < 9; i++) Quote(Pool, i % 2 == 0 ? OrderIntentKind.Place : OrderIntentKind.Amend);
        Quote(Pool, OrderIntentKind.Cancel);
        _gas.Facts().Select(f => f.Key).ShouldBe(["poolQuotes", "poolSwaps", "poolSwapsFailed", "poolGasTon"]);
        for (var i = 0; i < 2; i++)
        {
            _gas.OnInput(new Input(Filled(Pool, "1", 0.06m)));
            _gas.OnInput(new Input(new FailedSwap
            {
                Instrument = Pool, SwapId = "2", ClientOrderId = "a", Side = Side.Buy, Gas = 0.08m, GasAsset = "TON", Reason = "slippage",
                VenueTime = Timestamp.None,
            }));
        }

        _gas.Facts().Select(f => (f.Key, Convert.ToDouble(f.Value, null))).ShouldBe(
            [("poolQuotes", 9.0), ("poolSwaps", 2), ("poolSwapsFailed", 1), ("poolGasTon", 0.14), ("quotesPerTonOfGas", 64.3)]);
    }

    private void Quote(InstrumentId instrument, OrderIntentKind kind) => _gas.OnDecision(new(1, default, new OrderIntent
    {
        Kind = kind, Instrument = instrument, ClientOrderId = "a", Side = Side.Buy, PriceTicks = 1, SizeLots = 1, IsPostOnly = true,
    }));

    private static Fill Filled(InstrumentId instrument, string id, decimal fee) => new()
    {
        Instrument = instrument, TradeId = id, ClientOrderId = "a", Side = Side.Buy, Price = 1, Quantity = 1, Fee = fee, FeeAsset = "TON",
        IsMaker = true, VenueTime = Timestamp.None,
    };
}
