namespace Dmm.Topology.Tests.Engine;

/// <summary>One life of a journaled engine with every kind of call to the journal in it.</summary>
public static class JournalScript
{
    /// <summary>Rates, ticks, gas with feedback, an hour's end and a change of parameters.</summary>
    public static void Play(JournaledRun run, Action? afterEach = null)
    {
        Action[] steps =
        [
            run.Begin,
            () => run.Take(0.2, JournaledRun.Rate()),
            () => run.Take(0.4, JournaledRun.Gas(4)),
            () => run.Engine.AdvanceTo(run.At(1.1)),
            () => run.Take(1.3, JournaledRun.Rate(2)),
            () => run.Take(2.3, JournaledRun.Rate()),
            () => run.Engine.AdvanceTo(run.At(2.4)),
            () => run.Take(2.6, JournaledRun.Sized(0.25)),
            () => run.Take(2.8, JournaledRun.Rate(2)),
            () => run.Engine.AdvanceTo(run.At(6)),
            () => run.Take(6.2, JournaledRun.Rate(3)),
        ];
        foreach (var step in steps)
        {
            step();
            afterEach?.Invoke();
        }
    }

    public static int CallCount()
    {
        var run = new JournaledRun(begin: false);
        Play(run);
        run.Engine.Close();
        return run.Journal.CallCount;
    }
}
