using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Dmm.Testing.Servers;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>Tests that share one virtual machine, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class TvmCollection : ICollectionFixture<TvmChain>
{
    public const string Name = "tvm";
}

/// <summary>
/// TON's own virtual machine in a process beside the tests, with a chain that is empty at first and a clock that the tests set. Tests that use it
/// skip with the reason where node or the packages of the folder are absent; <c>DMM_REQUIRE_SERVERS=1</c> makes them fail instead.
/// </summary>
public sealed class TvmChain : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<string> _answers = [];
    private ServerProcess? _process;
    private int _asked;

    /// <summary>A new chain. The process lives on over several.</summary>
    /// <param name="now">Unix time in seconds.</param>
    public void Open(uint now)
    {
        _process ??= Start();
        Ask("open", ("now", now));
    }

    /// <summary>For a property, which would count a skip as a failure of its sample.</summary>
    public void Require() => _process ??= Start();

    /// <summary>What the other implementation makes of bags: hash, and the bag as it writes it.</summary>
    public IReadOnlyList<(string Hash, byte[] Boc)> Cells(IEnumerable<byte[]> bags)
    {
        _process ??= Start();
        var answer = Ask("cells", ("bags", new JsonArray([.. bags.Select(bag => (JsonNode)Convert.ToBase64String(bag))])));
        return [.. answer["cells"]!.AsArray()
            .Select(c => (c!["hash"]!.GetValue<string>(), Convert.FromBase64String(c["boc"]!.GetValue<string>())))];
    }

    /// <summary>The dictionary that the other implementation makes of numbers; values have 64 bits.</summary>
    public Cell Dictionary(int keyBits, IEnumerable<KeyValuePair<ulong, ulong>> entries)
    {
        _process ??= Start();
        JsonNode[] pairs = [.. entries.Select(e => new JsonArray(Text(e.Key), Text(e.Value)))];
        return Cell.FromBase64(Ask("dictionary", ("keyBits", keyBits), ("entries", new JsonArray(pairs)))["boc"]!.GetValue<string>());

        static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What the compiler makes of the contract in a folder.</summary>
    public (string Compiler, Cell Code) Compile(string folder)
    {
        _process ??= Start();
        var answer = Ask("compile", ("folder", folder));
        return (answer["compiler"]!.GetValue<string>(), Cell.FromBase64(answer["boc"]!.GetValue<string>()));
    }

    public void Clock(uint now) => Ask("clock", ("now", now));

    /// <summary>Sends a message that somebody else pays for.</summary>
    public IReadOnlyList<TvmTransaction> Pay(Address to, Coins value) =>
        Transactions(Ask("pay", ("to", to.ToString()), ("nano", value.Nano.ToString(CultureInfo.InvariantCulture))));

    /// <summary>Sends what a node would be sent.</summary>
    public TvmOutcome Send(byte[] boc)
    {
        var answer = Ask("send", ("message", Convert.ToBase64String(boc)));
        return answer["refused"] is { } exit ? new(exit.GetValue<int>(), []) : new(null, Transactions(answer));
    }

    /// <summary>Asks a contract.</summary>
    /// <param name="address">The contract.</param>
    /// <param name="method">What is asked.</param>
    /// <param name="argument">A slice; nothing if null.</param>
    public IReadOnlyList<TvmItem> Call(Address address, string method, Cell? argument = null) =>
        [.. Ask("call", ("address", address.ToString()), ("method", method), ("slice", argument?.ToBase64()))["items"]!.AsArray()
            .Select(item => new TvmItem(item!["type"]!.GetValue<string>(), item["value"]?.GetValue<string>() ?? ""))];

    public (string State, Coins Balance) Account(Address address)
    {
        var answer = Ask("account", ("address", address.ToString()));
        return (answer["state"]!.GetValue<string>(), Coins.FromNano(UInt128.Parse(answer["nano"]!.GetValue<string>(), CultureInfo.InvariantCulture)));
    }

    /// <summary>The code of the standard jetton's contracts.</summary>
    public (Cell Minter, Cell Wallet) JettonCode()
    {
        var answer = Ask("jetton");
        return (Cell.FromBase64(answer["minter"]!.GetValue<string>()), Cell.FromBase64(answer["wallet"]!.GetValue<string>()));
    }

    public void Dispose()
    {
        _process?.Dispose();
        _answers.Dispose();
    }

    private ServerProcess Start()
    {
        var node = TestServers.SkipUnlessInstalled("node");
        // bin/Release/net10.0 of this project.
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "Tvm"));
        TestServers.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "@ton", "sandbox")), $"npm ci was not run in {folder}");
        return ServerProcess.Start(node, ["chain.mjs"], onLine: _answers.Add, directory: folder);
    }

    private JsonNode Ask(string operation, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments)
    {
        var request = new JsonObject { ["id"] = ++_asked, ["op"] = operation };
        foreach (var (name, value) in arguments) request[name] = value;
        _process!.Input.WriteLine(request.ToJsonString());
        _process.Input.Flush();
        if (!_answers.TryTake(out var line, Patience)) throw new TimeoutException($"no answer to '{operation}' after {Patience}: {_process.Output}");
        var answer = JsonNode.Parse(line)!;
        answer["id"]!.GetValue<int>().ShouldBe(_asked);
        return answer["error"] is { } error ? throw new InvalidOperationException($"'{operation}' failed: {error}") : answer["ok"]!;
    }

    private static IReadOnlyList<TvmTransaction> Transactions(JsonNode answer) =>
        [.. answer["transactions"]!.AsArray().Select(t => new TvmTransaction(
            Address.Parse(t!["account"]!.GetValue<string>()), t["exit"]?.GetValue<int>(), t["gas"]!.GetValue<int>(), t["action"]?.GetValue<int>(),
            t["skipped"]!.GetValue<int>(), Coins.FromNano(UInt128.Parse(t["fees"]!.GetValue<string>(), CultureInfo.InvariantCulture)),
            t["came"] is { } came ? Told(came) : null, [.. t["sent"]!.AsArray().Select(m => Told(m!))]))];

    private static TraceMessage Told(JsonNode boc)
    {
        var cell = Cell.FromBase64(boc.GetValue<string>());
        var content = Message.Read(cell);
        return new(cell.Hash, content, content.Kind == MessageKind.Internal ? ForwardFee(cell) : Coins.Zero);
    }

    private static Coins ForwardFee(Cell message)
    {
        var slice = message.Parse();
        slice.SkipBits(4);
        slice.LoadAddress();
        slice.LoadAddress();
        slice.LoadCoins();
        slice.LoadOptRef();
        slice.LoadCoins();
        return slice.LoadCoins();
    }
}

