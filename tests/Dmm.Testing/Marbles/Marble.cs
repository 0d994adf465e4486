namespace Dmm.Testing;

/// <summary>One symbol of a marble string.</summary>
/// <param name="Symbol">The character.</param>
/// <param name="Frame">Its frame, counted from the start of the string.</param>
/// <param name="Index">Its place in the string, for error texts.</param>
internal readonly record struct Marble(char Symbol, int Frame, int Index)
{
    public const string Notation = "-()|#^! ";

    /// <summary>Reads what all marble strings share: dashes, groups and blanks. What the other symbols mean is the caller's part.</summary>
    public static IReadOnlyList<Marble> Read(string marbles)
    {
        var read = new List<Marble>();
        var frame = 0;
        int? group = null;
        for (var index = 0; index < marbles.Length; index++)
        {
            switch (marbles[index])
            {
                case ' ':
                    break;
                case '-' when group is null:
                    frame++;
                    break;
                case '(' when group is null:
                    group = index;
                    break;
                case ')' when group == index - 1:
                    throw Bad(marbles, index, "the group is empty");
                case ')' when group is not null:
                    group = null;
                    frame++;
                    break;
                case '-' or '(' or ')':
                    throw Bad(marbles, index, group is null ? "no group is open" : "it cannot stand inside a group");
                case var symbol:
                    read.Add(new(symbol, frame, index));
                    frame += group is null ? 1 : 0;
                    break;
            }
        }

        return group is { } open ? throw Bad(marbles, open, "the group is not closed") : read;
    }

    public static FormatException Bad(string marbles, int index, string reason) =>
        new($"bad marble '{marbles[index]}' at index {index} of \"{marbles}\": {reason}");
}
