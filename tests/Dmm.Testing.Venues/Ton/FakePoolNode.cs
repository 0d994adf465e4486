using System.Net;
using System.Text.Json.Nodes;
using Dmm.Wire.Ton;

namespace Dmm.Testing.Venues;

/// <summary>A node on loopback that speaks as much of toncenter as who watches pools asks: the chain's head, and get-methods of contracts.</summary>
public sealed class FakePoolNode : IFakeContracts, IAsyncDisposable
{
    private const int NoSuchMethod = 11;

    private readonly HttpListener _listener;
    private readonly Lock _lock = new();
    private readonly FakeContracts _contracts = new();
    private readonly List<FakeNodeRequest> _requests = [];
    private readonly List<(string Method, int Times, CancellationTokenSource Asked)> _watches = [];
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;
    private ChainHead _head = new(1_000, 1_767_323_045);
    private Func<string, (int Status, string Body)?>? _fault;
    private Task _held = Task.CompletedTask;

    public FakePoolNode()
    {
        (_listener, Url) = LoopbackListener.Start();
        _serving = ServeAsync();
    }

    /// <param name="url">Where it listens: of one that was there before and comes back.</param>
    public FakePoolNode(Uri url)
    {
        (_listener, Url) = (new HttpListener { Prefixes = { url.ToString() } }, url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>What it knows of the chain.</summary>
    public ChainHead Head
    {
        get
        {
            lock (_lock) return _head;
        }

        set
        {
            lock (_lock) _head = value;
        }
    }

    /// <summary>Instead of the true answer: status and body by the request's path, or by the method that is asked; null for the true one.</summary>
    public Func<string, (int Status, string Body)?>? Fault
    {
        get
        {
            lock (_lock) return _fault;
        }

        set
        {
            lock (_lock) _fault = value;
        }
    }

    public IReadOnlyList<FakeNodeRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    /// <summary>A block more, so much later.</summary>
    public void Block(uint seconds = 2) => Head = new(Head.Seqno + 1, Head.At + seconds);

    public void Answer(Address contract, string method, IReadOnlyList<StackItem> arguments, params StackItem[] items) =>
        _contracts.Answer(contract.ToString(), method, arguments.Select(a => a.Text), items);

    /// <summary>Cancelled once a method was asked so often.</summary>
    public CancellationToken Asked(string method, int times)
    {
        var watch = (Method: method, Times: times, Asked: new CancellationTokenSource());
        lock (_lock) _watches.Add(watch);
        return watch.Asked.Token;
    }

    /// <summary>Answers wait for that.</summary>
    public void Hold(Task until)
    {
        lock (_lock) _held = until;
    }

    public async ValueTask DisposeAsync()
    {
        _gone.SetResult();
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

            var (path, key) = (context.Request.Url!.AbsolutePath, context.Request.Headers["X-API-Key"]);
            var asked = context.Request.HttpMethod == "POST" ? await JsonNode.ParseAsync(context.Request.InputStream) : null;
            var method = asked?["method"]!.GetValue<string>() ?? path;
            Task held;
            (int Status, string Body) answer;
            lock (_lock)
            {
                _requests.Add(new(method, key));
                held = _held;
                answer = _fault?.Invoke(method) ?? (200, (asked is null ? HeadOf(_head) : AnswerTo(asked, method)).ToJsonString());
            }

            await Task.WhenAny(held, _gone.Task);
            await WriteAsync(context.Response, answer.Status, answer.Body);
            foreach (var watch in Reached(method)) await watch.CancelAsync();
        }
    }

    private CancellationTokenSource[] Reached(string method)
    {
        lock (_lock)
        {
            var times = _requests.Count(request => request.Asked == method);
            return [.. _watches.Where(watch => watch.Method == method && watch.Times == times).Select(watch => watch.Asked)];
        }
    }

    private static async Task WriteAsync(HttpListenerResponse response, int status, string body)
    {
        try
        {
            (response.StatusCode, response.ContentType) = (status, "application/json");
            await using var writer = new StreamWriter(response.OutputStream);
            await writer.WriteAsync(body);
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Who asked has not waited.
        }
    }

    private static JsonObject HeadOf(ChainHead head) =>
        new() { ["last"] = new JsonObject { ["seqno"] = head.Seqno, ["gen_utime"] = $"{head.At}" }, ["first"] = new JsonObject { ["seqno"] = 1 } };

    private JsonObject AnswerTo(JsonNode asked, string method)
    {
        var arguments = asked["stack"]!.AsArray().Select(a => a!["value"]!.GetValue<string>());
        return _contracts.Of(asked["address"]!.GetValue<string>(), method, arguments) is { } items
            ? new() { ["gas_used"] = 900, ["exit_code"] = 0, ["stack"] = new JsonArray([.. items.Select(ToJson)]) }
            : new() { ["gas_used"] = 500, ["exit_code"] = NoSuchMethod, ["stack"] = new JsonArray() };
    }

    internal static JsonNode ToJson(StackItem item) => new JsonObject
    {
        ["type"] = item.Kind switch { StackKind.Number => "num", StackKind.Cell => "cell", StackKind.Slice => "slice", _ => "null" },
        ["value"] = item.Kind == StackKind.Null ? null : item.Text,
    };
}

/// <summary>What was asked: the get-method, or the path where there was none; and the key that came along.</summary>
public sealed record FakeNodeRequest(string Asked, string? Key);
