using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// One control: takes what it watches and says where it stands, but only when its demand or its multiplier changes. A control that runs on time also
/// says when it next falls due.
/// </summary>
public interface IBreaker<TInput, TState>
{
    /// <summary>Takes one input at the engine's time and gives what changed; nothing, and no allocation, in the ordinary case.</summary>
    ImmutableArray<BreakerState> Take(in TInput input, Timestamp now);

    /// <summary>Gives what fell due by <paramref name="now"/>; asking too early, or again, gives nothing.</summary>
    ImmutableArray<BreakerState> Elapse(Timestamp now) => [];

    /// <summary>The earliest instant at which <see cref="Elapse"/> has something to say, or <see cref="Timestamp.None"/>.</summary>
    Timestamp NextDue => Timestamp.None;

    /// <summary>The whole state; a control built from it goes on with the very same outputs.</summary>
    TState Capture();
}
