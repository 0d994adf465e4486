using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Sources.Kafka;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Running;

/// <summary>
/// Where the servers are. Connection strings hold passwords: they come from the environment, and go into no text; null where that server is not used.
/// </summary>
/// <param name="Kafka">The brokers.</param>
/// <param name="Redis">As StackExchange.Redis reads it.</param>
/// <param name="Postgres">As Npgsql reads it.</param>
internal sealed record StoreAccess(KafkaOptions? Kafka, string? Redis, string? Postgres)
{
    public const string KafkaVariable = "DMM_KAFKA";
    public const string RedisVariable = "DMM_REDIS";
    public const string PostgresVariable = "DMM_POSTGRES";

    /// <summary>No server: a file in the data folder is the archive.</summary>
    public static readonly StoreAccess Embedded = new(null, null, null);

    /// <param name="bootstrap">Brokers as given on the command line, which prevail over the environment.</param>
    /// <exception cref="BadInputException">Names every fault of the brokers' addresses and settings.</exception>
    public static StoreAccess Read(string? bootstrap)
    {
        List<string> faults = [];
        var kafka = KafkaOf(bootstrap, faults);
        return faults.Count == 0 ? new(kafka, Variable(RedisVariable), Variable(PostgresVariable)) : throw new BadInputException(faults);
    }

    /// <summary>
    /// The brokers of the environment, with the settings there (<see cref="KafkaConnectionString"/>); those of the command line, with the same
    /// settings, where they are given. Null where there are none, or where they are at fault.
    /// </summary>
    /// <param name="bootstrap">As given on the command line, which everybody on the machine may read: addresses alone.</param>
    /// <param name="faults">Told all that is wrong.</param>
    public static KafkaOptions? KafkaOf(string? bootstrap, List<string> faults) => KafkaOf(bootstrap, Variable(KafkaVariable), faults);

    /// <inheritdoc cref="KafkaOf(string?, List{string})"/>
    internal static KafkaOptions? KafkaOf(string? bootstrap, string? environment, List<string> faults)
    {
        var before = faults.Count;
        if (bootstrap?.AsSpan().IndexOfAny(';', '=') >= 0)
        {
            faults.Add($"--bootstrap takes addresses alone, host:port separated by commas: settings stand in {KafkaVariable} in the environment");
            return null;
        }

        KafkaOptions? kafka = null;
        try
        {
            if (environment is { } text) kafka = KafkaConnectionString.Parse(text);
            if (bootstrap is not null) kafka = (kafka ?? new() { Bootstrap = bootstrap }) with { Bootstrap = bootstrap };
            kafka?.Checked();
        }
        catch (ParameterException faulty)
        {
            faults.AddRange(faulty.Faults);
        }

        foreach (var name in KafkaConnectionString.Locations.Order(StringComparer.Ordinal))
        {
            if (kafka?.Client.GetValueOrDefault(name) is { } path && !Path.Exists(path))
                faults.Add($"{name} is the path of no file: expected one that is there");
        }

        if (faults.Count == before && kafka is { Client.Count: > 0 } && KafkaTopicSize.FaultOf(kafka) is { } fault)
            faults.Add($"the settings of the brokers are refused: {WithoutSecrets(fault, kafka)}");
        return faults.Count == before ? kafka : null;
    }

    private static string WithoutSecrets(string text, KafkaOptions kafka) => kafka.Client
        .Where(setting => setting.Key.Contains("password", StringComparison.Ordinal))
        .Aggregate(text, (told, secret) => told.Replace(secret.Value, "***"));

    /// <summary>Shows which servers are used, and nothing else.</summary>
    public override string ToString() =>
        $"Kafka {Kafka?.Bootstrap ?? "-"}, Redis {(Redis is null ? "-" : "set")}, Postgres {(Postgres is null ? "-" : "set")}";

    /// <summary>A variable's value; null where it is not set.</summary>
    internal static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
