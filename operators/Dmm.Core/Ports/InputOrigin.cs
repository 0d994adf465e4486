namespace Dmm.Core.Ports;

/// <summary>Where an input came from.</summary>
public enum InputOrigin : byte
{
    /// <summary>Handed to the engine by its driver.</summary>
    Outside,

    /// <summary>Produced by the engine itself; a replay derives it again and compares.</summary>
    Feedback,
}
