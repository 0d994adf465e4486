using System.Collections.Immutable;
using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Operators;

public static class FairValuesOperator
{
    /// <summary>
    /// The traded asset's value across its venues, by <see cref="ConsolidatedFairValue"/>. Books are read through their views when a sample is asked for;
    /// no top is kept, so a restored run needs only that the book operators were restored too.
    /// </summary>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | <see cref="FairValueInputKind.Sample"/> | emits the fair value of that instant, also when it is not ready |
    /// | <see cref="FairValueInputKind.Staleness"/>, <see cref="FairValueInputKind.Reference"/> | changes what the next sample sees |
    /// | OnError, OnCompleted | passed on |
    /// </remarks>
    /// <param name="inputs">Staleness, references and sampling ticks, merged.</param>
    /// <param name="instruments">The catalogue.</param>
    /// <param name="asset">The traded asset.</param>
    /// <param name="books">One for each instrument, in the catalogue's order.</param>
    /// <param name="parameters">The parameters in force; read at each sample and reference.</param>
    /// <param name="port">Where the state starts from, and is read.</param>
    /// <param name="view">Shows the kernel to stages that sample it at other moments; null when there is none.</param>
    public static IObservable<FairValue> FairValues(
        this IObservable<FairValueInput> inputs, InstrumentCatalog instruments, string asset, ImmutableArray<IBookView> books,
        Func<QuotingParameters> parameters, StatePort<ConsolidatedFairValueState> port, ViewPort<ConsolidatedFairValue>? view = null) =>
        port.Lift(
            state => new ConsolidatedFairValue(instruments, asset, books, state),
            kernel => kernel.Capture(),
            kernel => inputs.Select(input => kernel.Take(input, parameters())).WherePresent(),
            view);
}
