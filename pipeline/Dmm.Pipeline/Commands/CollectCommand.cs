using System.CommandLine;
using Dmm.Pipeline.Collecting;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venues;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm collect</c>: market data of venues, or of a recording, to the bus.</summary>
internal static class CollectCommand
{
    private static readonly Option<string?> Bootstrap = new("--bootstrap")
    {
        Description = $"Kafka brokers, host:port separated by commas; {StoreAccess.KafkaVariable} in the environment if not given",
        HelpName = "HOST:PORT",
    };

    private static readonly Option<string[]> Venues = new("--venue")
    {
        Description = $"an exchange's markets as KIND:SYMBOL, of {string.Join(", ", MarketConnections.Collected)}, which needs no key, further symbols behind "
            + "commas and another address behind @; or a venue that speaks the generic HMAC protocol, such as dmm venue, as URL or NAME=URL; several. "
            + $"With --capture, the recorded venue: {string.Join(", ", VenueCaptures.Known)}",
        HelpName = "VENUE",
    };

    private static readonly Option<string[]> Pools = new("--pool")
    {
        Description = $"a pool on TON: {PoolChoice.Expected}; several", HelpName = "POOL",
    };

    private static readonly Option<string[]> Nodes = new("--node")
    {
        Description = $"a provider of TON that pools are asked of, toncenter itself if not given: {NodeAccess.Expected}. Keys come from the environment: "
            + $"{NodeAccess.KeyVariable}, {NodeAccess.TonapiKeyVariable}",
        HelpName = "NODE",
    };

    private static readonly Option<string?> Poll = new("--poll")
    {
        Description = "how often each pool is asked, such as 5s; 2s if not given", HelpName = "TIME",
    };

    private static readonly Option<string[]> Captures = new("--capture")
    {
        Description = "publish recorded frames instead; files, --venue and --symbol as in dmm replay", HelpName = "FILE",
    };

    private static readonly Option<string[]> Symbols = new("--symbol") { Description = "of a recording, such as BTCUSDT", HelpName = "SYMBOL" };

    private static readonly Option<string[]> References = new("--reference")
    {
        Description = "a market whose middle price is published as a reference rate too, for all nodes; may be repeated", HelpName = "VENUE:SYMBOL",
    };

    private static readonly Option<string?> Speed = new("--speed")
    {
        Description = $"recorded seconds a second, or {RunOptions.MaximumSpeed}; 1 if not given", HelpName = "N",
    };

    private static readonly Option<bool> Now = new("--now")
    {
        Description = "tell the recording's times as if it were happening now, so that no pipeline finds it stale; those recorded if not given",
    };

    private static readonly Option<string> Topic = new("--topic")
    {
        Description = "topic for market data", HelpName = "NAME", DefaultValueFactory = _ => BusTopics.MarketData,
    };

    private static readonly Option<string?> Duration =
        new("--duration") { Description = $"{DurationText.Expected}; until Ctrl-C, or the end of the recording, if not given", HelpName = "TIME" };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "folder for the report that dmm health reads; none if not given", HelpName = "DIR",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "the summary as one line of JSON instead of a table" };

    public static Command Create()
    {
        var command = new Command("collect", "publish market data of venues, or a recording, to Kafka, where any number of pipelines read it")
        {
            Bootstrap, Venues, Pools, Nodes, Poll, Captures, Symbols, References, Speed, Now, Topic, Duration, Data, Json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            using var interruption = new Interruption(cancellation);
            return await terminal.GuardAsync(() => RunAsync(parse, terminal, interruption.Token));
        });
        return command;
    }

    /// <summary>The options by which pools are named, for other commands that take them.</summary>
    public static Option[] OfPools { get; } = [Pools, Nodes, Poll];

    /// <summary>What those options say.</summary>
    public static PoolArguments PoolsOf(ParseResult parse) => new(parse.GetValue(Pools) ?? [], parse.GetValue(Nodes) ?? [], parse.GetValue(Poll));

    private static Task<int> RunAsync(ParseResult parse, Terminal terminal, CancellationToken stop)
    {
        var options = CollectOptions.Read(
            parse.GetValue(Bootstrap), parse.GetValue(Topic) ?? BusTopics.MarketData, parse.GetValue(Captures) ?? [], parse.GetValue(Venues) ?? [],
            parse.GetValue(Symbols) ?? [], PoolsOf(parse), parse.GetValue(References) ?? [], parse.GetValue(Speed),
            parse.GetValue(Now), parse.GetValue(Duration), parse.GetValue(Json), parse.GetValue(Data), TimeProvider.System);
        return new CollectRun(options, terminal, TimeProvider.System).RunAsync(stop);
    }
}
