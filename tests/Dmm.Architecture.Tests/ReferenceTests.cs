using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dmm.Architecture.Tests;

/// <summary>Reads the built assemblies: arrows run one way, and only the packages a project may use enter it.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Dmm.Core"] = [],
        ["Dmm.Operators"] = ["Dmm.Core", "System.Reactive"],
        ["Dmm.Wire"] = ["Dmm.Core"],
        ["Dmm.Sources"] = ["Dmm.Core", "Dmm.Wire", "System.Reactive", "Confluent.Kafka"],
        ["Dmm.Sinks"] =
        [
            "Dmm.Core", "Dmm.Wire", "Confluent.Kafka", "Microsoft.Data.Sqlite", "Npgsql", "dbup-core", "dbup-postgresql", "StackExchange.Redis",
            "Microsoft.Extensions.Logging.Abstractions", "NSec.Cryptography",
        ],
        ["Dmm.Topology"] = ["Dmm.Core", "Dmm.Operators", "System.Reactive"],
        ["Dmm.Simulation"] = ["Dmm.Core", "Dmm.Topology"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_ReferencesOnlyWhatItsPlaceAllows(string project)
    {
        var foreign = References(project).Where(name => !IsOfTheFramework(name) && !Allowed[project].Contains(name));
        foreign.ShouldBeEmpty($"{project} may reference {string.Join(", ", Allowed[project])} and the framework only");
    }

    [Fact]
    public void EveryProductAssembly_HasItsPlaceInTheTable()
    {
        var built = Directory.GetFiles(AppContext.BaseDirectory, "Dmm.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(n => !n!.EndsWith(".Tests"));
        built.ShouldBe(Allowed.Keys, ignoreOrder: true);
    }

    [Theory]
    [InlineData("Dmm.Core")]
    [InlineData("Dmm.Wire")]
    [InlineData("Dmm.Operators")]
    [InlineData("Dmm.Topology")]
    [InlineData("Dmm.Simulation")]
    public void PureAssembly_TouchesNoFileNetworkOrThread(string project)
    {
        string[] refused =
        [
            "System.Net.Http", "System.Net.Sockets", "System.Net.WebSockets", "System.IO.FileSystem", "System.Threading.Thread", "System.Console",
        ];
        References(project).Intersect(refused).ShouldBeEmpty();
    }

    private static string[] References(string project)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static bool IsOfTheFramework(string name)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return name is "mscorlib" or "netstandard" || File.Exists(Path.Combine(framework, name + ".dll"));
    }
}
