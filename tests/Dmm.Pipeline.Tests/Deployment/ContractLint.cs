using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Wire.Bus;
using Npgsql;
using StackExchange.Redis;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>What the compose file says of the program and of its servers, held against the code and against each other.</summary>
internal static partial class ContractLint
{
    /// <summary>Commands and health checks of ours are command lines that the program takes.</summary>
    public static IEnumerable<string> Commands(ComposeFile file, DockerFile image)
    {
        foreach (var service in file.Ours)
        {
            foreach (var fault in CommandFaults(service.Command)) yield return $"{service.Name}: {fault}";
            if (service.HealthCommand is not ["CMD", var program, .. var words]) yield return $"{service.Name}: its health check is no list of words";
            else if (!image.EntryPoint.SequenceEqual([program]))
                yield return $"{service.Name}: its health check asks {program}, not the image's program";
            else
                foreach (var fault in CommandFaults(words)) yield return $"{service.Name}: health check: {fault}";
            foreach (var (what, words2) in new[] { ("command", service.Command), ("health check", service.HealthCommand) })
                if (words2.SkipWhile(w => w != "--data").Skip(1).FirstOrDefault() != ServiceContract.Data)
                    yield return $"{service.Name}: its {what} does not have --data {ServiceContract.Data}";
            if (service["volumes"].Texts.All(v => v.Split(':')[1] != ServiceContract.Data))
                yield return $"{service.Name}: no volume on {ServiceContract.Data}";
        }
    }

    public static IEnumerable<string> CommandFaults(string[] words)
    {
        var root = DmmCommand.Create();
        if (words.Length == 0 || root.Subcommands.All(c => c.Name != words[0])) return [$"there is no command 'dmm {words.FirstOrDefault()}'"];
        return root.Parse(words).Errors.Select(e => $"dmm {words[0]}: {e.Message}");
    }

    public static IEnumerable<string> Variables(ComposeFile file)
    {
        if (!file.Ours.Select(s => s.Name).Order().SequenceEqual(ServiceContract.Variables.Keys.Order()))
            yield return "the services of ours are others";
        foreach (var service in file.Ours)
        {
            var set = service["environment"].Entries.Select(e => e.Key).ToArray();
            var expected = ServiceContract.Variables.GetValueOrDefault(service.Name) ?? [];
            foreach (var name in expected.Except(set)) yield return $"{service.Name}: {name} is not set";
            foreach (var name in set.Except(expected)) yield return $"{service.Name}: {name} is none of its business";
            foreach (var name in set.Where(n => !ServiceContract.Read.Contains(n))) yield return $"{service.Name}: the program does not read {name}";
        }
    }

    public static IEnumerable<string> Topics(ComposeFile file)
    {
        var limit = new KafkaOptions { Bootstrap = "kafka:9092" }.MessageBytesMax.ToString();
        if (file["kafka"].Variable("KAFKA_MESSAGE_MAX_BYTES") != limit) yield return $"kafka: its message limit is not {limit}";
        if (file["kafka"].Variable("KAFKA_AUTO_CREATE_TOPICS_ENABLE") != "false") yield return "kafka: makes topics of misspelt names";
        var made = TopicLine().Matches(file["topics"].Command[0])
            .ToDictionary(m => m.Groups[1].Value, m => (Partitions: m.Groups[2].Value, m.Groups[3].Value));
        var known = typeof(BusTopics).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToArray();
        foreach (var name in known.Except(made.Keys)) yield return $"topics: {name} is not made";
        foreach (var name in made.Keys.Except(known)) yield return $"topics: nobody knows {name}";
        foreach (var (name, (_, settings)) in made)
        {
            var pairs = settings.Split(',').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
            if (pairs.GetValueOrDefault("max.message.bytes") != limit) yield return $"topics: the limit of {name} is not {limit}";
            if (!long.TryParse(pairs.GetValueOrDefault("retention.ms"), out var kept) || kept <= 0)
                yield return $"topics: {name} is kept for no stated time";
        }

        // A node owns an asset by its partition of the market data; what it writes of the asset must be as finely divided.
        string[] shared = [BusTopics.MarketData, BusTopics.Journal, BusTopics.Decisions];
        if (shared.Select(name => made.GetValueOrDefault(name).Partitions).Distinct().Count() != 1) yield return "topics: unequal partitions";
    }

