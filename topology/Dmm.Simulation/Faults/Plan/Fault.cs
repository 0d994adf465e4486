using System.Globalization;

namespace Dmm.Simulation;

/// <summary>One fault of a plan.</summary>
/// <param name="Number">Within its plan; its chances depend on the seed and on this alone, so that leaving others out changes nothing of it.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Venue">Where; empty where it happens to the desk.</param>
/// <param name="At">When it begins, from the start of the run.</param>
/// <param name="For">How long it lasts.</param>
/// <param name="Chance">With which each message, request or order meets it while it lasts.</param>
public sealed record Fault(int Number, FaultKind Kind, string Venue, TimeSpan At, TimeSpan For, double Chance)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"fault {Number}: {Kind}{(Venue.Length == 0 ? "" : $" at {Venue}")}, from {At.TotalSeconds:0.000} s for {For.TotalSeconds:0.000} s, "
        + $"chance {Chance:0.00}");
}
