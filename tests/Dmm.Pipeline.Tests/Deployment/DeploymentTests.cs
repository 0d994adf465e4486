namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>
/// The files by which the pipeline is deployed, held against each other and against the code. They are read here, not run; each rule is shown to
/// find the fault it is there for.
/// </summary>
public sealed class DeploymentTests
{
    private static readonly Dictionary<string, string> Files =
        new[] { Repository.Compose, Repository.Dockerfile, Repository.Ignored, Repository.Settings, Repository.Guide }
            .ToDictionary(path => path, Repository.Text);

    private static readonly Dictionary<string, Func<IReadOnlyDictionary<string, string>, IEnumerable<string>>> Rules = new()
    {
        ["images"] = files => ComposeLint.Images(Compose(files)),
        ["limits"] = files => ComposeLint.Limits(Compose(files)),
        ["restarts"] = files => ComposeLint.Restarts(Compose(files)),
        ["health checks"] = files => ComposeLint.HealthChecks(Compose(files)),
        ["volumes"] = files => ComposeLint.Volumes(Compose(files)),
        ["secrets"] = files => ComposeLint.Secrets(Compose(files)),
        ["ports"] = files => ComposeLint.Ports(Compose(files)),
        ["networks"] = files => ComposeLint.Networks(Compose(files)),
        ["hardening"] = files => ComposeLint.Hardening(Compose(files)),
        ["dependencies"] = files => ComposeLint.Dependencies(Compose(files)),
        ["commands"] = files => ContractLint.Commands(Compose(files), Docker(files)),
        ["variables"] = files => ContractLint.Variables(Compose(files)),
        ["topics"] = files => ContractLint.Topics(Compose(files)),
        ["addresses"] = files => ContractLint.Addresses(Compose(files)),
        ["stopping"] = files => ContractLint.Stopping(Compose(files)),
        ["settings"] = files => ContractLint.Settings(Compose(files), files[Repository.Settings]),
        ["guide"] = files => ContractLint.Guide(Compose(files), files[Repository.Guide]),
        ["image"] = files => DockerLint.Image(Docker(files)),
        ["copies"] = files => DockerLint.Copies(Docker(files)),
        ["ignored"] = files => DockerLint.Ignored(Docker(files), DockerIgnore.Parse(files[Repository.Ignored])),
    };

    public static TheoryData<string> RuleNames => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Files_Hold(string rule) => Rules[rule](Files).ShouldBeEmpty();

