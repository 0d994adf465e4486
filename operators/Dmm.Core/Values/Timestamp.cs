using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dmm.Core;

/// <summary>An instant in UTC, in ticks of 100 ns since 0001-01-01, which is the engine clock's unit: two different stamps differ by at least one tick.</summary>
/// <param name="Ticks">Ticks of 100 ns, as in <see cref="DateTime.Ticks"/>.</param>
[JsonConverter(typeof(TimestampJsonConverter))]
public readonly record struct Timestamp(long Ticks) : IComparable<Timestamp>
{
    /// <summary>The smallest step between two stamps.</summary>
    public static readonly TimeSpan Unit = TimeSpan.FromTicks(1);

    /// <summary>Stands for "never" or "not known"; earlier than every real instant.</summary>
    public static readonly Timestamp None = new(0);

    public bool IsKnown => Ticks > 0;

    /// <summary>From Unix time in nanoseconds; what lies below 100 ns is cut off, so that an instant never moves ahead.</summary>
    public static Timestamp FromUnixNanoseconds(long nanoseconds) => new(DateTime.UnixEpoch.Ticks + Math.DivRem(nanoseconds, 100, out _));

    public static Timestamp FromUnixMilliseconds(long milliseconds) => new(DateTime.UnixEpoch.Ticks + milliseconds * TimeSpan.TicksPerMillisecond);

    public static Timestamp From(DateTimeOffset instant) => new(instant.UtcTicks);

    /// <summary>Parses ISO 8601 with a zone; throws <see cref="FormatException"/> naming the text otherwise.</summary>
    public static Timestamp Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? From(instant)
            : throw new FormatException($"'{text}' is not an instant: expected ISO 8601, as in 2024-08-08T23:54:15.0303146Z.");

    public DateTimeOffset ToDateTimeOffset() => new(Ticks, TimeSpan.Zero);

    public int CompareTo(Timestamp other) => Ticks.CompareTo(other.Ticks);

    public static Timestamp operator +(Timestamp at, TimeSpan span) => new(at.Ticks + span.Ticks);
    public static Timestamp operator -(Timestamp at, TimeSpan span) => new(at.Ticks - span.Ticks);
    public static TimeSpan operator -(Timestamp later, Timestamp earlier) => new(later.Ticks - earlier.Ticks);
    public static bool operator <(Timestamp left, Timestamp right) => left.Ticks < right.Ticks;
    public static bool operator >(Timestamp left, Timestamp right) => left.Ticks > right.Ticks;
    public static bool operator <=(Timestamp left, Timestamp right) => left.Ticks <= right.Ticks;
    public static bool operator >=(Timestamp left, Timestamp right) => left.Ticks >= right.Ticks;

    public static Timestamp Max(Timestamp left, Timestamp right) => left.Ticks >= right.Ticks ? left : right;

    /// <summary>ISO 8601 in UTC with seven decimals, whatever the culture: <c>2024-08-08T23:54:15.0303146Z</c>.</summary>
    public override string ToString() => new DateTime(Ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>Writes a <see cref="Timestamp"/> as its ISO 8601 text, and <see cref="Timestamp.None"/> as null.</summary>
internal sealed class TimestampJsonConverter : JsonConverter<Timestamp>
{
    public override bool HandleNull => true;

    public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? Timestamp.None : Timestamp.From(reader.GetDateTimeOffset());

    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options)
    {
        if (value.IsKnown) writer.WriteStringValue(new DateTime(value.Ticks, DateTimeKind.Utc));
        else writer.WriteNullValue();
    }
}
