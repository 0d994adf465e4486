namespace Dmm.Pipeline.Screen;

/// <summary>Draws a panel's lines, at most so many, for so many columns.</summary>
internal delegate IReadOnlyList<ScreenLine> DrawLines(int width, int rows);

/// <summary>A part of the screen.</summary>
/// <param name="Title">In its frame.</param>
/// <param name="Importance">Where the height does not do for all, the largest of these are left out first.</param>
/// <param name="MinimumRows">Lines below which it is not worth its place.</param>
/// <param name="MaximumRows">Lines above which it has no more to say.</param>
/// <param name="Draw">Its lines.</param>
internal sealed record ScreenPanel(string Title, int Importance, int MinimumRows, int MaximumRows, DrawLines Draw);
