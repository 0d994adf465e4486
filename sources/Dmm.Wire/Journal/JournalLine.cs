using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>What a line of the journal records; the first six are of the input journal, the others of the decision journal.</summary>
public enum JournalKind : byte
{
    Run,
    Clock,
    Book,
    Top,
    Trade,
    Control,
    Quote,
    Order,
    Breaker,
    State,
    Hedge,
    Treasury,
    Alert,
    Volatility,
    Inventory,
    Pnl,
    Markout,
    Toxicity,
    Route,
    RouteLeg,
    RouteEnd,
}

/// <summary>The first members of a line, by which it is placed and sought.</summary>
/// <param name="Kind">What it records.</param>
/// <param name="Sequence">An input's; the last one taken, of a clock record or a run; the cause's, of a decision.</param>
/// <param name="At">Stamp of an input, time reached, start of a run, time of a decision's cause.</param>
/// <param name="Number">A decision's; the next one, of a run; otherwise 0.</param>
/// <param name="Run">A run's; otherwise 0.</param>
public readonly record struct JournalLineHead(JournalKind Kind, long Sequence, Timestamp At, long Number = 0, long Run = 0)
{
    public bool IsDecision => Kind >= JournalKind.Quote;
}

/// <summary>
/// The frame of a line, which is the same in every schema version: a JSON object whose last member is the checksum of all bytes before that member.
/// </summary>
public static class JournalLine
{
    public const int SchemaVersion = 1;

    /// <summary>Longest line, without its line break; a run's first record holds the whole state of the engine.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of the checksum member with the closing brace.</summary>
    internal const int ChecksumBytes = 18;

    /// <summary>Whether the line, without its line break, is what was written.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> line)
    {
        if (line.Length <= ChecksumBytes) return false;
        Span<byte> tail = stackalloc byte[ChecksumBytes];
        WriteChecksum(line[..^ChecksumBytes], tail);
        return line.EndsWith(tail);
    }

    /// <summary>Checks the line and reads its first members.</summary>
    /// <exception cref="JournalException">It is damaged, of another schema version, or of an unknown kind.</exception>
    public static JournalLineHead Head(ReadOnlySpan<byte> line)
    {
        if (!IsIntact(line)) throw new JournalException(JournalFault.Corrupt, $"the checksum does not match the {line.Length} bytes of the line");
        try
        {
            return new JournalLineParser(line).Head();
        }
        catch (Exception e) when (IsGrammar(e))
        {
            throw Damaged(e);
        }
    }

    /// <summary>The end of a line: <c>,"crc":"0123abcd"}</c>, eight lower-case digits.</summary>
    internal static void WriteChecksum(ReadOnlySpan<byte> line, Span<byte> tail)
    {
        ",\"crc\":\""u8.CopyTo(tail);
        Utf8Formatter.TryFormat(Crc32C.Of(line), tail[8..], out _, new StandardFormat('x', 8));
        "\"}"u8.CopyTo(tail[16..]);
    }

    internal static bool IsGrammar(Exception e) =>
        e is JsonException or FormatException or InvalidOperationException or ArgumentException or ParameterException or KeyNotFoundException
            or OverflowException;

    internal static JournalException Damaged(Exception e) => new(JournalFault.Corrupt, e.Message, inner: e);
}

