using Dmm.Core;
using Dmm.Pipeline.Commands;
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
    /// <exception cref="BadInputException">Names every fault of the brokers' addresses.</exception>
    public static StoreAccess Read(string? bootstrap)
    {
        try
        {
            var brokers = bootstrap ?? Variable(KafkaVariable);
            var kafka = brokers is null ? null : new KafkaOptions { Bootstrap = brokers }.Checked();
            return new(kafka, Variable(RedisVariable), Variable(PostgresVariable));
        }
        catch (ParameterException faulty)
        {
            throw new BadInputException(faulty.Faults);
        }
    }

    /// <summary>Shows which servers are used, and nothing else.</summary>
    public override string ToString() =>
        $"Kafka {Kafka?.Bootstrap ?? "-"}, Redis {(Redis is null ? "-" : "set")}, Postgres {(Postgres is null ? "-" : "set")}";

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
