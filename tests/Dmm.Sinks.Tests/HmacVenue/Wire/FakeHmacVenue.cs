using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dmm.Testing;

/// <summary>What a request looked like at the venue.</summary>
internal sealed record FakeRequest(string Method, string Path, string Query, byte[] Body, HmacVerdict Verdict)
{
    public override string ToString() => $"{Method} {Path}{(Query.Length > 0 ? "?" : "")}{Query}";
}

internal sealed record FakeReply(int Status, byte[] Body, string? RetryAfter = null);

/// <summary>
/// An HMAC venue on loopback that knows the protocol and nothing else: every request waits for the test's answer, every connection is the test's to
/// play. Signatures are checked, and the test is told.
/// </summary>
internal sealed class FakeHmacVenue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HmacSignature _signature;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<FakeSocket> _sockets = Channel.CreateUnbounded<FakeSocket>();
    private readonly Channel<(FakeRequest Request, TaskCompletionSource<FakeReply?> Reply)> _requests =
        Channel.CreateUnbounded<(FakeRequest, TaskCompletionSource<FakeReply?>)>();

    public static readonly HmacCredentials Credentials = new("key-of-ann", "the secret of ann");

    public static readonly Instrument Dct = new()
    {
        Id = new(0), Venue = "hmac", Symbol = "DCT-USDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m),
    };

    private FakeHmacVenue(WebApplication app, HmacSignature signature, TimeProvider time) => (_app, _signature, _time) = (app, signature, time);

    public HmacVenueOptions Options { get; private set; } = null!;

    public HmacVenueWire Wire { get; } = new("hmac", [Dct]);

    public HmacVenueWriter Writer { get; } = new("hmac", [Dct]);

    public HmacVenueCommands Commands { get; } = new("hmac", [Dct]);

    public static async Task<FakeHmacVenue> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseWebSockets();
        var venue = new FakeHmacVenue(app, new(new(), Credentials, TimeSpan.FromSeconds(5)), time);
        app.Run(venue.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        venue.Options = new HmacVenueOptions { Venue = "hmac", BaseUrl = new(address), Credentials = Credentials, RequestTimeout = TimeSpan.FromSeconds(2.5) }.Checked();
        return venue;
    }

    /// <summary>The next connection.</summary>
    public Task<FakeSocket> ConnectedAsync() => _sockets.Reader.ReadAsync().AsTask().Guarded("a connection");

    /// <summary>Takes the next request and answers it; null as the answer breaks the connection off.</summary>
    public async Task<FakeRequest> AnswerAsync(string expected, FakeReply? reply)
    {
        var (request, answer) = await _requests.Reader.ReadAsync().AsTask().Guarded(expected);
        answer.SetResult(reply);
        request.ToString().ShouldBe(expected);
        request.Verdict.ShouldBe(HmacVerdict.Genuine);
        return request;
    }

    /// <summary>The next request, whichever it is, and what answers it.</summary>
    public Task<(FakeRequest Request, TaskCompletionSource<FakeReply?> Answer)> NextAsync() =>
        _requests.Reader.ReadAsync().AsTask().Guarded("a request");

    /// <summary>Takes the next request and lets it hang: what answers it later is returned.</summary>
    public async Task<TaskCompletionSource<FakeReply?>> HoldAsync(string expected)
    {
        var (request, answer) = await _requests.Reader.ReadAsync().AsTask().Guarded(expected);
        request.ToString().ShouldBe(expected);
        return answer;
    }

    public FakeReply Ok(Action<HmacVenueWriter, IBufferWriter<byte>> body) => new(200, Written(body));

    public FakeReply Error(string code, string words = "so says the venue", TimeSpan retryAfter = default) =>
        new(HmacVenueErrors.HttpStatus(code), Written((w, into) => w.ErrorBody(code, words, retryAfter, into)));

    public byte[] Written(Action<HmacVenueWriter, IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        lock (Writer) write(Writer, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app.DisposeAsync();
        Writer.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            var socket = new FakeSocket(this, await context.WebSockets.AcceptWebSocketAsync(), context.Request.Path);
            _sockets.Writer.TryWrite(socket);
            await socket.Ended.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = context.Request;
        var query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "";
        var verdict = request.Headers.ContainsKey("X-API-KEY")
            ? _signature.Verify(
                request.Headers["X-API-TIMESTAMP"].ToString(), request.Headers["X-API-SIGNATURE"].ToString(), request.Method, request.Path, query,
                body.ToArray(), Timestamp.From(_time.GetUtcNow()))
            : HmacVerdict.Genuine;
        var answer = new TaskCompletionSource<FakeReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Writer.TryWrite((new(request.Method, request.Path, query, body.ToArray(), verdict), answer));
        await Task.WhenAny(answer.Task, Task.Delay(Timeout.Infinite, _end.Token));
        if (!answer.Task.IsCompleted || await answer.Task is not { } reply)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait;
        await context.Response.Body.WriteAsync(reply.Body);
    }
}

/// <summary>One connection, from the venue's side.</summary>
internal sealed class FakeSocket(FakeHmacVenue venue, WebSocket socket, string path)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    /// <summary>Where it was dialled.</summary>
    public string Path => path;

    /// <summary>The next command of the client.</summary>
    public async Task<HmacCommand> CommandAsync()
    {
        var buffer = new byte[4_096];
        var read = await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded("a command");
        return venue.Commands.ReadCommand(buffer.AsSpan(0, read.Count), out var words) ?? throw new InvalidOperationException(words);
    }

    public Task SendAsync(Action<HmacVenueWriter, IBufferWriter<byte>> frame) =>
        socket.SendAsync(venue.Written(frame), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task SendTextAsync(string frame) => socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Breaks the connection off, without a word.</summary>
    public void Drop() => _ended.TrySetResult();
}
