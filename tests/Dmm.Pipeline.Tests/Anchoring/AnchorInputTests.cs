using System.Net;
using System.Net.Sockets;
using Dmm.Pipeline.Anchoring;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks.Archive;
using Dmm.Testing.Servers;
using Dmm.Wire.Ton;
using Microsoft.Extensions.Time.Testing;

namespace Dmm.Pipeline.Tests.Anchoring;

/// <summary>What <c>dmm anchor</c> cannot work with, and how it says so; and where its secrets go.</summary>
public sealed class AnchorInputTests : IAsyncLifetime
{
    private const string Expected = ". Expected a provider of that kind that is up, and an anchor at that address";

    private const string NoNode =
        "--node is no address of a node: expected one such as https://toncenter.com, without path; its key stands in DMM_TONCENTER_KEY";

    private static readonly Address Anchor = AnchoredDesk.Anchor;

    private readonly AnchoredDesk _desk = new();

    public ValueTask InitializeAsync()
    {
        _desk.Run("one", "two");
        _desk.Post(1, 3, _desk.HeadAt(3));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task AddressThatIsNone_IsNamed()
    {
        var good = Anchor.ToString(new AddressForm(IsBounceable: true));
        await Refused([$"--address '{Mistaken(good)}' has the wrong checksum: a character was mistaken"], Mistaken(good));
        await Refused(["--address 'anchor' is no address: expected 48 characters of base64, or a raw one with its colon"], "anchor");
        var ofTests = Anchor.ToString(new AddressForm(IsBounceable: true, IsTestOnly: true));
        await Refused(
            [$"--address '{ofTests}' is of the test network: expected an address of the main network, or --testnet beside it"], ofTests);
        _desk.Node.Requests.ShouldBeEmpty();
        (await Run(ofTests, "--testnet")).ExitCode.ShouldBe(0);
        (await Run(good)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task EveryFault_IsToldAtOnce()
    {
        var run = await CommandRun.Of(
            "anchor", "verify", "--address", "anchor", "--owner", "0:12", "--node", "toncenter.com", "--data", Path.Combine(_desk.Folder, "none"));
        run.ExitCode.ShouldBe(2);
        run.Error.ReplaceLineEndings("\n").TrimEnd().Split('\n').ShouldBe(
        [
            "--address 'anchor' is no address: expected 48 characters of base64, or a raw one with its colon",
            "--owner '0:12' is no raw address: expected a workchain from -128 to 127, a colon and 64 hexadecimal digits",
            NoNode,
            $"there is no archive {Path.Combine(_desk.Folder, "none", "archive.db")}: expected the file that a desk makes in its data folder",
        ]);
        Directory.Exists(Path.Combine(_desk.Folder, "none")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ftp://toncenter.com")]
    [InlineData("https://toncenter.com/api/v3")]
    [InlineData("https://toncenter.com/?api_key=secret")]
    [InlineData("https://secret@toncenter.com")]
    [InlineData("https://toncenter.com#secret")]
    public async Task NodeThatIsNoAddress_IsRefused_AndAKeyInItIsNotRepeated(string node)
    {
        var run = await CommandRun.Of("anchor", "verify", "--address", $"{Anchor}", "--node", node, "--data", _desk.Folder);
        (run.ExitCode, run.Error.TrimEnd(), run.Output).ShouldBe((2, NoNode, ""));
    }

    [Fact]
    public async Task ArchiveThatIsNone_IsNamed_AndNoneIsMade()
    {
        var file = _desk.ArchiveFile;
        File.Delete(file);
        await Refused([$"there is no archive {file}: expected the file that a desk makes in its data folder"]);
        File.Exists(file).ShouldBeFalse();
        await File.WriteAllTextAsync(file, "not ours");
        await Refused([$"{file} is not an SQLite database: move it away, or name another folder; it was not touched"]);
        _desk.Node.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task NodeThatIsAway_IsNamed()
    {
        // Bound, so that nobody else gets it, and not listened to.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"http://{held.LocalEndPoint}/";
        var run = await CommandRun.Of("anchor", "verify", "--address", $"{Anchor}", "--node", url, "--data", _desk.Folder);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith($"toncenter at {url} does not tell get_anchor of {Anchor}: toncenter cannot be reached: Connection refused");
        run.Error.TrimEnd().ShouldEndWith(Expected);
    }

    [Fact]
    public async Task NodeThatIsSilent_IsGivenUp()
    {
        var time = new FakeTimeProvider();
        _desk.Node.Fault = (_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(6));
            return null;
        };
        var fault = await Should.ThrowAsync<BadInputException>(() => AnchorReading.ReadAsync(Arguments(), time, default));
        fault.Message.ShouldBe(
            $"toncenter at {_desk.Node.Url} does not tell get_anchor of {Anchor}: no answer to POST /api/v3/runGetMethod within 5 s{Expected}");
    }

    [Theory]
    [InlineData(500, "{}", "toncenter answers /api/v3/runGetMethod with HTTP 500")]
    [InlineData(429, "{}", "toncenter: too many requests")]
    [InlineData(401, "{}", "toncenter refuses the key: HTTP 401")]
    [InlineData(200, "[]", "toncenter's reply cannot be read: 'exit_code' is missing")]
    [InlineData(200, """{"exit_code":11,"stack":[]}""", "toncenter's reply cannot be read: the method ended with exit code 11: expected 0 or 1")]
    [InlineData(200, """{"exit_code":0}""", "toncenter's reply cannot be read: 'stack' is missing")]
    public async Task NodeThatTellsNothing_IsNamedWithTheReason(int status, string body, string reason)
    {
        _desk.Node.Fault = (_, _) => (status, body);
        await Refused([$"toncenter at {_desk.Node.Url} does not tell get_anchor of {Anchor}: {reason}{Expected}"]);
    }

    [Fact]
    public async Task AddressWithoutContract_IsNamed()
    {
        _desk.Node.Methods.Clear();
        await Refused([$"toncenter at {_desk.Node.Url} does not tell get_anchor of {Anchor}: toncenter's reply cannot be read: "
            + $"the method ended with exit code -256: expected 0 or 1{Expected}"]);
    }

    [Theory]
    [InlineData("get_anchor: 2 items: expected 3", "1", "3")]
    [InlineData("get_anchor, item 2 (rows): 'three': expected a number, decimal or hexadecimal", "1", "three", "0x1")]
    [InlineData("get_anchor: posting 4 at row 3: expected no more postings than rows, and no row without one", "4", "3", "0x1")]
    public async Task ContractThatIsNoAnchor_IsNamedWithTheReason(string reason, params string[] numbers)
    {
        _desk.Tell(numbers);
        await Refused([$"{Anchor} is no anchor by what toncenter at {_desk.Node.Url} tells: {reason}"]);
    }

    [Fact]
    public async Task Key_GoesIntoAHeader_AndIntoNoText()
    {
        var reading = await AnchorReading.ReadAsync(Arguments(key: "secret-key"), TimeProvider.System, default);
        reading.IsProved.ShouldBeTrue();
        _desk.Node.Requests.ShouldBe([("/api/v3/runGetMethod", "secret-key")]);
        AnchorText.ToJson(reading).ShouldNotContain("secret");
        _desk.Node.Fault = (_, _) => (403, "{}");
        var refused = await Should.ThrowAsync<BadInputException>(
            () => AnchorReading.ReadAsync(Arguments(key: "secret-key"), TimeProvider.System, default));
        refused.Message.ShouldStartWith($"toncenter at {_desk.Node.Url}, with a key does not tell get_anchor of {Anchor}: toncenter refuses the key");
        refused.Message.ShouldNotContain("secret");
        var faulty = await Should.ThrowAsync<BadInputException>(
            () => AnchorReading.ReadAsync(Arguments(key: "secret\n"), TimeProvider.System, default));
        faulty.Message.ShouldBe("DMM_TONCENTER_KEY has blanks or characters beyond ASCII, and no key has them: expected the provider's API key");
    }

    [Fact]
    public async Task ArchiveInPostgres_IsReadAndLeftAsItIs()
    {
        using var server = PostgresServer.Start();
        var none = await Should.ThrowAsync<BadInputException>(Read);
        none.Message.ShouldBe($"there is no archive in postgres 127.0.0.1:{server.Port}/postgres: expected the schema dmm that a desk makes there");
        await Should.ThrowAsync<BadInputException>(Read);
        using (var data = DataFolder.Open(_desk.Folder))
        using (var archive = PostgresArchive.Open(server.ConnectionString()))
            AnchoredDesk.Run(data, archive, ["one", "two", "three"]);
        using (var archive = PostgresArchive.OpenToRead(server.ConnectionString()))
            _desk.Post(2, 3, archive.VerifyAudit(3).HeadThere!);
        var reading = await Read();
        (reading.IsProved, reading.Finding.RowsSince, reading.Archive).ShouldBe((true, 1, $"postgres 127.0.0.1:{server.Port}/postgres"));
        server.Kill();
        (await Should.ThrowAsync<BadInputException>(Read)).Message.ShouldStartWith(
            $"postgres 127.0.0.1:{server.Port}/postgres: the archive cannot be read: ");

        Task<AnchorReading> Read() => AnchorReading.ReadAsync(Arguments(server.ConnectionString()), TimeProvider.System, default);
    }

    private AnchorArguments Arguments(string? postgres = null, string? key = null) => new()
    {
        Address = $"{Anchor}", Nodes = [$"{_desk.Node.Url}"], Data = _desk.Folder, Postgres = postgres,
        Variable = name => name == NodeAccess.KeyVariable ? key : null,
    };

    private Task<CommandRun> Run(string address, params string[] more) =>
        CommandRun.Of(["anchor", "verify", "--address", address, "--node", $"{_desk.Node.Url}", "--data", _desk.Folder, .. more]);

    private async Task Refused(string[] faults, string? address = null)
    {
        var run = await Run(address ?? $"{Anchor}");
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ReplaceLineEndings("\n").TrimEnd().Split('\n').ShouldBe(faults);
    }

    // Another character of the alphabet in the middle.
    private static string Mistaken(string address) => $"{address[..20]}{(address[20] == 'A' ? 'B' : 'A')}{address[21..]}";
}
