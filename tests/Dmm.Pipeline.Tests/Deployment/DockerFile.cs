using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>One instruction; continued lines are joined.</summary>
internal readonly record struct DockerStep(string Name, string Text);

/// <summary>pipeline/Dockerfile, instruction by instruction.</summary>
internal sealed partial record DockerFile(IReadOnlyList<DockerStep> Steps)
{
    /// <summary>Of the last stage, which becomes the image.</summary>
    public IReadOnlyList<DockerStep> Image { get; } = [.. Steps.Skip(Steps.Count - 1 - Steps.Reverse().TakeWhile(s => s.Name != "FROM").Count())];

    public string[] EntryPoint => Words(Last("ENTRYPOINT"));

    /// <summary>Sources and target of each copy from the repository.</summary>
    public IEnumerable<(string[] Sources, string Target)> Copies =>
        from step in Steps
        where step.Name == "COPY" && !step.Text.StartsWith("--from=", StringComparison.Ordinal)
        let words = step.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select (words[..^1], words[^1]);

    public static DockerFile Parse(string text)
    {
        var lines = text.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
        var joined = Continuation().Replace(string.Join('\n', lines), " ");
        return new(
        [
            .. from line in joined.Split('\n')
               where line.Trim().Length > 0
               let parts = line.Trim().Split(' ', 2)
               select new DockerStep(parts[0], parts[^1]),
        ]);
    }

    /// <summary>The last instruction of that name in the image; empty when there is none.</summary>
    public string Last(string name) => Image.LastOrDefault(s => s.Name == name).Text ?? "";

    /// <summary>The list of words that stands at the end of an instruction.</summary>
    public static string[] Words(string text) => text.IndexOf('[') is >= 0 and var at ? JsonSerializer.Deserialize<string[]>(text[at..])! : [];

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();
}
