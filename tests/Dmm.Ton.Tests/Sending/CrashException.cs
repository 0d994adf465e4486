namespace Dmm.Ton.Tests.Sending;

/// <summary>The process is no more.</summary>
internal sealed class CrashException : Exception;

/// <summary>Counts the steps between which a process can die, and dies at one of them or by chance.</summary>
internal sealed class CrashPlan(Func<int, bool> diesAt)
{
    public int Steps { get; private set; }

    public int Crashes { get; private set; }

    public bool IsOver { get; set; }

    public void Step()
    {
        if (IsOver || !diesAt(Steps++)) return;
        Crashes++;
        throw new CrashException();
    }
}
