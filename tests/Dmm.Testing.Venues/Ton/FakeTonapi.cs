using System.Net;
using System.Text.Json.Nodes;
using Dmm.Core.Ports;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>A provider on loopback that speaks TonAPI over a chain of the tests.</summary>
public sealed class FakeTonapi : IFakeContracts, IAsyncDisposable
{
    private const int NoSuchMethod = 11;

    private readonly HttpListener _listener;
    private readonly ITonNode? _chain;
    private readonly WalletV5R1? _wallet;
    private readonly FakeContracts _contracts = new();
    private readonly Lock _lock = new();
    private readonly List<(string Target, string? Key)> _requests = [];
    private readonly Task _serving;

    /// <param name="chain">What accounts, messages and traces are asked of; null where get-methods alone are.</param>
    /// <param name="wallet">The only account on that chain.</param>
    public FakeTonapi(ITonNode? chain = null, WalletV5R1? wallet = null)
    {
        (_chain, _wallet) = (chain, wallet);
        (_listener, Url) = LoopbackListener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Of the masterchain; null for what the chain of the tests tells.</summary>
    public ChainHead? Head { get; set; }

    /// <summary>Instead of the true answer, by the request's path: status and what becomes of the body; null leaves it.</summary>
    public Func<string, JsonNode?, (int Status, string Body)?>? Fault { get; set; }

    /// <summary>Path and query of each request, and what authorises it.</summary>
    public IReadOnlyList<(string Target, string? Key)> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    public void Answer(Address contract, string method, IReadOnlyList<StackItem> arguments, params StackItem[] items) =>
        _contracts.Answer(contract.ToString(), method, arguments.Select(TonapiJson.Argument), items);

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

            var path = context.Request.Url!.AbsolutePath;
            lock (_lock) _requests.Add((context.Request.RawUrl!, context.Request.Headers["Authorization"]));
            var asked = context.Request.HttpMethod == "POST" ? await JsonNode.ParseAsync(context.Request.InputStream) : null;
            var (status, answer) = await AnswerAsync(path.Split('/')[2..], asked);
            (status, var body) = Fault?.Invoke(path, answer) ?? (status, answer?.ToJsonString() ?? "");
            await RespondAsync(context.Response, status, body);
        }
    }

    private static async Task RespondAsync(HttpListenerResponse response, int status, string body)
    {
        try
        {
            (response.StatusCode, response.ContentType) = (status, "application/json");
            await using var writer = new StreamWriter(response.OutputStream);
            await writer.WriteAsync(body);
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // Who asked has given up, or the test has ended.
        }
    }

    private async Task<(int Status, JsonNode? Body)> AnswerAsync(string[] path, JsonNode? asked)
    {
        switch (path)
        {
            case ["blockchain", "masterchain-head"]:
                return (200, TonapiJson.Block(Head ?? Value(await _chain!.HeadAsync(default)).Head));
            case ["blockchain", "accounts", var contract, "methods", var method]:
                return Run(contract, method, asked!);
            case ["accounts", var account]:
                return (200, new JsonObject { ["address"] = account, ["balance"] = 0, ["status"] = _contracts.IsThere(account) ? "active" : "nonexist" });
            case ["blockchain", "accounts", var account] when _wallet?.Address.ToString() == account:
                var view = Value(await _chain!.WalletAsync(_wallet, default));
                return (200, TonapiJson.Account(_wallet, view));
            case ["blockchain", "message"]:
                return await TakeAsync(asked!["boc"]!.GetValue<string>());
            case ["traces", var hash]:
                return Value(await _chain!.TraceAsync(Hash256.FromHex(hash), default)).Trace is { } trace
                    ? (200, TonapiJson.Trace(trace))
                    : NotFound();
            default:
                return NotFound();
        }
    }

    private async Task<(int Status, JsonNode? Body)> TakeAsync(string boc)
    {
        try
        {
            await _chain!.SendAsync(FakeMessages.Attempt(boc), default);
            return (200, null);
        }
        catch (CellException)
        {
            return (400, new JsonObject { ["error"] = "can't decode boc" });
        }
    }

    private (int Status, JsonNode? Body) Run(string contract, string method, JsonNode asked)
    {
        if (!_contracts.IsThere(contract)) return NotFound();
        var arguments = asked["args"]!.AsArray().Select(a => $"{a!["type"]!.GetValue<string>()} {a["value"]!.GetValue<string>()}");
        var items = _contracts.Of(contract, method, arguments);
        return (200, new JsonObject
        {
            ["success"] = items is not null, ["exit_code"] = items is null ? NoSuchMethod : 0,
            ["stack"] = new JsonArray([.. (items ?? []).Select(TonapiJson.Item)]),
        });
    }

    private static (int Status, JsonNode? Body) NotFound() => (404, new JsonObject { ["error"] = "entity not found" });

    private static T Value<T>(VenueReply<T> reply) => ((VenueReply<T>.Accepted)reply).Value;
}
