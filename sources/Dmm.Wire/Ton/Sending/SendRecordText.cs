using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dmm.Wire.Ton;

/// <summary>Records as lines: eight hexadecimal digits of a checksum (CRC32C), a blank, JSON, a line feed.</summary>
public static class SendRecordText
{
    private const int Version = 1;
    private const int ChecksumLength = 8;

    public static byte[] Format(SendRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, record);
        return [.. Encoding.ASCII.GetBytes($"{Checksum(buffer.WrittenSpan)} "), .. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads a line without its line feed. <paramref name="fault"/> says what is wrong with it, and is empty when nothing is.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> line, out SendRecord? record, out string fault)
    {
        (record, fault) = (null, "");
        if (line.Length <= ChecksumLength || line.Span[ChecksumLength] != ' ') fault = "no checksum and blank at its beginning";
        else if (Encoding.ASCII.GetString(line.Span[..ChecksumLength]) != Checksum(line.Span[(ChecksumLength + 1)..]))
            fault = "a checksum of another content";
        if (fault.Length > 0) return false;
        try
        {
            using var json = JsonDocument.Parse(line[(ChecksumLength + 1)..]);
            record = Read(json.RootElement);
            return true;
        }
        catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException or CellException)
        {
            fault = $"none of the records of version {Version}: {foreign.Message}";
            return false;
        }
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Crc32C.Of(json).ToString("x8", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, SendRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("v", Version);
        json.WriteString("id", record.IntentId);
        switch (record)
        {
            case SendRecord.Accepted { Intent: var intent }:
                json.WriteString("kind", "accepted");
                json.WriteNumber("deadline", intent.Deadline);
                json.WriteStartArray("transfers");
                foreach (var transfer in intent.Transfers)
                {
                    json.WriteStartObject();
                    json.WriteNumber("mode", (byte)transfer.Mode);
                    json.WriteBase64String("message", transfer.Message.Serialize());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            case SendRecord.Signed { Attempt: var attempt }:
                json.WriteString("kind", "signed");
                json.WriteNumber("seqno", attempt.Seqno);
                json.WriteNumber("validUntil", attempt.ValidUntil);
                json.WriteString("hash", attempt.Hash.ToString());
                json.WriteBase64String("boc", attempt.Boc.Span);
                break;
            case SendRecord.Ended { Outcome: var outcome }:
                json.WriteString("kind", "ended");
                json.WriteString("end", outcome.End.ToString());
                json.WriteString("reason", outcome.Reason);
                if (outcome.Trace is { } trace) TraceOutcomeText.Write(json, trace);
                break;
        }

        json.WriteEndObject();
    }

    private static SendRecord Read(JsonElement json)
    {
        if (json.GetProperty("v").GetInt32() is var version && version != Version) throw new FormatException($"its version is {version}");
        var id = json.GetProperty("id").GetString() ?? throw new FormatException("its id is null");
        return json.GetProperty("kind").GetString() switch
        {
            "accepted" => new SendRecord.Accepted(new(id, Transfers(json.GetProperty("transfers")), json.GetProperty("deadline").GetUInt32())),
            "signed" => new SendRecord.Signed(id, new(
                json.GetProperty("seqno").GetUInt32(), json.GetProperty("validUntil").GetUInt32(),
                Hash256.FromHex(json.GetProperty("hash").GetString() ?? ""), json.GetProperty("boc").GetBytesFromBase64())),
            "ended" => new SendRecord.Ended(id, new(
                End(json.GetProperty("end").GetString()), json.TryGetProperty("trace", out var trace) ? TraceOutcomeText.Read(trace) : null,
                json.GetProperty("reason").GetString() ?? "")),
            var kind => throw new FormatException($"its kind is '{kind}'"),
        };
    }

    private static ImmutableArray<WalletTransfer> Transfers(JsonElement json) => [.. json.EnumerateArray().Select(t => new WalletTransfer(
        BagOfCells.DeserializeOne(t.GetProperty("message").GetBytesFromBase64()), (SendMode)t.GetProperty("mode").GetByte()))];

    private static SendEnd End(string? name) =>
        Enum.TryParse<SendEnd>(name, out var end) && Enum.IsDefined(end) ? end : throw new FormatException($"its end is '{name}'");
}
