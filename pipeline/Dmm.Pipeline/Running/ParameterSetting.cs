namespace Dmm.Pipeline.Running;

/// <summary>One parameter as set on a command line.</summary>
/// <param name="Path">Its name, such as <c>breakers.drawdownLimit</c>.</param>
/// <param name="Value">As typed.</param>
internal readonly record struct ParameterSetting(string Path, string Value)
{
    /// <summary>Reads <c>PATH=VALUE</c>; null when there is no equals sign with a name before it.</summary>
    public static ParameterSetting? Read(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? new(text[..at].Trim(), text[(at + 1)..].Trim()) : null;
}