    /// <summary>Who speaks to whom is on one network, finds the port, and has the name and password of the other side.</summary>
    public static IEnumerable<string> Addresses(ComposeFile file)
    {
        foreach (var (name, others) in ServiceContract.Speaks)
            foreach (var other in others.Where(o => !file[name].Networks.Intersect(file[o].Networks).Any()))
                yield return $"{name}: no network in common with {other}";
        var kafka = file["kafka"];
        var advertised = Listeners(kafka.Variable("KAFKA_ADVERTISED_LISTENERS"));
        var listeners = Listeners(kafka.Variable("KAFKA_LISTENERS"));
        foreach (var (name, address) in advertised.Where(a => listeners.GetValueOrDefault(a.Key)?.Split(':')[1] != a.Value.Split(':')[1]))
            yield return $"kafka: advertises {name} at {address}, where it does not listen";
        var inside = advertised.GetValueOrDefault(kafka.Variable("KAFKA_INTER_BROKER_LISTENER_NAME"));
        var asked = BootstrapServer().Matches(file["topics"].Command[0] + "\n" + string.Join(' ', kafka.HealthCommand)).Select(m => m.Groups[1].Value)
            .Concat(file.Ours.Select(s => s.Variable(ServiceContract.Kafka)));
        foreach (var address in asked.Where(a => a != inside)) yield return $"kafka is asked at {address}, and is at {inside}";
        foreach (var port in kafka["ports"].Texts.Select(p => p.Split(':')).Where(p => !advertised.ContainsValue($"{p[0]}:{p[1]}") || p[1] != p[2]))
            yield return $"kafka: published at {string.Join(':', port)}, where it does not say that it is";
        foreach (var fault in RedisFaults(file).Concat(PostgresFaults(file))) yield return fault;
    }

    /// <summary>The run has the time to have its orders cancelled before it is killed.</summary>
    public static IEnumerable<string> Stopping(ComposeFile file) =>
        from service in file.Ours
        where service.Command is ["run", ..]
        let grace = GraceSeconds().Match(service["stop_grace_period"].Text)
        where !grace.Success || int.Parse(grace.Groups[1].Value) < 2 * DeskRun.CancelPatience.TotalSeconds
        select $"{service.Name}: is killed before its orders are cancelled";

    /// <summary>The example names every variable, and gives no secret.</summary>
    public static IEnumerable<string> Settings(ComposeFile file, string settings)
    {
        var lines = settings.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        var used = file.Variables.Select(v => v.Name).Distinct().ToArray();
        foreach (var name in used.Except(lines.Keys)) yield return $"{name} is not in {Repository.Settings}";
        foreach (var name in lines.Keys.Except(used)) yield return $"nothing uses {name}";
        foreach (var (name, form) in file.Variables.Where(v => lines.ContainsKey(v.Name)))
        {
            var standard = form.StartsWith(":-", StringComparison.Ordinal) ? form[2..] : "";
            if (lines[name] != standard) yield return $"{name} is '{lines[name]}' in {Repository.Settings} and '{standard}' otherwise";
        }
    }

