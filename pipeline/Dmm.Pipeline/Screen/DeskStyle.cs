using Dmm.Core;
using Dmm.Core.Messages;
using Spectre.Console;

namespace Dmm.Pipeline.Screen;

/// <summary>Colours; each only repeats what a word or a sign beside it says.</summary>
internal static class DeskStyle
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Dim = new(Color.Grey);
    public static readonly Style Strong = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Warning = new(Color.Yellow);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Title = new(Color.Aqua);

    public static Style Of(TradingState state) => state switch
    {
        TradingState.Active => Good,
        TradingState.Widened or TradingState.Reducing => Warning,
        _ => Bad,
    };

    public static Style Of(AlertLevel level) => level switch
    {
        AlertLevel.Critical => Bad,
        AlertLevel.Warning => Warning,
        _ => Plain,
    };

    public static Style Of(Side side) => side == Side.Buy ? Good : Bad;

    /// <summary>Of an amount that is better when it is larger.</summary>
    public static Style OfGain(double gain) => gain > 0 ? Good : gain < 0 ? Bad : Plain;

    public static string Sign(TradingState state) => state switch
    {
        TradingState.Active => "●",
        TradingState.Widened => "◆",
        TradingState.Reducing => "▼",
        TradingState.Halted => "■",
        _ => "✖",
    };

    public static string Word(TradingState state) => state switch
    {
        TradingState.Active => "ACTIVE",
        TradingState.Widened => "WIDENED",
        TradingState.Reducing => "REDUCING",
        TradingState.Halted => "HALTED",
        _ => "KILLED",
    };
}
