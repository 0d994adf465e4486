using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Dmm.Pipeline.Driving;
using Dmm.Pipeline.Group;
using Dmm.Pipeline.Rates;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venues;
using Dmm.Simulation;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm run</c>: the pipeline quotes, on simulated venues or on real ones.</summary>
internal static class RunCommand
{
    private static readonly Option<string> Scenario = new("--scenario")
    {
        Description = $"the simulated market: {string.Join(", ", MarketScenarios.All.Select(s => s.Name))}",
        HelpName = "NAME", DefaultValueFactory = _ => MarketScenarios.Calm.Name,
    };

    private static readonly Option<string[]> Venue = new("--venue")
    {
        Description = $"quote at a venue instead of a simulated market: {ExchangeChoice.Expected}, KIND one of {string.Join(", ", Exchanges.Kinds)}; or the "
            + "address of one that speaks the generic HMAC protocol, such as dmm venue, as URL or NAME=URL. Several are one desk with one inventory; with "
            + $"--group, one for each asset. Markets of {string.Join(" and ", MarketConnections.Kinds)} are priced from and not quoted, and need no key. Keys "
            + "come from the environment: DMM_OKX_KEY, _SECRET, _PASSPHRASE, DMM_BYBIT_KEY, _SECRET, DMM_GATEIO_KEY, _SECRET and for contracts _USER, "
            + $"{VenueAccess.KeyVariable}, {VenueAccess.SecretVariable}",
        HelpName = "VENUE",
    };

