namespace Dmm.Simulation.Scenarios;

/// <summary>What a number must lie in, both ends included; a null end is open.</summary>
public readonly record struct Bounds(double? Min, double? Max)
{
    // What is computed in double must not miss a stated value by its last digit.
    private const double Tolerance = 1e-6;

    public static readonly Bounds None = new(0, 0);

    public static readonly Bounds Some = AtLeast(1);

    public static Bounds Is(double value) => new(value, value);

    public static Bounds AtLeast(double value) => new(value, null);

    public static Bounds AtMost(double value) => new(null, value);

    public static Bounds Between(double min, double max) => new(min, max);

    public bool Hold(double value) => !(value < Min - Tolerance) && !(value > Max + Tolerance) && !double.IsNaN(value);

    public override string ToString() => this switch
    {
        { Min: { } min, Max: { } max } when min == max => Say.Number(min),
        { Min: { } min, Max: { } max } => $"{Say.Number(min)} to {Say.Number(max)}",
        { Min: { } min } => $"at least {Say.Number(min)}",
        { Max: { } max } => $"at most {Say.Number(max)}",
        _ => "anything",
    };
}
