using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Simulation;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Studies;

/// <summary>
/// Each variant traded once against a recording, by its standard queue model and latency. The recorded flow is the same for all and does not answer
/// to us. Measured from the first frame on, once the volatility's warm-up is over.
/// </summary>
/// <param name="selection">What to trade against.</param>
/// <param name="variants">The first is what the others are compared with.</param>
/// <param name="threads">Runs at a time.</param>
internal sealed class CaptureComparison(CaptureSelection selection, ImmutableArray<QuoteVariant> variants, int threads)
{
    private readonly QuotingParameters _parameters = Configurations.Parameters(selection.Instruments);

    /// <summary>Runs every variant once.</summary>
    /// <param name="progress">Told after each run, by any thread, which share has ended.</param>
    /// <exception cref="BadInputException">A and κ are needed, and the recording does not tell them.</exception>
    /// <exception cref="EngineFaultException">A run ended in a defect.</exception>
    public ComparedMarket Run(Action<double> progress)
    {
        var arrivals = variants.Any(variant => variant.IsFitted) ? Fitted() : default;
        var figures = new RunFigures[variants.Length];
        var ended = 0;
        try
        {
            Parallel.For(0, variants.Length, new() { MaxDegreeOfParallelism = threads }, i =>
            {
                figures[i] = Run(variants[i].In(_parameters, arrivals));
                progress((double)Interlocked.Increment(ref ended) / variants.Length);
            });
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        return new(
            string.Join(" + ", selection.Instruments.All.Select(instrument => instrument.Name)), arrivals.Sensitivity > 0 ? arrivals : null,
            ComparedVariant.FromRecording(variants, [.. figures]));
    }

    private ArrivalEstimate Fitted() => RecordedArrivals.Fit(selection, _parameters.Quote.MaximumQuoteSize)
        ?? throw new BadInputException(
            "A and κ cannot be fitted: too little was traded away from the mid; expected --model as, or a longer recording");

    private RunFigures Run(QuotingParameters parameters)
    {
        var instruments = selection.Instruments;
        ITopology Topology(QuotingParameters p) => Configurations.Topology(instruments, p, TradingMode.Paper);
        var start = EngineStart.Fresh(selection.FirstReceiveTime - Timestamp.Unit, Topology(parameters));
        var gauge = new RunGauge(instruments, parameters, selection.FirstReceiveTime + parameters.Volatility.HalfLife);
        var simulation = new CaptureSimulation(instruments, parameters, CaptureTrading.Default, start.At, gauge);
        using var reading = new CaptureReading(selection);
        using var engine = new JournaledEngine(
            Topology, instruments, parameters, start, Configurations.Identity(parameters, TradingMode.Paper), new UnrecordedJournal(),
                simulation.Sink);
        simulation.Drive(engine);
        var last = selection.FirstReceiveTime;
        while (reading.Inputs.TryRead(out var input, out var receiveTime)) simulation.Take(last = receiveTime, input);
        simulation.RunTo(last);
        return gauge.Until(engine.Time);
    }
}
