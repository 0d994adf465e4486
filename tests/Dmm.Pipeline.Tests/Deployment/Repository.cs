namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public const string Compose = "docker-compose.kafka.yml";
    public const string Dockerfile = "pipeline/Dockerfile";
    public const string Ignored = ".dockerignore";
    public const string Settings = ".env.example";
    public const string Guide = "pipeline/docs/deploy.md";

    public static string Root { get; } = Locate(AppContext.BaseDirectory);

    public static string At(string path) => Path.Combine(Root, path);

    public static string Text(string path) => File.ReadAllText(At(path)).ReplaceLineEndings("\n");

    /// <summary>Files below a folder, relative to the checkout, but what is built or recorded.</summary>
    public static IEnumerable<string> Files(string folder) =>
        from file in Directory.EnumerateFiles(At(folder), "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        select path;

    private static string Locate(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Dmm.Reactive.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"no folder above {directory} holds Dmm.Reactive.sln");
    }
}
