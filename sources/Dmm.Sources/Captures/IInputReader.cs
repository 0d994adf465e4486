using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources;

/// <summary>Inputs drawn one at a time, in order, by a driver that sets the pace.</summary>
public interface IInputReader : IDisposable
{
    /// <summary>Draws the next input; false at the end.</summary>
    /// <param name="input">Its levels are valid until the next call.</param>
    /// <param name="receiveTime">When it reached the recording machine; for an input that is not market data, the time of the frame it came
    /// with.</param>
    bool TryRead(out Input input, out Timestamp receiveTime);
}
