namespace Dmm.Testing.Servers;

/// <summary>The built <c>dmm</c>, to be run as a process of its own.</summary>
public static class DmmProgram
{
    /// <summary>Of the configuration that the tests were built in.</summary>
    public static string Path
    {
        get
        {
            // …/tests/Dmm.X.Tests/bin/Release/net10.0/
            var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            var root = output;
            while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Dmm.Reactive.sln"))) root = root.Parent;
            var program = System.IO.Path.Combine(
                root?.FullName ?? "", "pipeline", "Dmm.Pipeline", "bin", output.Parent!.Name, output.Name, "dmm");
            return File.Exists(program)
                ? program
                : throw new FileNotFoundException($"{program} is not built: expected the tests to run from a checkout");
        }
    }

    /// <summary>Starts it with that command line.</summary>
    /// <param name="arguments">A word each.</param>
    /// <param name="environment">Variables added to those of this process.</param>
    /// <param name="onLine">Told of each line on its standard output.</param>
    public static ServerProcess Start(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, Action<string>? onLine = null) =>
        ServerProcess.Start(Path, arguments, environment, onLine);
}
