using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>The labels by which Gate says why it did not do what was asked, and what each means to us.</summary>
public static class GateioErrors
{
    private static readonly string[] Names = ["label", "message", "detail"];

    private static readonly string[] Credentials =
    [
        "INVALID_CREDENTIALS", "INVALID_KEY", "IP_FORBIDDEN", "READ_ONLY", "INVALID_SIGNATURE", "MISSING_REQUIRED_HEADER", "REQUEST_EXPIRED",
        "ACCOUNT_LOCKED", "FORBIDDEN",
    ];

    private static readonly string[] UnknownOrders = ["ORDER_NOT_FOUND", "ORDER_CLOSED", "ORDER_CANCELLED", "ORDER_FINISHED", "ORDER_NOT_OWNED"];
    private static readonly string[] Duplicates = ["ORDER_EXISTS", "REPEATED_CREATION", "DUPLICATE_REQUEST"];
    private static readonly string[] Limits = ["TOO_MANY_REQUESTS", "TOO_FAST"];

    // The venue failed while it was at it: nobody knows how far it came.
    private static readonly string[] Uncertain = ["INTERNAL", "SERVER_ERROR", "TOO_BUSY", "SERVER_TIMEOUT"];

    private enum Field { Label, Message, Detail }

    /// <summary>
    /// The refusal that an error's body tells of; null where it is not such a body, so that nobody knows what became of the request.
    /// </summary>
    /// <param name="httpStatus">Of the reply: a 5xx proves nothing, whatever its body says.</param>
    /// <param name="body">UTF-8.</param>
    public static VenueRefusal? Parse(int httpStatus, ReadOnlySpan<byte> body)
    {
        if (httpStatus is < 400 or >= 500) return null;
        if (Read(body) is { } refusal) return httpStatus == 429 ? refusal with { Kind = RefusalKind.RateLimited } : refusal;
        // A proxy before the venue refuses with this status before anything of ours is read, in whatever words.
        return httpStatus == 429 ? new(RefusalKind.RateLimited, "rate limit: HTTP 429") : null;
    }

    /// <summary>The refusal that an element of a bulk reply tells of; null where it tells of none, or of one that is not certain.</summary>
    public static VenueRefusal? Read(ReadOnlySpan<byte> json)
    {
        var error = new JsonFields(json, Names, stackalloc JsonSlice[Names.Length]);
        var label = error.Text((int)Field.Label);
        var words = error.Has((int)Field.Message)
            ? error.Text((int)Field.Message)
            : error.Has((int)Field.Detail) ? error.Text((int)Field.Detail) : "";
        if (error.Fault is not null || label.Length == 0 || Uncertain.Contains(label)) return null;
        return new(Kind(label), words.Length == 0 ? label : $"{label}: {words}");
    }

    private static RefusalKind Kind(string label) =>
        Credentials.Contains(label) ? RefusalKind.Credentials
        : UnknownOrders.Contains(label) ? RefusalKind.UnknownOrder
        : Duplicates.Contains(label) ? RefusalKind.DuplicateOrder
        : Limits.Contains(label) ? RefusalKind.RateLimited
        : RefusalKind.Order;
}
