using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>A provider on loopback that speaks toncenter's two versions over a chain of the tests.</summary>
public sealed class FakeToncenter : IFakeContracts, IAsyncDisposable
{
    // What a node tells of a get-method at an address without code.
    private const int NoContract = -256, NoSuchGetMethod = 11;

    private readonly HttpListener _listener;
    private readonly ITonNode? _chain;
    private readonly WalletV5R1? _wallet;
    private readonly FakeContracts _contracts = new();
    private readonly Task _serving;

    /// <param name="chain">What accounts, messages and traces are asked of; null where get-methods alone are.</param>
    /// <param name="wallet">The only account on that chain.</param>
    public FakeToncenter(ITonNode? chain = null, WalletV5R1? wallet = null)
    {
        (_chain, _wallet) = (chain, wallet);
        (_listener, Url) = LoopbackListener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Instead of the true answer: status and what becomes of the body; null leaves it.</summary>
    public Func<string, JsonNode, (int Status, string Body)?>? Fault { get; set; }

    /// <summary>Path and query of each request, and the key that came along.</summary>
    public List<(string Target, string? Key)> Requests { get; } = [];

    /// <summary>What was posted to get-methods.</summary>
    public List<string> Bodies { get; } = [];

    public JsonArray JettonRows { get; } = [];

    /// <summary>The chain is asked for jettons instead.</summary>
    public bool TellsJettons { get; init; }

    /// <summary>What contracts answer to get-methods; asked first, and null where they answer nothing.</summary>
    public Func<Address, string, IReadOnlyList<StackItem>, IReadOnlyList<StackItem>?>? Contracts { get; set; }

    /// <summary>Numbers that get-methods give, by contract and method; any other ends with an exit code.</summary>
    public Dictionary<(Address Contract, string Method), string[]> Methods { get; } = [];

    public void Answer(Address contract, string method, IReadOnlyList<StackItem> arguments, params StackItem[] items) =>
        _contracts.Answer(contract.ToString(), method, arguments.Select(a => a.Text), items);

    public async ValueTask DisposeAsync()
    {
        // Stopped first, it would bind its port once more to be closed, which another test may have by then.
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            Requests.Add((context.Request.RawUrl!, context.Request.Headers["X-API-Key"]));
            var answer = await AnswerAsync(context.Request);
            var (status, body) = Fault?.Invoke(context.Request.Url!.AbsolutePath, answer) ?? (200, answer.ToJsonString());
            await RespondAsync(context.Response, status, body);
        }
    }

    private static async Task RespondAsync(HttpListenerResponse response, int status, string body)
    {
        try
        {
            response.StatusCode = status;
            response.ContentType = "application/json";
            await using var writer = new StreamWriter(response.OutputStream);
            await writer.WriteAsync(body);
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // Who asked has given up, or the test has ended.
        }
    }

    private async Task<JsonNode> AnswerAsync(HttpListenerRequest request)
    {
        switch (request.Url!.AbsolutePath)
        {
            case "/api/v3/jetton/wallets":
                return new JsonObject { ["jetton_wallets"] = TellsJettons ? await JettonsAsync(request) : JettonRows.DeepClone() };
            case "/api/v3/runGetMethod":
                using (var reader = new StreamReader(request.InputStream)) Bodies.Add(await reader.ReadToEndAsync());
                return Run(JsonNode.Parse(Bodies[^1])!);
            case var path when _chain is { } chain && _wallet is { } wallet:
                return await AnswerAsync(request, path, chain, wallet);
            default:
                return NoSuchMethod();
        }
    }

    private async Task<JsonNode> JettonsAsync(HttpListenerRequest request)
    {
        var (owner, master) = (request.QueryString["owner_address"]!, request.QueryString["jetton_address"]!);
        var held = Value(await _chain!.JettonsAsync(Address.Parse(owner), Address.Parse(master), default));
        return new JsonArray(new JsonObject { ["owner"] = owner, ["jetton"] = master, ["balance"] = Text(held) });
    }

