using System.Globalization;

namespace Dmm.Core;

/// <summary>Collects every fault of a configuration, so that all of them are told at once.</summary>
public sealed class ParameterFaults
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>A number that must be finite and lie within the permitted range, both ends included.</summary>
    public void Within(string name, double value, double min, double max, string unit)
    {
        if (!(value >= min && value <= max))
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value}: expected {min} to {max} {unit}").TrimEnd());
    }

    public void Within(string name, decimal value, decimal min, decimal max, string unit)
    {
        if (value < min || value > max)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value}: expected {min} to {max} {unit}").TrimEnd());
    }

    public void Within(string name, int value, int min, int max) => Within(name, (decimal)value, min, max, "");

    public void Within(string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value.TotalSeconds} s: expected {min.TotalSeconds} to {max.TotalSeconds} s"));
    }

    /// <summary>Any other rule; reads "name is wrong: expected …".</summary>
    public void Require(string name, bool holds, string found, string expected)
    {
        if (!holds) _faults.Add($"{name} {found}: expected {expected}");
    }

    /// <exception cref="ParameterException">Something was collected.</exception>
    public void ThrowIfAny(string subject)
    {
        if (_faults.Count > 0) throw new ParameterException(subject, [.. _faults]);
    }
}

/// <summary>A configuration is refused; <see cref="Faults"/> names each parameter, its value and its permitted range.</summary>
public sealed class ParameterException(string subject, IReadOnlyList<string> faults)
    : Exception($"{subject}: {faults.Count} fault(s)\n  " + string.Join("\n  ", faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