    /// <summary>The guide tells of every service, its volume and its port, and calls volumes by the names that Compose gives them.</summary>
    public static IEnumerable<string> Guide(ComposeFile file, string guide)
    {
        foreach (var service in file.Services)
        {
            var kept = string.Concat(service["volumes"].Texts.Select(v => $"volume `{v.Split(':')[0]}`"));
            var published = string.Concat(service["ports"].Texts.Select(p => p[..p.LastIndexOf(':')]));
            if (!guide.Contains($"| `{service.Name}` | {kept} | {published} |".Replace("  ", " "), StringComparison.Ordinal))
                yield return $"{service.Name} is not told of as it is";
        }

        var volumes = file.Root["volumes"].Entries.Select(e => $"{file.Root["name"].Text}_{e.Key}").ToArray();
        foreach (var name in MountedVolume().Matches(guide).Select(m => m.Groups[1].Value).Except(volumes)) yield return $"there is no volume {name}";
        foreach (var words in ProgramCall().Matches(guide).Select(m => m.Groups[1].Value.Split(' ')))
            foreach (var fault in CommandFaults(words)) yield return fault;
    }

    private static IEnumerable<string> RedisFaults(ComposeFile file)
    {
        var server = file["redis"];
        var port = RedisPort().Match(server.Command[^1]).Groups[1].Value;
        if (!server.Command[^1].Contains("\nrequirepass $REDISCLI_AUTH\n", StringComparison.Ordinal)) yield return "redis: asks for no password";
        if (!server.Command[^1].Contains("\nappendonly yes\n", StringComparison.Ordinal)) yield return "redis: forgets";
        if (!string.Join(' ', server.HealthCommand).Contains($"redis-cli -p {port} ", StringComparison.Ordinal))
            yield return "redis: its health check asks elsewhere";
        foreach (var service in file.Ours.Where(s => s["environment"][ServiceContract.Redis].Exists))
        {
            var options = ConfigurationOptions.Parse(service.Variable(ServiceContract.Redis));
            if (options.EndPoints.Single() is not DnsEndPoint { Host: "redis" } at || at.Port.ToString() != port)
                yield return $"{service.Name}: redis is at redis:{port}";
            if (options.Password != server.Variable("REDISCLI_AUTH")) yield return $"{service.Name}: has another password than redis";
            if (options.AbortOnConnectFail) yield return $"{service.Name}: ends when redis is away at its start";
        }
    }

    private static IEnumerable<string> PostgresFaults(ComposeFile file)
    {
        var server = file["postgres"];
        var port = server["ports"].Texts.Single().Split(':')[2];
        var health = string.Join(' ', server.HealthCommand);
        var (user, database) = (server.Variable("POSTGRES_USER"), server.Variable("POSTGRES_DB"));
        if (health != $"CMD pg_isready --host 127.0.0.1 --port {port} --username {user} --dbname {database}")
            yield return "postgres: its health check asks elsewhere";
        foreach (var service in file.Ours.Where(s => s["environment"][ServiceContract.Postgres].Exists))
        {
            var connection = new NpgsqlConnectionStringBuilder(service.Variable(ServiceContract.Postgres));
            if ((connection.Host, connection.Port.ToString()) != ("postgres", port)) yield return $"{service.Name}: postgres is at postgres:{port}";
            if ((connection.Database, connection.Username, connection.Password)
                != (database, user, server.Variable("POSTGRES_PASSWORD")))
                yield return $"{service.Name}: postgres has another database, user or password";
        }
    }

    private static Dictionary<string, string> Listeners(string text) =>
        text.Split(',').Select(l => l.Split("://")).ToDictionary(l => l[0], l => l[1]);

    [GeneratedRegex(@"^\s*topic (\S+) ([0-9]+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex TopicLine();

    [GeneratedRegex(@"--bootstrap-server (\S+)")]
    private static partial Regex BootstrapServer();

    [GeneratedRegex(@"^port ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex RedisPort();

    [GeneratedRegex(@"-v (\w\S*):/")]
    private static partial Regex MountedVolume();

    [GeneratedRegex(@"/app/dmm ([^#\n]*[^#\s])")]
    private static partial Regex ProgramCall();

    [GeneratedRegex("^([0-9]+)s$")]
    private static partial Regex GraceSeconds();
}
