namespace Dmm.Simulation;

public enum FillReason : byte
{
    /// <summary>A trade at our price went beyond what stood in front of us.</summary>
    Queue,

    /// <summary>A trade took place beyond our price.</summary>
    Through,

    /// <summary>The opposite best came to stand at our price or beyond it.</summary>
    Crossed,

    /// <summary>Our order took what stood against it as it arrived.</summary>
    Taken,
}

/// <summary>How many fills came about in which way.</summary>
public readonly record struct FillReasons(long Queue, long Through, long Crossed, long Taken)
{
    public long Total => Queue + Through + Crossed + Taken;

    public static FillReasons operator +(FillReasons left, FillReasons right) =>
        new(left.Queue + right.Queue, left.Through + right.Through, left.Crossed + right.Crossed, left.Taken + right.Taken);

    internal FillReasons With(FillReason reason) => reason switch
    {
        FillReason.Queue => this with { Queue = Queue + 1 },
        FillReason.Through => this with { Through = Through + 1 },
        FillReason.Crossed => this with { Crossed = Crossed + 1 },
        _ => this with { Taken = Taken + 1 },
    };
}