    private static async Task<JsonNode> AnswerAsync(HttpListenerRequest request, string path, ITonNode chain, WalletV5R1 wallet)
    {
        switch (path)
        {
            case "/api/v2/getAddressInformation":
                var view = Value(await chain.WalletAsync(wallet, default));
                return Ok(new()
                {
                    ["balance"] = Text(view.Balance.Nano), ["state"] = view.Seqno == 0 ? "uninitialized" : "active", ["sync_utime"] = view.ChainTime,
                    ["data"] = view.Seqno == 0 ? "" : FakeMessages.Data(wallet, view.Seqno).ToBase64(), ["something_new"] = new JsonObject(),
                });
            case "/api/v3/masterchainInfo":
                var known = Value(await chain.HeadAsync(default)).Head;
                return new JsonObject { ["last"] = new JsonObject { ["seqno"] = known.Seqno, ["gen_utime"] = Text(known.At) } };
            case "/api/v2/sendBocReturnHash":
                var boc = (await JsonNode.ParseAsync(request.InputStream))!["boc"]!.GetValue<string>();
                var attempt = FakeMessages.Attempt(boc);
                await chain.SendAsync(attempt, default);
                return Ok(new() { ["hash"] = attempt.Hash.ToBase64(), ["hash_norm"] = attempt.Hash.ToBase64() });
            case "/api/v3/traces":
                var asked = new Hash256(Convert.FromBase64String(request.QueryString["msg_hash"]!));
                var lookup = Value(await chain.TraceAsync(asked, default));
                return new JsonObject { ["traces"] = lookup.Trace is { } trace ? new JsonArray(ToJson(trace)) : [] };
            default:
                return NoSuchMethod();
        }
    }

    private JsonObject Run(JsonNode call)
    {
        var (contract, method) = (call["address"]!.GetValue<string>(), call["method"]!.GetValue<string>());
        StackItem[] arguments =
            [.. call["stack"]!.AsArray().Select(a => StackItem.Named(a!["type"]!.GetValue<string>(), a["value"]!.GetValue<string>()))];
        IReadOnlyList<StackItem>? items = Contracts?.Invoke(Address.Parse(contract), method, arguments);
        items ??= Methods.TryGetValue((Address.Parse(contract), method), out var numbers)
            ? [.. numbers.Select(number => StackItem.Named("num", number))]
            : _contracts.Of(contract, method, arguments.Select(a => a.Text));
        return new()
        {
            ["gas_used"] = 1, ["exit_code"] = items is not null ? 0 : _contracts.IsThere(contract) ? NoSuchGetMethod : NoContract,
            ["stack"] = new JsonArray([.. (items ?? []).Select(FakePoolNode.ToJson)]),
        };
    }

    private static JsonNode ToJson(Trace trace)
    {
        var transactions = new JsonObject();
        foreach (var (number, t) in trace.Transactions.Index())
        {
            transactions[Text((UInt128)number)] = new JsonObject
            {
                ["account"] = t.Account.ToString().ToUpperInvariant(), ["now"] = t.At, ["total_fees"] = Text(t.Fees.Nano), ["mc_block_seqno"] = 7,
                    ["emulated"] = false,
                ["finality"] = trace.Finality.ToString().ToLowerInvariant(),
                ["description"] = new JsonObject
                {
                    ["type"] = "ord", ["compute_ph"] = t.Exit is { } exit ? new JsonObject { ["skipped"] = false, ["exit_code"] = exit }
                        : new() { ["skipped"] = true },
                },
                ["in_msg"] = t.Came is { } came ? ToJson(came) : null, ["out_msgs"] = new JsonArray([.. t.Sent.Select(ToJson)]),
            };
        }

        return new JsonObject
        {
            ["is_incomplete"] = false, ["transactions"] = transactions,
            ["trace_info"] = new JsonObject { ["trace_state"] = trace.IsComplete ? "complete" : "pending",
                ["pending_messages"] = trace.IsComplete ? 0 : 1 },
        };
    }

    private static JsonNode ToJson(TraceMessage message) => new JsonObject
    {
        ["hash"] = message.Hash.ToBase64(), ["source"] = message.Content.Source?.ToString(),
            ["destination"] = message.Content.Destination?.ToString(),
        ["value"] = message.Content.Kind == MessageKind.Internal ? Text(message.Content.Value.Nano) : null,
            ["fwd_fee"] = Text(message.ForwardFee.Nano),
        ["bounce"] = message.Content.IsBounceable, ["bounced"] = message.Content.IsBounced,
        ["message_content"] = new JsonObject { ["hash"] = message.Content.Body.Hash.ToBase64(), ["body"] = message.Content.Body.ToBase64() },
    };

    private static JsonObject NoSuchMethod() => new() { ["ok"] = false, ["error"] = "no such method" };

    private static JsonObject Ok(JsonObject result) => new() { ["ok"] = true, ["result"] = result, ["@extra"] = "1:2:3" };

    private static T Value<T>(VenueReply<T> reply) => ((VenueReply<T>.Accepted)reply).Value;

    private static string Text(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);
}
