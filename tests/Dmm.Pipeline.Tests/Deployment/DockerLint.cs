using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>What the image must hold, and that it is made of what is in the repository and nothing else.</summary>
internal static partial class DockerLint
{
    private const string Project = "pipeline/Dmm.Pipeline/Dmm.Pipeline.csproj";

    public static IEnumerable<string> Image(DockerFile file)
    {
        foreach (var step in file.Steps.Where(s => s.Name == "FROM" && !PinnedBase().IsMatch(s.Text))) yield return $"FROM {step.Text}: not pinned";
        if (file.Last("USER") is "" or "root" or "0") yield return "the image runs as root";
        if (file.Last("STOPSIGNAL") != "SIGTERM") yield return "the image is not told to stop by SIGTERM";
        if (file.Last("VOLUME") != ServiceContract.Data) yield return $"{ServiceContract.Data} is no volume";
        if (file.EntryPoint.Length != 1) yield return "the entry point is not one word";
        foreach (var fault in ContractLint.CommandFaults(DockerFile.Words(file.Last("CMD")))) yield return $"CMD: {fault}";
        if (DockerFile.Words(file.Last("HEALTHCHECK")) is not [var program, .. var words] || !file.EntryPoint.SequenceEqual([program]))
            yield return "the image has no health check by its own program";
        else
            foreach (var fault in ContractLint.CommandFaults(words)) yield return $"HEALTHCHECK: {fault}";
        foreach (var label in (string[])["title", "description", "licenses", "revision", "base.name"])
            if (!file.Last("LABEL").Contains($"org.opencontainers.image.{label}=", StringComparison.Ordinal)) yield return $"no label {label}";
        if (file.Image.Any(s => s.Name == "ENV" && s.Text.Contains("DMM_", StringComparison.Ordinal)))
            yield return "the image has settings of its own";
    }

    /// <summary>What is copied exists; packages are fetched before sources come, of all projects there are; sources of all of them come.</summary>
    public static IEnumerable<string> Copies(DockerFile file)
    {
        foreach (var source in file.Copies.SelectMany(c => c.Sources).Where(s => !Path.Exists(Repository.At(s))))
            yield return $"COPY {source}: not there";
        var projects = Closure(Project).ToArray();
        var restore = file.Steps.ToList().FindIndex(s => s.Name == "RUN" && s.Text.StartsWith("dotnet restore ", StringComparison.Ordinal));
        var before = new DockerFile([.. file.Steps.Take(restore)]).Copies.ToArray();
        var after = new DockerFile([.. file.Steps.Skip(restore)]).Copies.ToArray();
        foreach (var project in projects.Where(p => !before.Any(c => c.Sources.Contains(p) && c.Target == Path.GetDirectoryName(p) + "/")))
            yield return $"{project} does not come before the restore";
        foreach (var source in before.SelectMany(c => c.Sources).Where(s => s.EndsWith(".csproj", StringComparison.Ordinal)).Except(projects))
            yield return $"{source} is not needed";
        foreach (var project in projects.Where(p => !after.Any(c => c.Sources.Contains(p.Split('/')[0]) && c.Target == p.Split('/')[0])))
            yield return $"the sources of {project} do not come";
        foreach (var name in RootFiles().Where(n => !file.Copies.Any(c => c.Sources.Contains(n) && c.Target == "./")))
            yield return $"{name} does not come";
    }

    /// <summary>Docker sees all that the image is built from, and neither history, data, secrets nor what was built here.</summary>
    public static IEnumerable<string> Ignored(DockerFile file, DockerIgnore ignored)
    {
        string[] mustNotCome =
        [
            ".git/HEAD", ".env", "data/archive.db", "README.md", "tests/run.sh",
            "operators/Dmm.Core/bin/Release/x.dll", "operators/Dmm.Core/obj/x.json",
            "pipeline/Dmm.Pipeline/data/archive.db", "pipeline/.env",
        ];
        foreach (var path in mustNotCome.Where(p => !ignored.IsIgnored(p))) yield return $"{path} comes into the image's context";
        var needed = file.Copies.SelectMany(c => c.Sources).Where(s => File.Exists(Repository.At(s)))
            .Concat(Closure(Project).SelectMany(p => Repository.Files(Path.GetDirectoryName(p)!)));
        foreach (var path in needed.Where(ignored.IsIgnored)) yield return $"{path} does not come into the image's context";
    }

    /// <summary>Files at the root that MSBuild or a project of ours takes in.</summary>
    private static IEnumerable<string> RootFiles() => ["global.json", .. from file in Directory.EnumerateFiles(Repository.Root)
        let name = Path.GetFileName(file)
        where name.StartsWith("Directory.", StringComparison.Ordinal) || name.StartsWith("BannedSymbols.", StringComparison.Ordinal)
        select name];

    /// <summary>A project and all that it is built from.</summary>
    private static HashSet<string> Closure(string project)
    {
        HashSet<string> found = [];
        Queue<string> open = new([project]);
        while (open.TryDequeue(out var one))
        {
            if (!found.Add(one)) continue;
            foreach (var reference in XDocument.Parse(Repository.Text(one)).Descendants("ProjectReference"))
            {
                var path = Path.Combine(Path.GetDirectoryName(Repository.At(one))!, (string)reference.Attribute("Include")!);
                open.Enqueue(Path.GetRelativePath(Repository.Root, path));
            }
        }

        return found;
    }

    [GeneratedRegex(@"^(--platform=\$BUILDPLATFORM )?mcr\.microsoft\.com/dotnet/(sdk|aspnet):10\.0-[a-z]+( AS build)?$")]
    private static partial Regex PinnedBase();
}

/// <summary>.dockerignore: the last pattern that holds of a path, or of a folder above it, decides.</summary>
internal sealed record DockerIgnore(IReadOnlyList<(Regex Pattern, bool IsIgnored)> Rules)
{
    public static DockerIgnore Parse(string text) => new(
    [
        .. from line in text.Split('\n')
           where line.Length > 0 && line[0] != '#'
           let pattern = line.TrimStart('!')
           select (new Regex($"^{Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?").Replace(@"\*", "[^/]*")}(/.*)?$"), line[0] != '!'),
    ]);

    public bool IsIgnored(string path) => Rules.LastOrDefault(r => r.Pattern.IsMatch(path)).IsIgnored;
}
