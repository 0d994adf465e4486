using Dmm.Core.Messages;
using ScottPlot;

namespace Dmm.Pipeline.Replay;

/// <summary>Colours of trading states in pictures.</summary>
internal static class StateColors
{
    public static Color Of(TradingState state) => Color.FromHex(state switch
    {
        TradingState.Active => "#a9dcb8",
        TradingState.Widened => "#f6e08b",
        TradingState.Reducing => "#f3b77c",
        TradingState.Halted => "#e58d83",
        _ => "#8f4a8f",
    });
}
