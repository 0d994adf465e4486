using System.Text.RegularExpressions;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>The names by which the compose file and the program know each other; the one table to change when they do.</summary>
internal static partial class ServiceContract
{
    public const string Kafka = "DMM_KAFKA";
    public const string Redis = "DMM_REDIS";
    public const string Postgres = "DMM_POSTGRES";

    /// <summary>Services of ours, and what each must be told; no more, so that a collector holds no key of the account.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Variables = new Dictionary<string, string[]>
    {
        ["collector"] = [Kafka],
        ["dmm"] = [Kafka, Redis, Postgres, VenueAccess.KeyVariable, VenueAccess.SecretVariable],
        ["dmm-second"] = [Kafka, Redis, Postgres, VenueAccess.KeyVariable, VenueAccess.SecretVariable],
    };

    /// <summary>Services that speak to another, and the network they must have in common.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Speaks = new Dictionary<string, string[]>
    {
        ["topics"] = ["kafka"],
        ["collector"] = ["kafka"],
        ["dmm"] = ["kafka", "redis", "postgres"],
        ["dmm-second"] = ["kafka", "redis", "postgres"],
    };

    /// <summary>Where the data folder lies in the container.</summary>
    public const string Data = "/data";

    /// <summary>Every variable that the program reads: the string literals of that form in its source.</summary>
    public static readonly IReadOnlySet<string> Read = new HashSet<string>(
        from folder in (string[])["operators", "sources", "sinks", "topology", "pipeline"]
        from file in Repository.Files(folder)
        where file.EndsWith(".cs", StringComparison.Ordinal)
        from Match match in VariableLiteral().Matches(Repository.Text(file))
        select match.Groups[1].Value);

    [GeneratedRegex("\"(DMM_[A-Z_]+)\"")]
    private static partial Regex VariableLiteral();
}
