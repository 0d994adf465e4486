using Dmm.Core.Messages;

namespace Dmm.Pipeline.Screen;

/// <summary>Alerts and what else a person should have seen, newest first.</summary>
internal static class NotePanel
{
    public static ScreenPanel Of(DeskSnapshot desk, int importance) =>
        new("alerts and notes", importance, 2, int.MaxValue / 2, (width, rows) => Draw(desk, width, rows));

    private static ScreenLine[] Draw(DeskSnapshot desk, int width, int rows) => desk.Notes.IsEmpty
        ? [new ScreenLine().Add("none", DeskStyle.Dim)]
        : [.. desk.Notes.SelectMany(note => Lines(note, width)).Take(rows)];

    private static IEnumerable<ScreenLine> Lines(DeskNote note, int width)
    {
        var text = $"{Sign(note.Level)}{note.Subject}: {note.Text}";
        var clock = $"{DeskText.Clock(note.At)} ";
        foreach (var (line, index) in DeskText.Wrapped(text, width - clock.Length).Select((line, index) => (line, index)))
            yield return new ScreenLine().Add(index == 0 ? clock : new string(' ', clock.Length), DeskStyle.Dim).Add(line, DeskStyle.Of(note.Level));
    }

    private static string Sign(AlertLevel level) => level switch
    {
        AlertLevel.Critical => "!! ",
        AlertLevel.Warning => "! ",
        _ => "",
    };
}
