using System.Globalization;
using Dmm.Pipeline.Commands;
using Spectre.Console;

namespace Dmm.Pipeline.Replay;

/// <summary>A <see cref="JournalVerification"/> for people.</summary>
internal static class JournalVerificationText
{
    // Bytes of a line shown on either side of where it begins to differ.
    private const int Before = 60;
    private const int After = 80;

    public static void Write(Terminal terminal, JournalVerification verification)
    {
        foreach (var platform in verification.OtherPlatforms)
            Say(terminal, $"recorded on {platform}, replayed on {Configurations.Platform}: equal bytes are promised on the same platform only");
        Say(terminal,
            $"{verification.Runs:N0} run(s), {verification.Inputs:N0} inputs replayed, {verification.Decisions:N0} decisions derived");
        if (verification.Decisions > 0) Say(terminal, $"their SHA-256 is {verification.DecisionsSha256}");
        if (verification.BeyondRecord > 0)
            Say(terminal,
                $"{verification.BeyondRecord:N0} of them lie beyond the end of the decision journal, cut off by a crash, with nothing to compare");
        foreach (var shortfall in verification.Shortfalls) Say(terminal, $"{shortfall}");
        if (verification.Failure is { } failure) Say(terminal, $"not identical after {verification.Identical:N0} decisions: {failure}");
        else if (verification.Divergence is { } divergence) Show(terminal, divergence, verification.Identical);
        else if (verification.IsCompared) Say(terminal, $"identical, {verification.Identical:N0} decisions");
    }

    private static void Show(Terminal terminal, DecisionDivergence divergence, long identical)
    {
        Say(terminal, $"not identical: {identical:N0} decisions are equal, then decision {divergence.Number} is not");
        var (recorded, derived) = (divergence.Recorded ?? "(none)", divergence.Derived ?? "(none)");
        var shared = recorded.Zip(derived).TakeWhile(pair => pair.First == pair.Second).Count();
        // What follows the part that differs is equal again, but for the checksum at the end of a line.
        var from = Math.Max(0, shared - Before);
        Mark(terminal, "recorded", recorded, from, shared, derived);
        Mark(terminal, "derived ", derived, from, shared, recorded);
    }

    private static void Mark(Terminal terminal, string side, string line, int from, int shared, string other)
    {
        var to = Math.Min(line.Length, shared + After);
        var end = DifferenceEnd(line, other, shared);
        terminal.Output.WriteLine($"  {side}  {(from > 0 ? "…" : " ")}{line[Math.Min(from, to)..to]}{(to < line.Length ? "…" : "")}");
        terminal.Output.WriteLine($"            {new string(' ', shared - from + 1)}{new string('^', Math.Max(1, Math.Min(end, to) - shared))}");
    }

    /// <summary>Where the first member that differs ends, in this line.</summary>
    private static int DifferenceEnd(string line, string other, int shared)
    {
        var end = shared;
        while (end < line.Length && line[end] is not (',' or '}' or ']') && (end >= other.Length || line[end] != other[end] || end == shared)) end++;
        return end;
    }

    private static void Say(Terminal terminal, FormattableString text) => terminal.Output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