    private static readonly Option<string[]> Dedicated = new("--dedicated")
    {
        Description = "a venue whose account nobody else trades on, such as okx: its dead-man's switch is then kept armed, which cancels every order of the "
            + "account when this process falls silent; may be given several times",
        HelpName = "NAME", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Webhook = new("--webhook")
    {
        Description = "where a venue that was given by its address posts our fills: an address to listen at, such as http://127.0.0.1:8091/fills/, "
            + "or NAME=URL; its posts must be signed with our secret, and the stream and the list go on beside them",
        HelpName = "URL", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Rate = new("--rate")
    {
        Description = "a market whose middle tells what the quote asset of another is worth, such as TON that a pool is quoted in: "
            + $"{RateChoice.Expected}; KIND one of {string.Join(", ", MarketConnections.Collected)}, no key; may be given several times",
        HelpName = "MARKET", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Wallet = new("--wallet")
    {
        Description = "quote at the pool of an exchange with that wallet, such as stonfi=FILE, a file of dmm wallet new: each exchange has one of its own; "
            + "#2 behind FILE is another of the key's wallets. Without, its pool is priced from alone",
        HelpName = "EXCHANGE=FILE", DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> PasswordFile = new("--password-file")
    {
        Description = $"holds the password of the wallets' files; else {WalletAccess.PasswordVariable} does, in the environment", HelpName = "FILE",
    };

    private static readonly Option<string?> Group = new("--group")
    {
        Description = "one of several nodes that share assets: market data and journals on Kafka, leases in Redis", HelpName = "NAME",
    };

    private static readonly Option<string?> Bootstrap = new("--bootstrap")
    {
        Description = $"Kafka brokers for --group, host:port separated by commas; {StoreAccess.KafkaVariable} in the environment if not given",
        HelpName = "HOST:PORT",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "a quoting parameter for --venue, such as breakers.drawdownLimit=0.05; may be given several times", HelpName = "PATH=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string> Seed = new("--seed")
    {
        Description = "a whole number; the same one gives the same market, and the same decisions", HelpName = "N", DefaultValueFactory = _ => "1",
    };

    private static readonly Option<string> Speed = new("--speed")
    {
        Description = $"simulated seconds a second, or {RunOptions.MaximumSpeed}", HelpName = "N", DefaultValueFactory = _ => "1",
    };

    private static readonly Option<string?> Duration =
        new("--duration") { Description = $"on the run's clock: {DurationText.Expected}; until Ctrl-C if not given", HelpName = "TIME" };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "folder for journals, archive and logs", HelpName = "DIR", DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    private static readonly Option<bool> Plain = new("--plain") { Description = "lines instead of a screen; what a file or a pipe gets anyway" };

    private static readonly Option<bool> Json = new("--json") { Description = "nothing but the summary, as one line of JSON" };

    private static readonly Option<string?> Log = new("--log")
    {
        Description = "log file, lines of JSON; in the data folder if not given", HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("run", "the whole pipeline quoting DCT on a simulated order book and pool; what dmm does without a command")
        {
            Venue, Dedicated, Webhook, Wallet, PasswordFile, Rate, Group, Bootstrap, Set, Scenario, Seed, Speed, Duration, Data, Plain, Json, Log,
        };
        foreach (var option in CollectCommand.OfPools) command.Add(option);
        command.SetAction(InvokeAsync);
        return command;
    }

    /// <summary>What a command line without a command means: the demonstration.</summary>
    public static async Task<int> InvokeAsync(ParseResult parse, CancellationToken cancellation)
    {
        var terminal = new Terminal(parse);
        using var interruption = new Interruption(cancellation);
        return await terminal.GuardAsync(() => RunAsync(parse, terminal, interruption.Token));
    }

    private static async Task<int> RunAsync(ParseResult parse, Terminal terminal, CancellationToken stop)
    {
        var options = RunOptions.Read(
            parse.GetValue(Seed) ?? "1", parse.GetValue(Scenario) ?? MarketScenarios.Calm.Name, parse.GetValue(Speed) ?? "1",
            parse.GetValue(Duration),
            parse.GetValue(Data) ?? DataFolder.DefaultPath, parse.GetValue(Log), parse.GetValue(Plain), parse.GetValue(Json),
            parse.GetValue(Set) ?? []);
        try
        {
            var (venues, group) = (parse.GetValue(Venue) ?? [], parse.GetValue(Group));
            var pools = CollectCommand.PoolsOf(parse) with { Wallets = parse.GetValue(Wallet) ?? [] };
            var isSimulated = venues is [] && pools.Wallets is [] && group is null;
            if (isSimulated)
            {
                RequireNone(parse, [Set], "belongs to --venue: the simulated market is set by --scenario");
                RequireNone(parse, [Dedicated, Webhook], "belongs to --venue: the simulated market has no account");
                RequireNone(
                    parse, [Rate, PasswordFile, .. CollectCommand.OfPools],
                    "belongs to --venue, or to --wallet: the simulated market has a pool and its rate");
            }
            else if (group is not null)
            {
                RequireNone(parse, [Dedicated, Webhook, Wallet, PasswordFile, .. CollectCommand.OfPools],
                    "belongs to --venue without --group: the nodes of a group do not have it");
                RequireNone(parse, [Rate], "belongs to --venue without --group: rates of a group come from dmm collect --reference");
            }

            var stores = StoreAccess.Read(parse.GetValue(Bootstrap));
            if (isSimulated) return await new DemoRun(options, stores, terminal, TimeProvider.System).RunAsync(stop);
            var ofTheSimulation = new Option[] { Scenario, Seed, Speed }.Where(o => parse.GetResult(o) is { Implicit: false }).Select(o => o.Name);
            var time = new SteadyTimeProvider(TimeProvider.System);
            if (group is not null)
            {
                var access = VenueAccess.Read(venues, ofTheSimulation);
                return await new GroupRun(options with { IsPlain = true }, GroupOptions.Read(group, access, stores, NodeName()), terminal, time)
                    .RunAsync(stop);
            }

            List<string> faults = [];
            var connections = VenueConnections.Read(
                venues, parse.GetValue(Dedicated) ?? [], parse.GetValue(Webhook) ?? [], pools, (parse.GetValue(PasswordFile), options.Data),
                ofTheSimulation, faults, time);
            var rates = RateChoice.Read(parse.GetValue(Rate) ?? [], faults, time);
            if (faults.Count > 0) throw new BadInputException(faults);
            return await new VenueRun(options, connections, rates, stores, terminal, time).RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before trading began.
            return ExitCodes.Success;
        }
        catch (EngineFaultException fault)
        {
            terminal.Error.WriteLine($"{fault.Message}; the log has the whole of it");
            return ExitCodes.Fault;
        }
    }

    /// <exception cref="BadInputException">One of them was given, and would be left out.</exception>
    private static void RequireNone(ParseResult parse, Option[] options, string why)
    {
        string[] faults = [.. options.Where(o => parse.GetResult(o) is { Implicit: false }).Select(o => $"{o.Name} {why}")];
        if (faults is not []) throw new BadInputException(faults);
    }

    /// <summary>Another for each process: one that was killed and started again is not the one that holds a lease.</summary>
    private static string NodeName() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Environment.MachineName}:{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
}
