using System.Text;

namespace Dmm.Testing;

internal static class MarbleWriter
{
    private const int FramesMax = 200;

    /// <summary>Draws symbols in their frames, which rise; frame 0 is marked when there are earlier ones.</summary>
    public static string Write(IEnumerable<(long Frame, char Symbol)> symbols)
    {
        var frames = symbols.GroupBy(symbol => symbol.Frame, symbol => symbol.Symbol).ToDictionary(frame => frame.Key, frame => string.Concat(frame));
        if (frames.Count == 0)
            return "";

        var first = Math.Min(0, frames.Keys.Min());
        if (first < 0)
            frames[0] = "^" + frames.GetValueOrDefault(0, "");
        var last = frames.Keys.Max();
        var text = new StringBuilder();
        for (var frame = first; frame <= Math.Min(last, first + FramesMax - 1); frame++)
        {
            var drawn = frames.GetValueOrDefault(frame, "-");
            text.Append(drawn.Length == 1 ? drawn : $"({drawn})");
        }

        return last - first >= FramesMax ? text.Append('…').ToString() : text.ToString();
    }
}
