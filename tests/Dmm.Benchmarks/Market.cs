using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Sources;
using Dmm.Testing;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Dmm.Wire;

namespace Dmm.Benchmarks;

/// <summary>The recorded Binance USD-M market, and the pipeline that quotes it: in shadow mode, or trading.</summary>
internal sealed class Market
{
    private Market(FrameStore frames)
    {
        Instrument = BinanceInstruments.BuiltIn(BinanceMarket.UsdMargined, "BTCUSDT", new InstrumentId(0));
        Instruments = new([Instrument]);
        Parameters = QuotingParameters.Btc(new VenueParameters
        {
            Instrument = Instrument.Name, MakerFeeBps = 0, TakerFeeBps = 4, OutstandingNotionalPerSide = 100_000m,
        });
        Frames = new(new BinanceWire(Instrument.Venue, [Instrument]), frames);
    }

    public Instrument Instrument { get; }

    public InstrumentCatalog Instruments { get; }

    public QuotingParameters Parameters { get; }

    public VenueFrames Frames { get; }

    public OrderIdState OrderIds { get; } = OrderIdState.Fresh("bench", 0);

    /// <summary>Loads the recording, or says why not.</summary>
    public static Market? Load(out string reason)
    {
        var path = SharedData.Path("data", "binance", "usdm_btcusdt_20240808.gz");
        reason = $"skipped: the recording is not there ({path})";
        if (!File.Exists(path)) return null;
        using var capture = BinanceCapture.Open(path);
        return new(FrameStore.Load(capture));
    }

    public QuotingTopology Topology(QuotingParameters parameters) => new(Instruments, parameters, OrderIds, TradingMode.Shadow);

    public QuotingTopology TradingTopology(QuotingParameters parameters) => new(Instruments, parameters, OrderIds, TradingMode.Paper);

    public Engine Engine(IEngineLog log) => new(Topology(Parameters), EngineStart.Fresh(Frames.Start), log);

    public HandWrittenLoop Loop(Action<object> decide) => new(Instruments, Parameters, OrderIds, Frames.Start, decide);
}
