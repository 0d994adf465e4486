using System.Runtime.CompilerServices;

namespace Dmm.Testing;

/// <summary>Checks at a point of a chain that what stands upstream keeps the rules of Rx.</summary>
public static class ContractValidation
{
    /// <summary>
    /// Passes everything on unchanged and throws into the producer as soon as a rule of <see cref="ContractRule"/> is broken. Rx operators hide
    /// a misbehaving source from what is downstream of them, so validate right behind the observable in question.
    /// </summary>
    /// <param name="source">The observable to check.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The same messages at the same times; each subscription is checked alone.</returns>
    /// <remarks>
    /// | Event | Behaviour |
    /// |---|---|
    /// | OnNext, OnError, OnCompleted | forwarded, unless a rule forbids it: then <see cref="ContractViolationException"/> is thrown to the caller |
    /// | Subscribe throws, or returns null | that exception from Subscribe, which an Rx operator downstream makes an OnError |
    /// | the downstream observer throws | passes through untouched; it is not the source's fault |
    /// | disposal | forwarded; a delivery that begins later is a violation, also when it comes from another thread |
    /// </remarks>
    public static IObservable<T> Validated<T>(
        this IObservable<T> source,
        [CallerArgumentExpression(nameof(source))] string expression = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ValidatedObservable<T>(source, $"{expression} ({Path.GetFileName(file)}:{line})");
    }
}
