using System.Diagnostics.CodeAnalysis;
using System.Reactive;

namespace Microsoft.Reactive.Testing;

/// <summary>An expectation that equals every notification of one kind whose value, or error, satisfies a predicate. It is never delivered.</summary>
internal sealed class PredicateNotification<T>(NotificationKind kind, Func<T, bool>? value, Func<Exception, bool>? error) : Notification<T>
{
    public override NotificationKind Kind => kind;

    public override bool HasValue => kind == NotificationKind.OnNext;

    public override T Value => throw NotDelivered();

    public override Exception Exception => throw NotDelivered();

    public override bool Equals(Notification<T>? other) => other is not null && other.Kind == kind
        && (value is null || value(other.Value)) && (error is null || error(other.Exception!));

    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Notification<T>);

    public override int GetHashCode() => kind.GetHashCode();

    public override string ToString() => $"{kind}(<predicate>)";

    public override void Accept(IObserver<T> observer) => throw NotDelivered();

    public override TResult Accept<TResult>(IObserver<T, TResult> observer) => throw NotDelivered();

    public override void Accept(Action<T> onNext, Action<Exception> onError, Action onCompleted) => throw NotDelivered();

    public override TResult Accept<TResult>(Func<T, TResult> onNext, Func<Exception, TResult> onError, Func<TResult> onCompleted) =>
        throw NotDelivered();

    private static InvalidOperationException NotDelivered() => new("A predicate is an expectation: it holds no value that a source could deliver.");
}
