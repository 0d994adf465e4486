using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation;
using Dmm.Topology.Engine;

namespace Dmm.Benchmarks;

/// <summary>The recorded market traded: from raw frames in memory to fills, with queue position and latency.</summary>
internal static class BacktestBenchmark
{
    public static void Run(Market market)
    {
        var frames = market.Frames;
        Report.Title("backtest: frame → book → decisions → orders → fills → decisions");
        var trades = new Trades();
        var measured = Measured.Of(
            () => Prepared(market, trades = new()), loop =>
            {
                frames.Rewind().PushAll(new SimulationTaker(loop.Simulation));
                loop.Simulation.RunTo(frames.End);
                loop.Engine.Close();
            });
        Report.Figure("the whole recording, median", measured.MedianSeconds, "s", atMost: 0.2,
            beside: $"best {Report.Number(measured.LeastSeconds)}; {Report.Number(frames.Count / measured.MedianSeconds / 1e6)} M frames/s");
        Report.Figure("allocated, decisions and fills included", measured.BytesPerItem(frames.Count), "B/frame");
        Report.Note(string.Create(CultureInfo.InvariantCulture,
            $"{trades.Fills} fills of {CaptureTrading.Default.Queue} at {CaptureTrading.Default.Latency.TotalMilliseconds} ms; order-flow PnL {trades.OrderFlow}"));
    }

    private static (JournaledEngine Engine, CaptureSimulation Simulation) Prepared(Market market, Trades trades)
    {
        var simulation = new CaptureSimulation(market.Instruments, market.Parameters, CaptureTrading.Default, market.Frames.Start, trades);
        var engine = new JournaledEngine(market.TradingTopology, market.Instruments, market.Parameters,
            EngineStart.Fresh(market.Frames.Start) with { States = "{}"u8.ToArray() }, new("benchmark", "this machine", "", TradingMode.Paper),
            new UnrecordedJournal(), simulation.Sink);
        simulation.Drive(engine);
        return (engine, simulation);
    }

    private readonly struct SimulationTaker(CaptureSimulation simulation) : IInputTaker
    {
        public void Take(Timestamp at, in Input input) => simulation.Take(at, input);
    }

    private sealed class Trades : IDecisionSink
    {
        public long Fills { get; private set; }

        public decimal OrderFlow { get; private set; }

        public void OnInput(in Stamp stamp, in Input input)
        {
            if (input.Kind == InputKind.Control && input.Control is Fill) Fills++;
        }

        public void OnDecision(in Decision decision)
        {
            if (decision.Body is PnlSnapshot pnl) OrderFlow = pnl.OrderFlow;
        }
    }
}