    [Theory]
    [InlineData("images", Repository.Compose, "apache/kafka:4.1.1", "apache/kafka:latest")]
    [InlineData("images", Repository.Compose, "redis:7.2.7-bookworm", "redis")]
    [InlineData("limits", Repository.Compose, "cpus: \"1\", memory: 1g", "cpus: \"1\"")]
    [InlineData("limits", Repository.Compose, "    max-size: 20m\n", "")]
    [InlineData("restarts", Repository.Compose, "restart: on-failure", "restart: \"no\"")]
    [InlineData("health checks", Repository.Compose, "      test: [\"CMD-SHELL\", \"redis-cli -p 6379 ping | grep -qx PONG\"]\n", "")]
    [InlineData("volumes", Repository.Compose, "    volumes: [\"redis:/data\"]\n", "")]
    [InlineData("volumes", Repository.Compose, "  dmm-second: {}\n", "")]
    [InlineData("volumes", Repository.Compose, "volumes: [\"dmm-second:/data\"]", "volumes: [\"dmm:/data\"]")]
    [InlineData("secrets", Repository.Compose, "POSTGRES_PASSWORD: ${DMM_POSTGRES_PASSWORD:?set DMM_POSTGRES_PASSWORD in .env}",
        "POSTGRES_PASSWORD: dmm")]
    [InlineData("secrets", Repository.Compose, "password=${DMM_REDIS_PASSWORD:?set DMM_REDIS_PASSWORD in .env}", "password=dmm")]
    [InlineData("secrets", Repository.Compose, "${DMM_VENUE_SECRET:?set DMM_VENUE_SECRET in .env}", "${DMM_VENUE_SECRET:-none}")]
    [InlineData("secrets", Repository.Compose, "requirepass $$REDISCLI_AUTH", "requirepass ${DMM_REDIS_PASSWORD:?x}")]
    [InlineData("secrets", Repository.Compose, "requirepass $$REDISCLI_AUTH", "requirepass dmm")]
    [InlineData("ports", Repository.Compose, "127.0.0.1:15432:5432", "15432:5432")]
    [InlineData("ports", Repository.Compose, "  outside: {}", "  outside: { internal: true }")]
    [InlineData("networks", Repository.Compose, "  inside: { internal: true }", "  inside: {}")]
    [InlineData("networks", Repository.Compose, "  outside: {}", "  outdoors: {}")]
    [InlineData("hardening", Repository.Compose, "  read_only: true\n  tmpfs:", "  tmpfs:")]
    [InlineData("hardening", Repository.Compose, "  cap_drop: [ALL]\n  security_opt", "  security_opt")]
    [InlineData("hardening", Repository.Compose, "user: redis", "user: root")]
    [InlineData("dependencies", Repository.Compose, "redis: { condition: service_healthy }", "cache: { condition: service_healthy }")]
    [InlineData("dependencies", Repository.Compose, "redis: { condition: service_healthy }", "redis: { condition: service_started }")]
    [InlineData("commands", Repository.Compose, "- --plain", "- --plane")]
    [InlineData("commands", Repository.Compose, "    - run\n", "    - trade\n")]
    [InlineData("commands", Repository.Compose, "[\"CMD\", \"/app/dmm\", \"health\"", "[\"CMD\", \"/app/dmm\", \"healthy\"")]
    [InlineData("commands", Repository.Compose, "[\"CMD\", \"/app/dmm\"", "[\"CMD\", \"dmm\"")]
    [InlineData("commands", Repository.Compose, "    - /data\n", "    - /var/data\n")]
    [InlineData("commands", Repository.Compose, "[\"dmm:/data\"]", "[\"dmm:/var/data\"]")]
    [InlineData("variables", Repository.Compose, "    DMM_VENUE_KEY:", "    DMM_VENUE_KEYS:")]
    [InlineData("variables", Repository.Compose, "      DMM_KAFKA: kafka:9092\n    volumes", "      DMM_VENUE_KEY: x\n    volumes")]
    [InlineData("topics", Repository.Compose, "topic dmm.journal.v1", "topic dmm.journals.v1")]
    [InlineData("topics", Repository.Compose, "topic dmm.decisions.v1 12", "topic dmm.decisions.v1 6")]
    [InlineData("topics", Repository.Compose, "retention.bytes=1073741824,max.message.bytes=8388608",
        "retention.bytes=1073741824,max.message.bytes=1048576")]
    [InlineData("topics", Repository.Compose, "retention.ms=2592000000,", "")]
    [InlineData("topics", Repository.Compose, "KAFKA_MESSAGE_MAX_BYTES: \"8388608\"", "KAFKA_MESSAGE_MAX_BYTES: \"1048576\"")]
    [InlineData("addresses", Repository.Compose, "    DMM_KAFKA: kafka:9092\n    DMM_REDIS", "    DMM_KAFKA: kafka:19092\n    DMM_REDIS")]
    [InlineData("addresses", Repository.Compose, "LOOPBACK://:19092", "LOOPBACK://:19093")]
    [InlineData("addresses", Repository.Compose, "127.0.0.1:19092:19092\"", "127.0.0.1:29092:19092\"")]
    [InlineData("addresses", Repository.Compose, "        port 6379\n", "        port 6380\n")]
    [InlineData("addresses", Repository.Compose, "DMM_REDIS: redis:6379", "DMM_REDIS: cache:6379")]
    [InlineData("addresses", Repository.Compose, "password=${DMM_REDIS_PASSWORD", "password=${DMM_POSTGRES_PASSWORD")]
    [InlineData("addresses", Repository.Compose, ",abortConnect=false", "")]
    [InlineData("addresses", Repository.Compose, "Host=postgres;Port=5432", "Host=postgres;Port=15432")]
    [InlineData("addresses", Repository.Compose, "POSTGRES_DB: dmm", "POSTGRES_DB: archive")]
    [InlineData("addresses", Repository.Compose, "    networks: [inside]\n    restart: unless-stopped\n    stop_grace_period: 30s",
        "    networks: []")]
    [InlineData("stopping", Repository.Compose, "  stop_grace_period: 60s\n  deploy", "  stop_grace_period: 10s\n  deploy")]
    [InlineData("settings", Repository.Compose, "${DMM_GROUP:-dmm}", "${DMM_GROUP:-desk}")]
    [InlineData("settings", Repository.Settings, "DMM_VENUE_URL=\n", "")]
    [InlineData("settings", Repository.Settings, "DMM_REDIS_PASSWORD=\n", "DMM_REDIS_PASSWORD=dmm\n")]
    [InlineData("guide", Repository.Compose, "127.0.0.1:15432:5432", "127.0.0.1:25432:5432")]
    [InlineData("guide", Repository.Guide, "-v dmm_dmm:/to", "-v dmm-data:/to")]
    [InlineData("guide", Repository.Guide, "/app/dmm health --data /data --json", "/app/dmm health --date /data")]
    [InlineData("image", Repository.Dockerfile, "aspnet:10.0-noble\nARG", "aspnet:latest\nARG")]
    [InlineData("image", Repository.Dockerfile, "USER $APP_UID\n", "")]
    [InlineData("image", Repository.Dockerfile, "\"health\", \"--data\"", "\"health\", \"--folder\"")]
    [InlineData("image", Repository.Dockerfile, "STOPSIGNAL SIGTERM", "STOPSIGNAL SIGKILL")]
    [InlineData("image", Repository.Dockerfile, "VOLUME /data", "VOLUME /var/data")]
    [InlineData("image", Repository.Dockerfile, "CMD [\"run\", \"--data\"", "CMD [\"run\", \"--date\"")]
    [InlineData("copies", Repository.Dockerfile, "COPY sinks sinks\n", "COPY sinks sink\n")]
    [InlineData("copies", Repository.Dockerfile, "COPY sinks/Dmm.Sinks/Dmm.Sinks.csproj sinks/Dmm.Sinks/\n", "")]
    [InlineData("copies", Repository.Dockerfile, "COPY global.json ", "COPY globals.json ")]
    [InlineData("ignored", Repository.Ignored, "**/obj\n", "")]
    [InlineData("ignored", Repository.Ignored, "*\n!global.json", "!global.json")]
    [InlineData("ignored", Repository.Ignored, "!sinks\n", "")]
    public void BrokenFile_IsFound(string rule, string file, string right, string wrong)
    {
        Files[file].ShouldContain(right);
        var broken = new Dictionary<string, string>(Files) { [file] = Files[file].Replace(right, wrong, StringComparison.Ordinal) };
        Rules[rule](broken).Except(Rules[rule](Files)).ShouldNotBeEmpty();
    }

    /// <summary>What Compose makes of the file must be what the rules read: merged, overridden, filled in.</summary>
    [Fact]
    public void Compose_IsReadWithItsMergesAndVariables()
    {
        var file = ComposeFile.Parse("""
            x-a: &a { image: one, restart: always }
            services:
              s:
                <<: *a
                restart: "no"
                command: ["${X:-y}", "$$Z", "${W:?w}"]
            """);
        (file["s"]["image"].Text, file["s"]["restart"].Text).ShouldBe(("one", "no"));
        file["s"].Command.ShouldBe(["y", "$Z", "W"]);
    }

    private static ComposeFile Compose(IReadOnlyDictionary<string, string> files) => ComposeFile.Parse(files[Repository.Compose]);

    private static DockerFile Docker(IReadOnlyDictionary<string, string> files) => DockerFile.Parse(files[Repository.Dockerfile]);
}
