using System.Globalization;

namespace Microsoft.Reactive.Testing;

/// <summary>A value with the virtual time at which it was, or is to be, delivered. Equal when both time and value are equal.</summary>
/// <param name="time">Virtual time in ticks of 100 ns.</param>
/// <param name="value">What is delivered; usually a <see cref="System.Reactive.Notification{T}"/>.</param>
public readonly struct Recorded<T>(long time, T value) : IEquatable<Recorded<T>>
{
    /// <summary>Virtual time in ticks of 100 ns.</summary>
    public long Time { get; } = time;

    /// <summary>What was delivered at <see cref="Time"/>.</summary>
    public T Value { get; } = value;

    /// <inheritdoc/>
    /// <remarks>This value's own <c>Equals</c> decides, so an expected predicate notification belongs on the left.</remarks>
    public bool Equals(Recorded<T> other) => Time == other.Time && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Recorded<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Time, Value);

    /// <summary>Equal in time and value.</summary>
    public static bool operator ==(Recorded<T> left, Recorded<T> right) => left.Equals(right);

    /// <summary>Different in time or value.</summary>
    public static bool operator !=(Recorded<T> left, Recorded<T> right) => !left.Equals(right);

    /// <summary>The value, an at sign and the time: <c>OnNext(7)@210</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}@{Time}");
}
