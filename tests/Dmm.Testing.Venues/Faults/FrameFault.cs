namespace Dmm.Testing.Venues;

/// <summary>What goes wrong with one frame that the venue says.</summary>
public abstract record FrameFault
{
    private FrameFault()
    {
    }

    /// <summary>It is lost: of book deltas, a gap in the sequence.</summary>
    public sealed record Dropped : FrameFault;

    /// <summary>It comes twice.</summary>
    public sealed record Repeated : FrameFault;

    /// <summary>It comes after the next frame of the socket; alone it waits for that.</summary>
    public sealed record Swapped : FrameFault;

    /// <summary>It comes so much later, on the test's clock; what is said meanwhile overtakes it.</summary>
    public sealed record Delayed(TimeSpan Span) : FrameFault;

    /// <summary>Half of its text comes, as a whole frame.</summary>
    public sealed record Truncated : FrameFault;

    /// <summary>Other bytes come in its place.</summary>
    public sealed record Replaced(byte[] Payload) : FrameFault;

    /// <summary>A frame of so many bytes comes in its place.</summary>
    public sealed record Oversized(int Length) : FrameFault;

    /// <summary>The connection breaks in the middle of it.</summary>
    public sealed record BrokenOff : FrameFault;

    /// <summary>It is the first of which nothing comes any more, nor of anything after it, though the connection stays open.</summary>
    public sealed record Silenced : FrameFault;
}
