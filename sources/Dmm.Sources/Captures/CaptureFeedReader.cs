using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources;

/// <summary>Draws the inputs of a <see cref="CaptureFeed"/>: looks for the next frame only when those of the last are used up.</summary>
internal sealed class CaptureFeedReader(IVenueWire wire, Func<string, CaptureReader> open, IReadOnlyList<string> paths) : IInputReader
{
    private const int SymbolsNamedMax = 16;
    private const int RawLengthMax = 2_048;

    private readonly MessageBatch _batch = new();
    private readonly SortedSet<string> _unknownSymbols = new(StringComparer.Ordinal);
    private CaptureReader? _capture;
    private int _nextPath;
    private int _nextMessage;
    private Stage _stage;
    private ClockOffsetState _clock;
    private Timestamp _receiveTime;
    private Rejected? _rejected;
    private long _frames;
    private long _rejections;
    private long _foreignFrames;
    private bool _hasMarketData;

    private enum Stage : byte
    {
        Start,
        Frames,
        End,
        Over,
    }

    public bool TryRead(out Input input, out Timestamp receiveTime)
    {
        // Before the first frame there is no time yet: the status waits until the frame behind it is read, in whichever file that is.
        if (_stage == Stage.Start)
        {
            do Advance();
            while (_stage == Stage.Frames && _frames == 0 && _rejected is null);
            input = new Input(new FeedStatus(wire.Venue, FeedState.Connected, string.Join(", ", paths.Select(Path.GetFileName))));
            receiveTime = _receiveTime;
            return true;
        }

        while (_stage == Stage.Frames && _rejected is null && _nextMessage >= _batch.Count)
            Advance();
        receiveTime = _receiveTime;
        return TryTake(out input);
    }

    public void Dispose() => _capture?.Dispose();

    private bool TryTake(out Input input)
    {
        if (_rejected is { } rejected)
        {
            _rejected = null;
            _rejections++;
            input = new Input(rejected);
            return true;
        }

        if (_nextMessage < _batch.Count)
        {
            input = TakeMessage(in _batch[_nextMessage]);
            return true;
        }

        input = default;
        if (_stage != Stage.End) return false;
        _stage = Stage.Over;
        input = new Input(new FeedStatus(
            wire.Venue, FeedState.Ended, string.Create(CultureInfo.InvariantCulture, $"{_frames} frames, {_rejections} rejected{Foreign}")));
        return true;
    }

    private string Foreign => _foreignFrames == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {_foreignFrames} more of other symbols");

    private Input TakeMessage(in Input message)
    {
        if (message.Kind == InputKind.Control)
        {
            _nextMessage++;
            if (message.Control is not Rejected refused) return message;
            _rejections++;
            return new Input(refused with { Reason = $"{_capture?.FileName} line {_capture?.LineNumber}: {refused.Reason}" });
        }

        _hasMarketData = true;
        _clock = ClockOffsetEstimator.Step(_clock, message.VenueTime, _receiveTime, out var isReported);
        if (isReported) return new Input(new ClockOffset(wire.Venue, _clock.Offset));
        _nextMessage++;
        return message;
    }

    /// <summary>Reads one frame or fault, or goes to the next file, or to the end.</summary>
    private void Advance()
    {
        _stage = Stage.Frames;
        if (_capture is null)
        {
            if (_nextPath == paths.Count)
            {
                End();
                return;
            }

            _capture = open(paths[_nextPath++]);
        }

        switch (_capture.Read())
        {
            case CaptureRead.Frame:
                TakeFrame(_capture);
                break;
            case CaptureRead.Fault:
                _rejected = new Rejected(wire.Venue, _capture.Fault, Excerpt(_capture.Frame.Span));
                break;
            default:
                _capture.Dispose();
                _capture = null;
                break;
        }
    }

    private void TakeFrame(CaptureReader capture)
    {
        _frames++;
        _receiveTime = capture.ReceiveTime;
        _nextMessage = 0;
        wire.Parse(capture.Frame.Span, _receiveTime, _batch);
        if (_batch.UnknownSymbol is not { } symbol) return;
        // A recording often holds more symbols than are asked for: the first frame of each is refused by name, the rest of it is only counted.
        if (_unknownSymbols.Count < SymbolsNamedMax && _unknownSymbols.Add(symbol)) return;
        _nextMessage = _batch.Count;
        _foreignFrames++;
    }

    private void End()
    {
        _stage = Stage.End;
        if (_hasMarketData || _unknownSymbols.Count == 0) return;
        var wanted = string.Join(", ", wire.Instruments.Select(i => i.Symbol));
        _rejected = new Rejected(wire.Venue, $"the capture holds no message of {wanted}: it holds {string.Join(", ", _unknownSymbols)}", "");
    }

    private static string Excerpt(ReadOnlySpan<byte> raw) => Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, RawLengthMax)]);
}