/// <summary>Reads the members of a line in the one order in which they are written; anything else is an error that names the member.</summary>
internal ref struct JournalLineParser
{
    private readonly ReadOnlySpan<byte> _line;
    private Utf8JsonReader _json;
    private int _memberStart;
    private int _memberLength;

    public JournalLineParser(ReadOnlySpan<byte> line)
    {
        _line = line;
        _json = new(line);
        (_memberStart, _memberLength) = (0, 0);
        _json.Read();
        var version = Long("v"u8);
        if (version != JournalLine.SchemaVersion)
        {
            throw new JournalException(JournalFault.UnknownVersion,
                $"written in schema version {version}: this code knows version {JournalLine.SchemaVersion}");
        }
    }

    public JournalLineHead Head()
    {
        var kind = Enum<JournalKind>("kind"u8);
        var number = kind >= JournalKind.Quote ? Long("n"u8) : 0;
        var sequence = Long("seq"u8);
        var at = Time("at"u8);
        return kind == JournalKind.Run ? new(kind, sequence, at, Run: Long("run"u8), Number: Long("dec"u8)) : new(kind, sequence, at, number);
    }

    public long Long(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.GetInt64();
    }

    public int Int(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.GetInt32();
    }

    public bool Bool(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.GetBoolean();
    }

    public decimal Decimal(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.GetDecimal();
    }

    public double Double(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        if (_json.TokenType != JsonTokenType.String) return _json.GetDouble();
        if (_json.ValueTextEquals("NaN"u8)) return double.NaN;
        if (_json.ValueTextEquals("Infinity"u8)) return double.PositiveInfinity;
        if (_json.ValueTextEquals("-Infinity"u8)) return double.NegativeInfinity;
        throw new FormatException($"'{_json.GetString()}' is not a number");
    }

    public string? TextOrNull(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.GetString();
    }

    public string Text(scoped ReadOnlySpan<byte> name) =>
        TextOrNull(name) ?? throw new FormatException($"member '{Encoding.UTF8.GetString(name)}' is null");

    public Timestamp Time(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        return _json.TokenType == JsonTokenType.Null ? Timestamp.None : Timestamp.From(_json.GetDateTimeOffset());
    }

    public T Enum<T>(scoped ReadOnlySpan<byte> name)
        where T : struct, Enum
    {
        Value(name);
        return EnumText<T>.TryParse(ref _json, out var value)
            ? value
            : throw new FormatException($"unknown {Encoding.UTF8.GetString(name)} '{_json.GetString()}'");
    }

    /// <summary>Place of the text among <paramref name="texts"/>, −1 when it is none of them.</summary>
    public int IndexAmong(scoped ReadOnlySpan<byte> name, byte[][] texts)
    {
        Value(name);
        for (var i = 0; i < texts.Length; i++)
        {
            if (_json.ValueTextEquals(texts[i])) return i;
        }

        return -1;
    }

    /// <summary>Name of the member read last; empty before the first.</summary>
    public readonly string Member => Encoding.UTF8.GetString(_line.Slice(_memberStart, _memberLength));

    /// <summary>The text that was read last.</summary>
    public readonly string? LastText() => _json.GetString();

    /// <summary>Takes the member <c>true</c> if it is the next one.</summary>
    public bool Flag(scoped ReadOnlySpan<byte> name) => IsNext(name) && Bool(name);

    /// <summary>Takes the time if it is the next member; none where it is not.</summary>
    public Timestamp TimeIfNext(scoped ReadOnlySpan<byte> name) => IsNext(name) ? Time(name) : Timestamp.None;

    /// <summary>Takes the number if it is the next member; 0 where it is not.</summary>
    public double DoubleIfNext(scoped ReadOnlySpan<byte> name) => IsNext(name) ? Double(name) : 0;

    /// <summary>An array of pairs, appended to <paramref name="pairs"/> from <paramref name="count"/> on, which grows as needed.</summary>
    public int Pairs<T>(scoped ReadOnlySpan<byte> name, ref T[] pairs, int count, Func<long, long, T> make)
    {
        Value(name);
        Expect(JsonTokenType.StartArray);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (count == pairs.Length) Array.Resize(ref pairs, Math.Max(16, count * 2));
            pairs[count++] = PairHere(make);
        }

        return count;
    }

    public T Pair<T>(scoped ReadOnlySpan<byte> name, Func<long, long, T> make)
    {
        Value(name);
        return PairHere(make);
    }

    public T Object<T>(scoped ReadOnlySpan<byte> name, JsonSerializerOptions options)
        where T : notnull
    {
        Value(name);
        return JsonSerializer.Deserialize<T>(ref _json, options) ?? throw new FormatException($"member '{Encoding.UTF8.GetString(name)}' is null");
    }

    public ReadOnlySpan<byte> Raw(scoped ReadOnlySpan<byte> name)
    {
        Value(name);
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        return _line[start..(int)_json.BytesConsumed];
    }

    /// <summary>Nothing may follow but the checksum.</summary>
    public void End()
    {
        Value("crc"u8);
        _json.Read();
        Expect(JsonTokenType.EndObject);
    }

    /// <summary>Nothing may follow at all.</summary>
    public void EndMessage()
    {
        if (_json.Read() && _json.TokenType == JsonTokenType.PropertyName) throw new FormatException($"'{_json.GetString()}' is one member too many");
        Expect(JsonTokenType.EndObject);
        _json.Read();
    }

    private T PairHere<T>(Func<long, long, T> make)
    {
        Expect(JsonTokenType.StartArray);
        _json.Read();
        var first = _json.GetInt64();
        _json.Read();
        var second = _json.GetInt64();
        _json.Read();
        Expect(JsonTokenType.EndArray);
        return make(first, second);
    }

    private readonly bool IsNext(scoped ReadOnlySpan<byte> name)
    {
        var ahead = _json;
        return ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals(name);
    }

    private void Value(scoped ReadOnlySpan<byte> name)
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.PropertyName || !_json.ValueTextEquals(name))
        {
            var found = _json.TokenType == JsonTokenType.PropertyName ? $"'{_json.GetString()}'" : _json.TokenType.ToString();
            throw new FormatException($"expected member '{Encoding.UTF8.GetString(name)}', found {found}");
        }

        (_memberStart, _memberLength) = ((int)_json.TokenStartIndex + 1, name.Length);
        _json.Read();
    }

    private readonly void Expect(JsonTokenType type)
    {
        if (_json.TokenType != type) throw new FormatException($"expected {type}, found {_json.TokenType}");
    }
}
