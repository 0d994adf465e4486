using System.CommandLine;
using System.Security.Cryptography;
using Dmm.Core;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venue;
using Dmm.Simulation;
using Dmm.Wire;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm venue</c>: the simulated venue as a process of its own.</summary>
internal static class VenueCommand
{
    private const int DefaultPort = 8_090;
    private const int KeyBytes = 8;
    private const int SecretBytes = 32;

    private static readonly Option<int> Port = new("--port")
    {
        Description = "port on 127.0.0.1; 0 for any free one", DefaultValueFactory = _ => DefaultPort, HelpName = "PORT",
    };

    private static readonly Option<string> Scenario = new("--scenario")
    {
        Description = $"kind of market: {string.Join(", ", MarketScenarios.All.Select(s => s.Name))}",
        DefaultValueFactory = _ => MarketScenarios.Calm.Name, HelpName = "NAME",
    };

    private static readonly Option<string> Asset = new("--asset")
    {
        Description = "what is traded there against USDT: letters and digits", HelpName = "NAME",
        DefaultValueFactory = _ => VenueListing.StandardAsset,
    };

    private static readonly Option<string?> Webhook = new("--webhook")
    {
        Description = "post the account's fills there, too, signed with its secret: an address such as http://127.0.0.1:8091/fills/", HelpName = "URL",
    };

    private static readonly Option<long> Seed =
        SimulateCommand.WholeNumber("--seed", "of the market's chance", standard: 1, long.MinValue, long.MaxValue);

    public static Command Create()
    {
        var command = new Command("venue", "a simulated order-book venue on loopback, which lives on when a market maker dies")
        {
            Port, Asset, Scenario, Seed, Webhook,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            using var interruption = new Interruption(cancellation);
            return await terminal.GuardAsync(() => RunAsync(parse, terminal, interruption.Token));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        var (key, secret) = (Variable(VenueAccess.KeyVariable), Variable(VenueAccess.SecretVariable));
        var settings = Settings(parse, key, secret, out var invented);
        await using var server = await StartAsync(settings);
        Announce(terminal.Output, settings, server.Url, invented);
        // The market ends before it is told to by a fault only, which passes through.
        await server.Market.Ended.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server.Market.Ended.IsFaulted) await server.Market.Ended;
        terminal.Output.WriteLine("the venue is closed");
        return ExitCodes.Success;
    }

    /// <param name="parse">The command line.</param>
    /// <param name="key">Given by the user; empty where it is not.</param>
    /// <param name="secret">Likewise.</param>
    /// <param name="invented">Key and secret made for this session; null where they were given.</param>
    private static VenueSettings Settings(ParseResult parse, string key, string secret, out (string Key, string Secret)? invented)
    {
        List<string> faults = [];
        var (port, name, asset) = (parse.GetValue(Port), parse.GetValue(Scenario)!, parse.GetValue(Asset)!);
        if (asset.Length is 0 or > 20 || !asset.All(char.IsAsciiLetterOrDigit) || asset == "USDT")
            faults.Add($"--asset is '{asset}': expected up to 20 letters and digits, and not USDT");
        if (port is < 0 or > 65_535) faults.Add(FormattableString.Invariant($"--port is {port}: expected 0 to 65535"));
        var scenario = MarketScenarios.All.FirstOrDefault(s => s.Name == name);
        if (scenario is null) faults.Add($"--scenario is '{name}': expected {string.Join(", ", MarketScenarios.All.Select(s => s.Name))}");
        var (missing, given) = key.Length > 0
            ? (VenueAccess.SecretVariable, VenueAccess.KeyVariable)
            : (VenueAccess.KeyVariable, VenueAccess.SecretVariable);
        if (key.Length > 0 != secret.Length > 0) faults.Add($"{missing} is not set: expected both it and {given}, or neither");
        if (!key.All(char.IsAsciiLetterOrDigit)) faults.Add($"{VenueAccess.KeyVariable} is not of letters and digits alone");
        var webhook = parse.GetValue(Webhook) is { } address ? WebhookAddress.Read(address, faults) : null;
        if (faults.Count > 0) throw new BadInputException(faults);
        invented = key.Length > 0 ? null : (Chance(KeyBytes), Chance(SecretBytes));
        var (apiKey, apiSecret) = invented ?? (key, secret);
        return new()
        {
            Seed = parse.GetValue(Seed), Scenario = scenario!, Credentials = new(apiKey, apiSecret), Port = port, Listing = new(asset),
            Webhook = webhook,
        };
    }

    private static async Task<VenueServer> StartAsync(VenueSettings settings)
    {
        try
        {
            return await VenueServer.StartAsync(settings, TimeProvider.System);
        }
        catch (Exception taken) when (taken is IOException or System.Net.Sockets.SocketException)
        {
            var why = taken.Message.TrimEnd('.');
            throw new BadInputException(FormattableString.Invariant($"port {settings.Port} cannot be had ({why}): expected a free one, or --port 0"));
        }
    }

    private static void Announce(TextWriter output, VenueSettings settings, Uri url, (string Key, string Secret)? invented)
    {
        var address = url.GetLeftPart(UriPartial.Authority);
        var (listing, fees) = (settings.Listing.Instrument, settings.Listing.Fees);
        var (dct, usdt) = (VenueListing.OpeningBase, VenueListing.OpeningQuote);
        output.WriteLine($"{listing.Symbol} is traded on {address} (web socket ws://{url.Authority}/v1/stream)");
        output.WriteLine(FormattableString.Invariant($"  market   {settings.Scenario.Name}, seed {settings.Seed}: {settings.Scenario.Description}"));
        output.WriteLine(FormattableString.Invariant(
            $"  account  {dct:N0} {listing.BaseAsset} and {usdt:N0} {listing.QuoteAsset} to begin with; its orders outlive whoever placed them"));
        output.WriteLine(FormattableString.Invariant($"  fees     {fees.MakerFeeBps} bps maker, {fees.TakerFeeBps} bps taker"));
        output.WriteLine();
        output.WriteLine(invented is null ? "To trade on it, with the key and secret that are set here:" : "To trade on it, in another shell:");
        if (invented is { } made)
        {
            output.WriteLine($"  export {VenueAccess.KeyVariable}={made.Key}");
            output.WriteLine($"  export {VenueAccess.SecretVariable}={made.Secret}");
        }

        output.WriteLine($"  dmm run --venue {address}{(settings.Webhook is { } webhook ? $" --webhook {webhook}" : "")}");
        output.WriteLine();
        output.WriteLine("Ctrl-C closes it.");
        output.Flush();
    }

    private static string Chance(int bytes) => RandomNumberGenerator.GetHexString(2 * bytes, lowercase: true);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
