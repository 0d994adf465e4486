using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;

namespace Dmm.Benchmarks;

/// <summary>What takes the inputs of a measured loop; implemented by structs, so that the loops are compiled for each of them.</summary>
internal interface IInputTaker
{
    void Take(Timestamp at, in Input input);
}

internal readonly struct EngineTaker(Engine engine) : IInputTaker
{
    public void Take(Timestamp at, in Input input) => engine.Take(at, input);
}

internal readonly struct JournaledTaker(JournaledEngine engine) : IInputTaker
{
    public void Take(Timestamp at, in Input input) => engine.Take(at, input);
}

internal readonly struct LoopTaker(HandWrittenLoop loop) : IInputTaker
{
    public void Take(Timestamp at, in Input input) => loop.Take(at, input);
}
