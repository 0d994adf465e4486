using System.Text.Json.Serialization;

namespace Dmm.Core.Kernels;

/// <summary>
/// Client order ids: <c>d</c>, session, <c>x</c>, epoch, <c>x</c>, counter; alphanumeric and at most 28 long, so that every venue takes them. The prefix
/// tells our orders from others', the epoch those of an earlier owner.
/// </summary>
/// <param name="Session">One to five lower-case letters or digits other than x.</param>
/// <param name="Epoch">Fencing epoch of the owner.</param>
/// <param name="Counter">The last number given.</param>
public sealed record OrderIdState(string Session, int Epoch, long Counter)
{
    public const int MaximumLength = 28;

    /// <summary>Leaves room for the largest epoch (7 digits) and counter (13).</summary>
    public const int MaximumSession = 5;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwyz";

    /// <exception cref="ArgumentException">The session does not fit the pattern; it is named.</exception>
    public static OrderIdState Fresh(string session, int epoch)
    {
        if (session.Length is 0 or > MaximumSession || session.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)) || session.Contains('x'))
            throw new ArgumentException($"session '{session}' cannot go into an order id: expected 1 to {MaximumSession} lower-case letters or digits other than x", nameof(session));
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return new(session, epoch, 0);
    }

    public OrderIdState Next() => this with { Counter = Counter + 1 };

    /// <summary>What the ids of this session start with, and those of no other.</summary>
    [JsonIgnore]
    public string Prefix => $"d{Session}x";

    /// <summary>The id of the present counter.</summary>
    [JsonIgnore]
    public string Current
    {
        get
        {
            Span<char> text = stackalloc char[MaximumLength];
            var start = Prepend(text, text.Length, Counter);
            text[--start] = 'x';
            start = Prepend(text, start, Epoch);
            var prefix = Prefix;
            start -= prefix.Length;
            prefix.CopyTo(text[start..]);
            return new(text[start..]);
        }
    }

    // Base 35 without x, which separates the parts.
    private static int Prepend(Span<char> text, int start, long number)
    {
        do
        {
            text[--start] = Digits[(int)(number % Digits.Length)];
            number /= Digits.Length;
        }
        while (number > 0);
        return start;
    }
}
