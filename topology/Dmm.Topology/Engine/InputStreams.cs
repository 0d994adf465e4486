// The hub where inputs become streams is the engine's own; everywhere else a subject is refused.
#pragma warning disable RS0030
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Topology.Engine;

/// <summary>The engine's inputs as they enter, one after the other.</summary>
internal sealed class InputStream : IObservable<Input>, IDisposable
{
    private readonly Subject<Input> _subject = new();

    public void Push(in Input input) => _subject.OnNext(input);

    public IDisposable Subscribe(IObserver<Input> observer) => _subject.Subscribe(observer);

    public void Dispose() => _subject.Dispose();
}

/// <summary>
/// The engine's inputs by kind, and market data by instrument too, so that an event costs the same however many markets an asset has. Subscribe to the
/// streams first; they flow once <see cref="Connect"/> is called, in the order in which the inputs enter.
/// </summary>
public sealed class InputStreams
{
    private readonly IObservable<Input> _inputs;
    private readonly Subject<BookUpdate>[] _books;
    private readonly Subject<VenueTop>[] _tops;
    private readonly Subject<Trade>[] _trades;
    private readonly Subject<ControlMessage> _controls = new();

    /// <param name="inputs">All inputs.</param>
    /// <param name="instrumentCount">Size of the catalogue.</param>
    public InputStreams(IObservable<Input> inputs, int instrumentCount)
    {
        _inputs = inputs;
        _books = [.. Enumerable.Range(0, instrumentCount).Select(_ => new Subject<BookUpdate>())];
        _tops = [.. Enumerable.Range(0, instrumentCount).Select(_ => new Subject<VenueTop>())];
        _trades = [.. Enumerable.Range(0, instrumentCount).Select(_ => new Subject<Trade>())];
    }

    public IObservable<BookUpdate> Books(InstrumentId instrument) => _books[instrument.Index].AsObservable();

    public IObservable<VenueTop> VenueTops(InstrumentId instrument) => _tops[instrument.Index].AsObservable();

    public IObservable<Trade> Trades(InstrumentId instrument) => _trades[instrument.Index].AsObservable();

    /// <summary>Control messages of one type.</summary>
    public IObservable<T> Controls<T>()
        where T : ControlMessage => _controls.OfType<T>();

    public IDisposable Connect() => _inputs.Subscribe(Route, Fail, Complete);

    private void Route(Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Book:
                _books[input.Instrument.Index].OnNext(input.Book);
                break;
            case InputKind.Top:
                _tops[input.Instrument.Index].OnNext(input.Top);
                break;
            case InputKind.Trade:
                _trades[input.Instrument.Index].OnNext(input.Trade);
                break;
            default:
                _controls.OnNext(input.Control);
                break;
        }
    }

    private void Fail(Exception fault)
    {
        foreach (var stream in _books) stream.OnError(fault);
        foreach (var stream in _tops) stream.OnError(fault);
        foreach (var stream in _trades) stream.OnError(fault);
        _controls.OnError(fault);
    }

    private void Complete()
    {
        foreach (var stream in _books) stream.OnCompleted();
        foreach (var stream in _tops) stream.OnCompleted();
        foreach (var stream in _trades) stream.OnCompleted();
        _controls.OnCompleted();
    }
}
