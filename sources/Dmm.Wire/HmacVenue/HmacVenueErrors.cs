using System.Text;
using System.Text.Json;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>The codes by which the venue says why it did not do what was asked, and what each means to us.</summary>
public static class HmacVenueErrors
{
    public const string UnknownKey = "unknown_key";
    public const string BadSignature = "bad_signature";
    public const string StaleTimestamp = "stale_timestamp";
    public const string BadRequest = "bad_request";
    public const string UnknownSymbol = "unknown_symbol";
    public const string OffGrid = "off_grid";
    public const string BelowMinimum = "below_minimum";
    public const string WouldCross = "would_cross";
    public const string InsufficientFunds = "insufficient_funds";
    public const string Halted = "halted";
    public const string DuplicateOrder = "duplicate_order";
    public const string UnknownOrder = "unknown_order";
    public const string RateLimited = "rate_limited";

    private static readonly string[] Names = ["error", "code", "message", "retryAfterMs"];

    private enum Field { Error, Code, Message, RetryAfter }

    /// <summary>The HTTP status that goes with a code.</summary>
    public static int HttpStatus(string code) => code switch
    {
        UnknownKey or BadSignature or StaleTimestamp => 401,
        UnknownOrder or UnknownSymbol => 404,
        DuplicateOrder => 409,
        RateLimited => 429,
        BadRequest => 400,
        _ => 422,
    };

    /// <summary>
    /// The refusal that an error's body tells of; null where it is not such a body, so that nobody knows what became of the request.
    /// </summary>
    /// <param name="httpStatus">Of the reply: a 5xx proves nothing, whatever its body says.</param>
    /// <param name="body">UTF-8.</param>
    public static VenueRefusal? Parse(int httpStatus, ReadOnlySpan<byte> body)
    {
        if (httpStatus is < 400 or >= 500) return null;
        // A proxy before the venue refuses with this status before anything of ours is read, in whatever words.
        return Parse(body, out var isError) ?? (httpStatus == 429 && !isError ? new(RefusalKind.RateLimited, "rate limit: HTTP 429") : null);
    }

    /// <summary>The refusal that an object with an <c>error</c> tells of; null where it has none, or one that cannot be read.</summary>
    internal static VenueRefusal? Parse(ReadOnlySpan<byte> json, out bool isError)
    {
        var outer = new JsonFields(json, Names, stackalloc JsonSlice[Names.Length]);
        isError = outer.Fault is null && outer.IsObject((int)Field.Error);
        if (!isError) return null;
        var error = new JsonFields(outer.Raw((int)Field.Error), Names, stackalloc JsonSlice[Names.Length]);
        var code = error.Text((int)Field.Code);
        var message = error.Has((int)Field.Message) ? error.Text((int)Field.Message) : "";
        var retryAfter = error.Has((int)Field.RetryAfter) ? TimeSpan.FromMilliseconds(error.Integer((int)Field.RetryAfter, max: 3_600_000)) : default;
        return error.Fault is null ? new(Kind(code), $"{code}: {message}", retryAfter) : null;
    }

    private static RefusalKind Kind(string code) => code switch
    {
        UnknownKey or BadSignature or StaleTimestamp => RefusalKind.Credentials,
        UnknownOrder => RefusalKind.UnknownOrder,
        DuplicateOrder => RefusalKind.DuplicateOrder,
        RateLimited => RefusalKind.RateLimited,
        _ => RefusalKind.Order,
    };
}
