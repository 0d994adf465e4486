using System.Globalization;

namespace Dmm.Simulation;

/// <summary>One thing that happened in a fault simulation.</summary>
/// <param name="At">From the start of the run.</param>
/// <param name="ClientOrderId">The order it is about; empty where it is about none.</param>
/// <param name="Text">In words.</param>
public readonly record struct FaultLine(TimeSpan At, string ClientOrderId, string Text)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,9:0.000} s  {Text}");
}

/// <summary>What happened in a run, as far as it concerns orders, fills and faults: enough to see how a violation came about.</summary>
public sealed class FaultTimeline
{
    // The last ones before a violation, where it is about no one order.
    private const int LinesMax = 40;

    private readonly List<FaultLine> _lines = [];

    public void Add(FaultLine line) => _lines.Add(line);

    /// <summary>The lines that led to a violation: those of its order with the faults meanwhile, or the last ones of all.</summary>
    public IReadOnlyList<FaultLine> Of(FaultViolation violation)
    {
        var id = violation.ClientOrderId;
        var from = id.Length == 0 ? -1 : _lines.FindIndex(l => l.ClientOrderId == id);
        var lines = from < 0 ? _lines : _lines.Skip(from).Where(l => l.ClientOrderId == id || l.ClientOrderId.Length == 0).ToList();
        return [.. lines.TakeLast(LinesMax)];
    }
}
