using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Scenarios;

namespace Dmm.Pipeline.Incidents;

/// <summary>Parameters as they might have been set, laid over those that were in force.</summary>
internal sealed class WhatIfChanges
{
    private readonly Func<QuotingParameters, QuotingParameters> _apply;

    private WhatIfChanges(string text, Func<QuotingParameters, QuotingParameters> apply) => (Text, _apply) = (text, apply);

    /// <summary>As they were given, with whole names.</summary>
    public string Text { get; }

    /// <summary>Reads <c>PATH=VALUE</c>; a list has its values separated by commas.</summary>
    /// <param name="given">What was typed; at least one.</param>
    /// <param name="instruments">Give the venues.</param>
    /// <param name="inForce">A set that the result must be in range with.</param>
    /// <param name="faults">Gets every fault; null comes out then.</param>
    public static WhatIfChanges? Read(IReadOnlyList<string> given, InstrumentCatalog instruments, QuotingParameters inForce, List<string> faults)
    {
        var before = faults.Count;
        List<Func<QuotingParameters, QuotingParameters>> setters = [];
        List<string> texts = [];
        foreach (var change in given)
        {
            if (change.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
            {
                faults.Add($"--what-if '{change}' cannot be read: expected PATH=VALUE, such as quote.riskAversion=0.2");
                continue;
            }

            try
            {
                var path = ParameterNames.Resolve(name.Trim());
                setters.Add(ParameterPaths.Setter(path, [.. value.Split(',', StringSplitOptions.TrimEntries)], instruments));
                texts.Add($"{path} = {value}");
            }
            catch (FormatException unknown)
            {
                faults.Add($"--what-if {unknown.Message}");
            }
        }

        if (faults.Count > before) return null;
        var changes = new WhatIfChanges(string.Join(", ", texts), parameters => setters.Aggregate(parameters, (set, setter) => setter(set)));
        try
        {
            changes.Apply(inForce).Validated(instruments);
            return changes;
        }
        catch (ParameterException outOfRange)
        {
            faults.Add($"--what-if {changes.Text}: {outOfRange.Message}");
            return null;
        }
    }

    public QuotingParameters Apply(QuotingParameters parameters) => _apply(parameters);

    /// <summary>The same rules of replay with the parameters as they were: what to hold the changed ones against.</summary>
    public static WhatIfChanges None { get; } = new("unchanged", static parameters => parameters);
}
