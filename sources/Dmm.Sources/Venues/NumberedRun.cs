namespace Dmm.Sources;

/// <summary>
/// The numbers by which a venue counts one kind of its messages, each rising by one: what is missing shows. Number 0 is that of a venue which does
/// not count: it shows nothing. Not thread-safe.
/// </summary>
internal struct NumberedRun
{
    // All up to it is known.
    private long _last;

    // The unbroken end of what was heard since the interruption; 0 and 0 where that is nothing.
    private long _first;
    private long _end;

    /// <summary>Takes a number while in sync; true when one before it is missing.</summary>
    public bool Take(long number)
    {
        if (number > _last + 1) return true;
        if (number > _last) _last = number;
        return false;
    }

    /// <summary>Whether that number lies behind one that is missing, as things stand.</summary>
    public readonly bool IsBeyond(long number) => number > _last + 1;

    /// <summary>What is heard from now on is not known to follow.</summary>
    public void Interrupt() => (_first, _end) = (0, 0);

    /// <summary>Notes a number that was heard after an interruption.</summary>
    public void Keep(long number)
    {
        if (number == 0) return;
        if (_first == 0 || number > _end + 1) _first = number;
        _end = Math.Max(_end, number);
    }

    /// <summary>Whether what was heard since the interruption follows on a list that reaches to that number.</summary>
    public readonly bool Joins(long reach) => _first == 0 || reach >= _first - 1;

    /// <summary>In sync again, on a list that reaches to that number.</summary>
    public void Join(long reach)
    {
        _last = Math.Max(reach, _end);
        Interrupt();
    }
}
