using System.Buffers.Binary;

namespace Dmm.Testing.Venues;

/// <summary>Frames of RFC 6455 from the server's side, as bytes.</summary>
internal static class SocketFrames
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;

    private const int PayloadLengthMax = 1 << 20;

    /// <summary>A whole frame; a server does not mask.</summary>
    public static byte[] Write(int opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[10];
        head[0] = (byte)(0x80 | opcode);
        var length = 2;
        if (payload.Length < 126)
        {
            head[1] = (byte)payload.Length;
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            head[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)payload.Length);
            length = 4;
        }
        else
        {
            head[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(head[2..], (ulong)payload.Length);
            length = 10;
        }

        return [.. head[..length], .. payload];
    }

    /// <summary>The next frame of the client; null when the connection has ended.</summary>
    public static async ValueTask<(int Opcode, bool IsLast, byte[] Payload)?> ReadAsync(HttpWire wire, CancellationToken cancellation)
    {
        if (await wire.ByteAsync(cancellation) is not { } first || await wire.ByteAsync(cancellation) is not { } second) return null;
        long length = second & 0x7F;
        var more = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (more > 0) length = 0;
        for (var i = 0; i < more; i++) length = (length << 8) | await NextAsync(wire, cancellation);
        if (length is < 0 or > PayloadLengthMax || (second & 0x80) == 0) throw new IOException("a frame that no venue would read");
        var mask = new byte[4];
        for (var i = 0; i < mask.Length; i++) mask[i] = await NextAsync(wire, cancellation);
        var payload = new byte[length];
        for (var i = 0; i < payload.Length; i++) payload[i] = (byte)(await NextAsync(wire, cancellation) ^ mask[i % 4]);
        return (first & 0x0F, (first & 0x80) != 0, payload);
    }

    private static async ValueTask<byte> NextAsync(HttpWire wire, CancellationToken cancellation) =>
        await wire.ByteAsync(cancellation) ?? throw new IOException("a frame broke off");
}
