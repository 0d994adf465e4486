namespace Dmm.Simulation;

/// <summary>
/// Makes a failing plan small: ends it at its violation and leaves out faults, as long as the same invariant is still broken. Delta debugging (Zeller
/// and Hildebrandt 2002) over the faults.
/// </summary>
public static class FaultShrinker
{
    /// <summary>Runs that a shrinking may take; what is smallest by then is the answer.</summary>
    public const int RunsMax = 150;

    /// <summary>The smallest failing plan that was found, as it failed.</summary>
    /// <param name="failed">One with a violation.</param>
    /// <param name="settings">As it was run.</param>
    public static FaultOutcome Shrink(FaultOutcome failed, FaultSettings settings)
    {
        var (best, runs) = (failed, 0);
        Try(best.Plan.EndedAt(Ending(best)));
        for (var parts = 2; best.Plan.Faults.Length > 0 && runs < RunsMax;)
        {
            var size = (best.Plan.Faults.Length + parts - 1) / parts;
            var isSmaller = false;
            for (var from = 0; from < best.Plan.Faults.Length && runs < RunsMax;)
            {
                var length = Math.Min(size, best.Plan.Faults.Length - from);
                if (Try(best.Plan with { Faults = best.Plan.Faults.RemoveRange(from, length) })) isSmaller = true;
                else from += length;
            }

            if (isSmaller) Try(best.Plan.EndedAt(Ending(best)));
            else if (size == 1) break;
            else parts = Math.Min(2 * parts, best.Plan.Faults.Length);
        }

        return best;

        bool Try(FaultPlan plan)
        {
            runs++;
            var outcome = FaultRun.Of(plan, settings);
            if (outcome.Violation?.Rule != failed.Violation!.Rule) return false;
            best = outcome;
            return true;
        }
    }

    // Trading goes on to the violation, where that came while it did.
    private static TimeSpan Ending(FaultOutcome failed)
    {
        var (at, end) = (failed.Violation!.At + TimeSpan.FromMilliseconds(1), failed.Plan.TradingEnd);
        return at < FaultPlan.WarmUp ? FaultPlan.WarmUp : at < end ? at : end;
    }
}