/// <summary>What became of an external message.</summary>
/// <param name="Refused">The exit code with which its contract did not accept it; null when it did.</param>
/// <param name="Transactions">Its own and all that followed.</param>
public sealed record TvmOutcome(int? Refused, IReadOnlyList<TvmTransaction> Transactions);

/// <summary>A transaction.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Exit">The computation's exit code; null when there was none.</param>
/// <param name="Gas">Units of gas.</param>
/// <param name="Action">The result of the actions; null when there were none.</param>
/// <param name="Skipped">Actions left out, as <see cref="SendMode.IgnoreErrors"/> has it.</param>
/// <param name="Fees">All fees.</param>
/// <param name="Received">What it answers.</param>
/// <param name="Emitted">What it sends.</param>
public sealed record TvmTransaction(
    Address Account, int? Exit, int Gas, int? Action, int Skipped, Coins Fees, TraceMessage? Received, IReadOnlyList<TraceMessage> Emitted)
{
    public Message? Came => Received?.Content;

    public IReadOnlyList<Message> Sent => [.. Emitted.Select(m => m.Content)];

    /// <summary>As an indexer would tell it.</summary>
    public TraceTransaction Traced(uint at) => new(Account, at, Exit, Fees, Received, [.. Emitted]);
}

/// <summary>A result of a get-method.</summary>
public sealed record TvmItem(string Type, string Value)
{
    public UInt128 Number => UInt128.Parse(Value, CultureInfo.InvariantCulture);

    public Address Address => Cell.FromBase64(Value).Parse().LoadGivenAddress();
}
