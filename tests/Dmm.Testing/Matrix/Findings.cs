using Xunit.Sdk;

namespace Dmm.Testing;

/// <summary>Runs the cases of a matrix and keeps what they found, so that one run shows all that is wrong.</summary>
internal sealed class Findings
{
    private readonly List<string> _found = [];

    /// <summary>Runs a case for each of the parameters, up to the first that finds something: the rest would only repeat it.</summary>
    public void ForEach(IEnumerable<int> parameters, Func<int, string> name, Action<int> check) =>
        _ = parameters.All(parameter => Run(name(parameter), () => check(parameter)));

    /// <summary>Runs a case; false when it found something.</summary>
    public bool Run(string name, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (Defect defect)
        {
            _found.Add($"{name}: {defect.Message}");
        }
        catch (ContractViolationException violation)
        {
            _found.Add($"{name}: {violation.Message}");
        }
        catch (Exception error)
        {
            _found.Add($"{name}: threw {error.GetType().Name}: {error.Message}");
        }

        return false;
    }

    public void ThrowIfAny()
    {
        if (_found.Count > 0)
            throw new XunitException($"The operator fails {_found.Count} case(s) of the matrix:\n- {string.Join("\n- ", _found)}");
    }
}
