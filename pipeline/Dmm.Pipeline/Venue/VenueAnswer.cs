using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>Why the venue does not do what was asked: nothing was done.</summary>
/// <param name="Code">One of <see cref="HmacVenueErrors"/>.</param>
/// <param name="Words">For people.</param>
/// <param name="RetryAfter">When to come again; zero where that is not the point.</param>
internal sealed record VenueFault(string Code, string Words, TimeSpan RetryAfter = default);

/// <summary>What was asked for, or why not.</summary>
internal readonly record struct VenueAnswer<T>
{
    private VenueAnswer(T? value, VenueFault? fault) => (Value, Fault) = (value, fault);

    /// <summary>Of no meaning where there is a fault.</summary>
    public T? Value { get; }

    public VenueFault? Fault { get; }

    public static implicit operator VenueAnswer<T>(T value) => new(value, null);

    public static implicit operator VenueAnswer<T>(VenueFault fault) => new(default, fault);
}
