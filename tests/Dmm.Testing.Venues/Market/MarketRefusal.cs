namespace Dmm.Testing.Venues;

/// <summary>Why a venue does not do what was asked. Each venue has words and codes of its own for these.</summary>
public enum RefusalCode
{
    /// <summary>The request cannot be read, or lacks something.</summary>
    BadRequest,
    UnknownSymbol,

    /// <summary>A price or size off the grid.</summary>
    OffGrid,
    BelowMinimum,

    /// <summary>A post-only order that would have traded.</summary>
    WouldCross,
    InsufficientFunds,
    Halted,
    DuplicateOrder,

    /// <summary>There was never such an order.</summary>
    UnknownOrder,

    /// <summary>There was, and it has ended.</summary>
    OrderEnded,
    RateLimited,
    UnknownKey,
    BadSignature,
    StaleTimestamp,

    /// <summary>Too busy for it just now; certainly not done.</summary>
    Busy,
}

/// <summary>Nothing was done.</summary>
/// <param name="Code">What it is about.</param>
/// <param name="Words">For people.</param>
/// <param name="RetryAfter">When to come again; zero where the venue does not say.</param>
public sealed record MarketRefusal(RefusalCode Code, string Words, TimeSpan RetryAfter = default);

/// <summary>What was asked for, or why not.</summary>
public readonly record struct MarketResult<T>
    where T : class
{
    private MarketResult(T? value, MarketRefusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>Null where there is a refusal.</summary>
    public T? Value { get; }

    public MarketRefusal? Refusal { get; }

    public static implicit operator MarketResult<T>(T value) => new(value, null);

    public static implicit operator MarketResult<T>(MarketRefusal refusal) => new(null, refusal);
}
