using System.Reactive;
using Microsoft.Reactive.Testing;

namespace Dmm.Testing;

/// <summary>Compares messages of two runs: an error that the operator makes is a new instance in each, so type and message decide.</summary>
internal sealed class MessageEquality<T> : EqualityComparer<Recorded<Notification<T>>>
{
    public static readonly MessageEquality<T> Instance = new();

    public override bool Equals(Recorded<Notification<T>> x, Recorded<Notification<T>> y) => x == y
        || (x.Time == y.Time && x.Value.Exception is { } a && y.Value.Exception is { } b && a.GetType() == b.GetType() && a.Message == b.Message);

    public override int GetHashCode(Recorded<Notification<T>> message) => HashCode.Combine(message.Time, message.Value.Kind);
}
