using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dmm.Core.Ports;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks;
using Dmm.Testing;
using Dmm.Testing.Venues;
using Dmm.Wire;

namespace Dmm.Pipeline.Tests.Venue;

/// <summary><c>dmm venue</c> as a user has it: a process.</summary>
public sealed class VenueCommandTests
{
    private const int SigTerm = 15;

    [Fact]
    public async Task Process_SaysHowToTradeOnIt_TradesWithThatKey_EndsWellOnSigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM is of Unix");
        using var venue = Start(environment: [], "venue", "--port", "0", "--scenario", "thin", "--seed", "3");
        try
        {
            var key = await AfterAsync(venue, "export DMM_VENUE_KEY=");
            var secret = await AfterAsync(venue, "export DMM_VENUE_SECRET=");
            var url = await AfterAsync(venue, "dmm run --venue ");
            await AfterAsync(venue, "Ctrl-C");
            var options = new HmacVenueOptions { Venue = "hmac", BaseUrl = new(url), Credentials = new(key, secret) }.Checked();
            options.BaseUrl.IsLoopback.ShouldBeTrue();
            using var client = new HttpClient();
            var listing = VenueDesk.Value(await HmacVenueOrders.FetchInstrumentsAsync(client, options, TimeProvider.System, default));
            var rest = new HmacVenueOrders(client, options, new("hmac", HmacVenueInstruments.Parse("hmac", listing).Instruments), TimeProvider.System);
            VenueDesk.Value(await rest.FetchBalancesAsync(default)).Select(b => (b.Asset, b.Total)).ShouldBe([("DCT", 5_000m), ("USDT", 100_000m)]);

            Kill(venue.Id, SigTerm).ShouldBe(0);
            await venue.WaitForExitAsync().Guarded("the end of the venue");
            venue.ExitCode.ShouldBe(0, await venue.StandardError.ReadToEndAsync());
            (await venue.StandardOutput.ReadToEndAsync()).TrimEnd().ShouldEndWith("the venue is closed");
        }
        finally
        {
            if (!venue.HasExited) venue.Kill();
        }
    }

    [Fact]
    public async Task KeyWithoutASecret_IsBadInput()
    {
        using var venue = Start(environment: [("DMM_VENUE_KEY", "ann")], "venue", "--port", "0");
        await venue.WaitForExitAsync().Guarded("the end of the venue");
        venue.ExitCode.ShouldBe(2);
        (await venue.StandardError.ReadToEndAsync()).ShouldBe(
            $"DMM_VENUE_SECRET is not set: expected both it and DMM_VENUE_KEY, or neither{Environment.NewLine}");
    }

    [Fact]
    public async Task PortThatIsTaken_IsBadInput()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var run = await CommandRun.Of("venue", "--port", $"{port}");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith($"port {port} cannot be had (");
    }

    [Fact]
    public async Task FaultsOfTheCommandLine_ToldAllAtOnce()
    {
        var run = await CommandRun.Of("venue", "--port", "70000", "--scenario", "sunny");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe(
            $"--port is 70000: expected 0 to 65535{Environment.NewLine}"
            + $"--scenario is 'sunny': expected calm, trending, toxic, volatile, thin, gas-spike, lively, parting, two-pools{Environment.NewLine}");
    }

    [Fact]
    public async Task SeedThatIsNoNumber_IsBadInput() => (await CommandRun.Of("venue", "--seed", "many")).ExitCode.ShouldBe(2);

    private static Process Start((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "dmm.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // A key pair of the shell that runs the tests must not be the venue's.
        start.Environment.Remove("DMM_VENUE_KEY");
        start.Environment.Remove("DMM_VENUE_SECRET");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>What follows those words on the first line that begins with them.</summary>
    private static async Task<string> AfterAsync(Process process, string words)
    {
        while (await process.StandardOutput.ReadLineAsync().Guarded($"a line with '{words}'") is { } line)
            if (line.TrimStart() is var text && text.StartsWith(words, StringComparison.Ordinal)) return text[words.Length..];
        throw new InvalidOperationException($"no line with '{words}': {await process.StandardError.ReadToEndAsync()}");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
