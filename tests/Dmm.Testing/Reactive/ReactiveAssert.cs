using Dmm.Testing;
using Xunit.Sdk;

namespace Microsoft.Reactive.Testing;

/// <summary>Asserts on recorded messages and subscriptions.</summary>
public static class ReactiveAssert
{
    /// <summary>Passes when both have equal elements in the same order.</summary>
    /// <param name="actual">What was recorded.</param>
    /// <param name="expected">What should have been; its elements' <c>Equals</c> decides, so predicates are allowed here.</param>
    /// <exception cref="XunitException">They differ; the message shows expected and actual side by side and marks the rows that differ.</exception>
    public static void AssertEqual<T>(this IEnumerable<T> actual, params T[] expected) => AssertEqual(actual, expected.AsEnumerable());

    /// <inheritdoc cref="AssertEqual{T}(IEnumerable{T}, T[])"/>
    public static void AssertEqual<T>(this IEnumerable<T> actual, IEnumerable<T> expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        var table = SideBySide.Difference([.. expected], [.. actual], EqualityComparer<T>.Default);
        if (table is not null)
            throw new XunitException(table);
    }
}
