using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology;
using Dmm.Topology.Engine;

namespace Dmm.Simulation.Tests.Faults;

/// <summary>A pipeline or an order path with one rule broken, on purpose: what checks the rules must notice.</summary>
internal static class Mutant
{
    /// <summary>The pipeline hears or decides something else than it does.</summary>
    public static FaultSettings OfPipeline(Func<object, IEnumerable<object>> decisions) => OfPipeline(_ => true, decisions);

    /// <summary>The pipeline does not hear some inputs.</summary>
    public static FaultSettings Deaf(Func<Input, bool> hears) => OfPipeline(hears, decision => [decision]);

    /// <summary>An order path that does something else with an intent; null where nothing is to be done but that.</summary>
    public static FaultSettings OfPath(Func<MutantPath, OrderIntent, OrderIntent?> send, string? sweep = null) => new()
    {
        OrderPath = (venue, queue, random, write) => new MutantPath(venue, queue, random, write, send, sweep),
    };

    private static FaultSettings OfPipeline(Func<Input, bool> hears, Func<object, IEnumerable<object>> decisions) => new()
    {
        Topology = (parameters, ids) => new Pipeline(
            new QuotingTopology(FaultSettings.Instruments, parameters, ids, TradingMode.Live), hears, decisions),
    };

    private sealed class Pipeline(ITopology sound, Func<Input, bool> hears, Func<object, IEnumerable<object>> decisions) : ITopology
    {
        public TopologyOutputs Build(IObservable<Input> inputs, StateSet states, IScheduler scheduler)
        {
            var outputs = sound.Build(inputs.Where(hears), states, scheduler);
            return outputs with { Decisions = outputs.Decisions.SelectMany(decisions) };
        }
    }
}

/// <summary>The model of the order path, but for what it does with each intent.</summary>
internal sealed class MutantPath(
    FaultyVenue venue, SimulationQueue queue, SeededRandom random, InputReceiver write,
    Func<MutantPath, OrderIntent, OrderIntent?> send, string? sweep)
    : IFaultOrderPath
{
    private readonly ModelOrderPath _sound = new(venue, queue, random, write);

    public FaultyVenue Venue => venue;

    /// <summary>Tells the engine something that is not so.</summary>
    public void Tell(ControlMessage message) => queue.Schedule(queue.Now, () => write(new Input(message)));

    public void Send(OrderIntent intent)
    {
        if (send(this, intent) is { } sent) _sound.Send(sent);
    }

    public void Adopt(OrderIntent order) => _sound.Adopt(order);

    public void Heard(OrderUpdate update) => _sound.Heard(update);

    public void Run(string prefix) => _sound.Run(prefix);

    public void CancelAllOurs(string prefix, Action done) => _sound.CancelAllOurs(sweep ?? prefix, done);

    public void End() => _sound.End();
}
