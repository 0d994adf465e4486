using System.Reactive;
using Microsoft.Reactive.Testing;
using Xunit.Sdk;

namespace Dmm.Testing;

/// <summary>
/// Messages and subscriptions drawn as a string, a frame a symbol: <c>-</c> a frame in which nothing happens, a character of the caller's a value,
/// <c>(ab)</c> a group at one instant, which takes one frame, <c>|</c> completion, <c>#</c> an error, and <c>^</c> the frame from which time is
/// counted, the first one if there is none. Blanks are for alignment and take no time.
/// </summary>
public static class Marbles
{
    /// <summary>The error that <c>#</c> stands for unless another one is given.</summary>
    public static Exception Error { get; } = new InvalidOperationException("the error of a marble string");

    /// <summary>Reads messages, for a hot or cold source or as an expectation.</summary>
    /// <param name="marbles">Such as <c>--a-b-(cd)-|</c>; values before a <c>^</c> have times before the origin.</param>
    /// <param name="values">What each character stands for.</param>
    /// <param name="ticksPerFrame">The length of a frame in ticks of 100 ns.</param>
    /// <param name="origin">The time of the frame from which time is counted, in ticks of 100 ns.</param>
    /// <param name="error">What <c>#</c> stands for; null for <see cref="Error"/>.</param>
    /// <exception cref="FormatException">The string is wrong; the message names the character and its index, counted from 0.</exception>
    /// <exception cref="ArgumentException">A character of the notation is given a value.</exception>
    public static Recorded<Notification<T>>[] Parse<T>(
        string marbles, IReadOnlyDictionary<char, T> values, long ticksPerFrame, long origin = 0, Exception? error = null)
    {
        CheckValues(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticksPerFrame);
        var read = Marble.Read(marbles);
        var zero = read.FirstOrDefault(marble => marble.Symbol == '^');
        var messages = new List<Recorded<Notification<T>>>();
        foreach (var marble in read.Where(marble => marble != zero || marble.Symbol != '^'))
        {
            if (messages is [.., { Value.HasValue: false }])
                throw Marble.Bad(marbles, marble.Index, "the stream has ended before");
            messages.Add(new(origin + ((marble.Frame - zero.Frame) * ticksPerFrame), marble.Symbol switch
            {
                '|' => Notification.CreateOnCompleted<T>(),
                '#' => Notification.CreateOnError<T>(error ?? Error),
                '^' => throw Marble.Bad(marbles, marble.Index, "time is counted from an earlier one"),
                var symbol when values.TryGetValue(symbol, out var value) => Notification.CreateOnNext(value),
                _ => throw Marble.Bad(marbles, marble.Index, "no value is given for it"),
            }));
        }

        return [.. messages];
    }

    /// <summary>Reads a subscription: <c>^</c> subscribes and <c>!</c> disposes, each at the time of its frame.</summary>
    /// <param name="marbles">Such as <c>--^---!</c>; without <c>!</c> the subscription stays alive.</param>
    /// <param name="ticksPerFrame">The length of a frame in ticks of 100 ns.</param>
    /// <param name="origin">The time of the first frame, in ticks of 100 ns.</param>
    /// <exception cref="FormatException">The string is wrong; the message names the character and its index, counted from 0.</exception>
    public static Subscription ParseSubscription(string marbles, long ticksPerFrame, long origin = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticksPerFrame);
        var read = Marble.Read(marbles);
        for (var i = 0; i < read.Count; i++)
        {
            if (i > 1 || read[i].Symbol != "^!"[i])
                throw Marble.Bad(marbles, read[i].Index, "a subscription is one '^' and after it at most one '!'");
        }

        return read switch
        {
            [var subscribe, var dispose] => new(Time(subscribe), Time(dispose)),
            [var subscribe] => new(Time(subscribe)),
            _ => throw new FormatException($"no '^' in \"{marbles}\": there is no subscription"),
        };

        long Time(Marble marble) => origin + (marble.Frame * ticksPerFrame);
    }

    /// <summary>Draws messages; what is on the grid of frames and has a character is read back by <see cref="Parse"/> as it was.</summary>
    /// <param name="messages">Messages in order of time.</param>
    /// <param name="values">The character of each value; others are drawn as <c>?</c>.</param>
    /// <param name="ticksPerFrame">The length of a frame in ticks of 100 ns; a time between two frames is drawn in the earlier one.</param>
    /// <param name="origin">The time of the first frame, or of the <c>^</c> that is drawn when there are earlier messages; ticks of 100 ns.</param>
    /// <returns>The string; it is cut after 200 frames, with <c>…</c> at its end.</returns>
    public static string Format<T>(
        IEnumerable<Recorded<Notification<T>>> messages, IReadOnlyDictionary<char, T> values, long ticksPerFrame, long origin = 0)
    {
        ArgumentNullException.ThrowIfNull(messages);
        CheckValues(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticksPerFrame);
        return MarbleWriter.Write(messages.Select(message => (
            Frame: (long)Math.Floor((message.Time - origin) / (decimal)ticksPerFrame),
            Symbol: message.Value.Kind switch
            {
                NotificationKind.OnCompleted => '|',
                NotificationKind.OnError => '#',
                _ => SymbolOf(message.Value.Value),
            })));

        char SymbolOf(T value) =>
            values.Where(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Select(pair => pair.Key).FirstOrDefault('?');
    }

    /// <summary>Passes when the messages are those of the marble string, which is read as by <see cref="Parse"/>.</summary>
    /// <exception cref="XunitException">They differ; the message shows both drawn, and a table with exact times.</exception>
    /// <inheritdoc cref="Parse"/>
    public static void AssertMarbles<T>(
        this IEnumerable<Recorded<Notification<T>>> actual,
        string marbles,
        IReadOnlyDictionary<char, T> values,
        long ticksPerFrame,
        long origin = 0,
        Exception? error = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        var expected = Parse(marbles, values, ticksPerFrame, origin, error);
        Recorded<Notification<T>>[] received = [.. actual];
        var table = SideBySide.Difference(expected, received, EqualityComparer<Recorded<Notification<T>>>.Default);
        if (table is not null)
            throw new XunitException($"expected {Draw(expected)}\nactual   {Draw(received)}\n{table}");

        string Draw(Recorded<Notification<T>>[] messages) => Format(messages, values, ticksPerFrame, origin);
    }

    private static void CheckValues<T>(IReadOnlyDictionary<char, T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var symbol in Marble.Notation.Where(values.ContainsKey))
            throw new ArgumentException($"'{symbol}' belongs to the notation and cannot stand for a value.", nameof(values));
    }
}
