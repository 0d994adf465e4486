namespace Dmm.Core.Messages;

/// <summary>
/// Shows the built book of one instrument as it is now: part of the wiring, so that a kernel that samples books keeps no copy of them and has nothing of
/// them to restore. Single-threaded, like the engine that owns it.
/// </summary>
public interface IBookView
{
    /// <summary>The top after the latest update; <see cref="BookStatus.AwaitingSnapshot"/> before the first.</summary>
    BookTop Top { get; }
}
