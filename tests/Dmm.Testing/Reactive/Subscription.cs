using System.Globalization;

namespace Microsoft.Reactive.Testing;

/// <summary>When an observer subscribed to a testable observable and when it left, in ticks of 100 ns.</summary>
/// <param name="subscribe">Virtual time of the subscription.</param>
/// <param name="unsubscribe">Virtual time of its disposal; <see cref="Infinite"/> when it was never disposed.</param>
public readonly struct Subscription(long subscribe, long unsubscribe) : IEquatable<Subscription>
{
    /// <summary>The <see cref="Unsubscribe"/> time of a subscription that is still alive.</summary>
    public const long Infinite = long.MaxValue;

    /// <summary>A subscription that is still alive.</summary>
    /// <param name="subscribe">Virtual time of the subscription, in ticks of 100 ns.</param>
    public Subscription(long subscribe) : this(subscribe, Infinite)
    {
    }

    /// <summary>Virtual time of the subscription, in ticks of 100 ns.</summary>
    public long Subscribe { get; } = subscribe;

    /// <summary>Virtual time of the disposal, in ticks of 100 ns, or <see cref="Infinite"/>.</summary>
    public long Unsubscribe { get; } = unsubscribe;

    /// <inheritdoc/>
    public bool Equals(Subscription other) => Subscribe == other.Subscribe && Unsubscribe == other.Unsubscribe;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Subscription other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subscribe, Unsubscribe);

    /// <summary>Equal in both times.</summary>
    public static bool operator ==(Subscription left, Subscription right) => left.Equals(right);

    /// <summary>Different in one of the times.</summary>
    public static bool operator !=(Subscription left, Subscription right) => !left.Equals(right);

    /// <summary>Both times: <c>(200, 1000)</c>, or <c>(200, Infinite)</c>.</summary>
    public override string ToString() => Unsubscribe == Infinite
        ? string.Create(CultureInfo.InvariantCulture, $"({Subscribe}, Infinite)")
        : string.Create(CultureInfo.InvariantCulture, $"({Subscribe}, {Unsubscribe})");
}
