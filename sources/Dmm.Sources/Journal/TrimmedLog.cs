using Dmm.Core.Ports;

namespace Dmm.Sources.Journal;

/// <summary>
/// Reads a log whose beginning retention may remove meanwhile. What was asked for is sought anew in what is left, as long as nothing of it was given:
/// then it is there, or the search says by itself that it is not. Once something was given, what follows must be there.
/// </summary>
internal static class TrimmedLog
{
    // Each time retention must have removed something more, just between two questions.
    private const int AttemptsMax = 5;

    public static T Ask<T>(Func<T> question)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return question();
            }
            catch (LogTrimmedException trimmed)
            {
                if (attempt == AttemptsMax) throw Missing(trimmed.Message, trimmed);
            }
        }
    }

    /// <param name="read">Begins to read; faults of what is asked for are told at once, as without retention.</param>
    /// <param name="name">What a record is called.</param>
    /// <exception cref="JournalException">What follows a record that was given is gone.</exception>
    public static IEnumerable<T> Read<T>(Func<IEnumerable<T>> read, Func<T, string> name) => Enumerate(Ask(read), read, name);

    private static IEnumerable<T> Enumerate<T>(IEnumerable<T> first, Func<IEnumerable<T>> read, Func<T, string> name)
    {
        var records = first.GetEnumerator();
        try
        {
            for (var (attempt, isGiven, last) = (1, false, default(T)!); ;)
            {
                try
                {
                    if (!records.MoveNext()) yield break;
                }
                catch (LogTrimmedException trimmed)
                {
                    if (isGiven) throw Missing($"what follows {name(last)} is missing: {trimmed.Message}", trimmed);
                    if (attempt++ == AttemptsMax) throw Missing(trimmed.Message, trimmed);
                    records.Dispose();
                    records = Ask(read).GetEnumerator();
                    continue;
                }

                (isGiven, last) = (true, records.Current);
                yield return last;
            }
        }
        finally
        {
            records.Dispose();
        }
    }

    private static JournalException Missing(string reason, Exception trimmed) => new(JournalFault.Disorder, reason, inner: trimmed);
}
