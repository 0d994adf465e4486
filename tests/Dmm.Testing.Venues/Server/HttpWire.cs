using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Dmm.Testing.Venues;

/// <summary>
/// HTTP/1.1 from the server's side on a bare connection, so that it can be broken off at any byte: what a client of this project sends, and no more.
/// </summary>
internal sealed class HttpWire(NetworkStream stream)
{
    private const int HeadLengthMax = 64 << 10;
    private const int BodyLengthMax = 1 << 20;

    private readonly byte[] _buffer = new byte[16 << 10];
    private int _from;
    private int _to;

    /// <summary>The next request; null when the client has closed the connection.</summary>
    public async Task<FakeRequest?> ReadAsync(CancellationToken cancellation)
    {
        if (await LineAsync(cancellation) is not { Length: > 0 } first) return null;
        var words = first.Split(' ');
        var at = words[1].IndexOf('?');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        if (length > BodyLengthMax || headers.ContainsKey("Transfer-Encoding")) throw new IOException("a body that no venue would read");
        var body = new byte[length];
        for (var got = 0; got < length; got++) body[got] = await ByteAsync(cancellation) ?? throw new IOException("the body broke off");
        return new(words[0], at < 0 ? words[1] : words[1][..at], at < 0 ? "" : words[1][(at + 1)..], headers, body);
    }

    /// <summary>One byte of what follows; null at the end. For the frames of a web socket.</summary>
    public async ValueTask<byte?> ByteAsync(CancellationToken cancellation)
    {
        if (_from == _to)
        {
            (_from, _to) = (0, await stream.ReadAsync(_buffer, cancellation));
            if (_to == 0) return null;
        }

        return _buffer[_from++];
    }

    /// <param name="answer">What to write.</param>
    /// <param name="isTruncated">The head promises all of the body, half of it comes.</param>
    /// <param name="cancellation">Ends the wait for a client that does not read.</param>
    public async Task WriteAsync(FakeAnswer answer, bool isTruncated, CancellationToken cancellation)
    {
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} -\r\nContent-Length: {answer.Body.Length}\r\n");
        if (!answer.Headers.Any(h => h.Name == "Content-Type")) head.Append("Content-Type: application/json\r\n");
        foreach (var (name, value) in answer.Headers) head.Append($"{name}: {value}\r\n");
        head.Append("\r\n");
        byte[] all = [.. Encoding.ASCII.GetBytes(head.ToString()), .. isTruncated ? answer.Body[..(answer.Body.Length / 2)] : answer.Body];
        await stream.WriteAsync(all, cancellation);
    }

    /// <summary>Accepts a web socket.</summary>
    public async Task UpgradeAsync(FakeRequest request, CancellationToken cancellation)
    {
        const string Rfc6455 = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
#pragma warning disable CA5350 // What RFC 6455 asks for; it protects nothing.
        var proof = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request.Header("Sec-WebSocket-Key") + Rfc6455)));
#pragma warning restore CA5350
        var head = $"HTTP/1.1 101 -\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {proof}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
    }

    private async ValueTask<string?> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (await ByteAsync(cancellation) is { } next)
        {
            if (next == '\n') return line.ToString().TrimEnd('\r');
            if (line.Length == HeadLengthMax) throw new IOException("a head that no venue would read");
            line.Append((char)next);
        }

        return null;
    }
}
