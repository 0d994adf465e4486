using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire.Journal;

/// <summary>Parameter sets as they stand in the journal, for sinks that keep them: JSON on one line, by the names in the code.</summary>
public static class ParametersText
{
    public static string Of(QuotingParameters parameters) => JsonSerializer.Serialize(parameters, JournalJson.Header);
}
