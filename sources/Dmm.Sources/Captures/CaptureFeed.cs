using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>
/// Recorded files of one venue as a feed. Several files are read one after the other, as one recording. Each subscription and each reader starts
/// anew.
/// <list type="table">
/// <listheader><term>Event</term><description>Behaviour</description></listheader>
/// <item><term>start</term><description><see cref="FeedStatus"/> Connected.</description></item>
/// <item><term>frame</term><description>Its messages; before them a <see cref="ClockOffset"/> when the estimate is the first or moved by more than 50
/// ms.</description></item>
/// <item><term>frame or line that cannot be read</term><description><see cref="Rejected"/>, naming file and line; the feed goes
/// on.</description></item>
/// <item><term>frame of a symbol not asked for</term><description><see cref="Rejected"/> for the first of each symbol; the others are counted at the end.</description></item>
/// <item><term>file cut off</term><description>Everything before the cut, <see cref="Rejected"/>, then the next file.</description></item>
/// <item><term>end without one message of the instruments asked for</term><description><see cref="Rejected"/> naming the symbols seen
/// instead.</description></item>
/// <item><term>end</term><description><see cref="FeedStatus"/> Ended with the counts of frames and of what was rejected; then
/// OnCompleted.</description></item>
/// <item><term>file that cannot be opened</term><description>OnError with the <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>;
/// a reader throws it.</description></item>
/// </list>
/// </summary>
/// <param name="wire">The venue's wire format, with the instruments wanted.</param>
/// <param name="open">Opens a file, such as <see cref="BinanceCapture.Open"/>.</param>
/// <param name="paths">The files, in order of time.</param>
public sealed class CaptureFeed(IVenueWire wire, Func<string, CaptureReader> open, IReadOnlyList<string> paths) : IObservable<Input>
{
    /// <summary>Pulls: the reader's owner sets the pace, and disposes it.</summary>
    public IInputReader Open() => new CaptureFeedReader(wire, open, paths);

    /// <summary>Pushes the whole recording synchronously, as fast as the observer takes it; disposal stops it between two inputs.</summary>
    public IDisposable Subscribe(IObserver<Input> observer) => Inputs(Open).Subscribe(observer);

    internal static IObservable<Input> Inputs(Func<IInputReader> open) => Observable.Create<Input>(observer =>
    {
        var stop = new BooleanDisposable();
        // On the trampoline, so that whoever subscribes holds the disposal before the first input comes.
        var loop = CurrentThreadScheduler.Instance.Schedule(() =>
        {
            IInputReader? reader = null;
            try
            {
                while (!stop.IsDisposed && TryDraw(observer, open, ref reader, out var input))
                    observer.OnNext(input);
            }
            finally
            {
                reader?.Dispose();
            }
        });
        return StableCompositeDisposable.Create(stop, loop);
    });

    /// <summary>
    /// Draws one input, or tells the observer the end. Only what is thrown here is the recording's fault; an observer's own passes through.
    /// </summary>
    private static bool TryDraw(IObserver<Input> observer, Func<IInputReader> open, ref IInputReader? reader, out Input input)
    {
        try
        {
            reader ??= open();
            if (reader.TryRead(out input, out _)) return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            input = default;
            observer.OnError(unreadable);
            return false;
        }

        observer.OnCompleted();
        return false;
    }
}
