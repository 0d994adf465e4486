using System.Collections.Immutable;
using Dmm.Sources;

namespace Dmm.Pipeline.Replay;

/// <summary>The selected recordings, opened as one stream of inputs by receive time, with the counts of what was read.</summary>
internal sealed class CaptureReading : IDisposable
{
    private readonly ImmutableArray<CountedWire> _wires;
    private readonly List<CaptureReader> _opened = [];
    private readonly long _totalBytes;

    public CaptureReading(CaptureSelection selection)
    {
        _wires = [.. selection.Groups.Select(group => new CountedWire(VenueCaptures.Wire(group.Venue, group.Instruments)))];
        _totalBytes = selection.Groups.Sum(group => group.Files.Sum(file => new FileInfo(file).Length));
        Inputs = new MergedCapture(
            [.. selection.Groups.Select((group, i) => new CaptureFeed(_wires[i], path => Open(group.Venue, path), group.Files))]).Open();
    }

    public IInputReader Inputs { get; }

    /// <summary>Frames read so far.</summary>
    public long Frames => _wires.Sum(wire => wire.Frames);

    /// <summary>Share of all files' bytes that was read, 0 to 1.</summary>
    public double Share => _totalBytes == 0 ? 1 : (double)_opened.Sum(reader => reader.BytesRead) / _totalBytes;

    public void Dispose() => Inputs.Dispose();

    private CaptureReader Open(string venue, string path)
    {
        var reader = VenueCaptures.Open(venue, path);
        _opened.Add(reader);
        return reader;
    }
}
