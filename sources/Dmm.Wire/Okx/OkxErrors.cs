using System.Text;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>The venue's error codes, of a whole reply or of one order in it, and what each means to us.</summary>
/// <remarks>Source: OKX API v5 documentation, error codes.</remarks>
public static class OkxErrors
{
    /// <summary>The reply's own code where everything, nothing, or some of what was asked was done: each order says for itself.</summary>
    public const string Done = "0", NoneDone = "1", SomeDone = "2";

    public const string DuplicateOrder = "51016";

    /// <summary>The order is not there, or has ended.</summary>
    public const string NotCancellable = "51400", NotAmendable = "51503", NoSuchOrder = "51603";

    public const string TooManyRequests = "50011";

    private static readonly string[] Names = ["code", "msg"];

    // The venue counts in windows of two seconds.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    // Cut off, overloaded or timed out inside the venue: it says itself that this proves nothing.
    private static readonly string[] Undecided = ["50001", "50004", "50005", "50013", "50026", "51054", "51149"];

    private static readonly string[] Limited = [TooManyRequests, "50040", "50061"];

    private static readonly string[] Ended =
    [
        NotCancellable, "51401", "51402", "51405", "51410", NotAmendable, "51509", "51510", "51512", NoSuchOrder,
    ];

    private enum Field { Code, Message }

    /// <summary>
    /// The refusal of a reply as a whole; null where it is none: each order in it says for itself, or nobody knows what became of the request.
    /// </summary>
    /// <param name="httpStatus">Of the reply: a 5xx proves nothing, whatever its body says.</param>
    /// <param name="body">UTF-8.</param>
    public static VenueRefusal? Parse(int httpStatus, ReadOnlySpan<byte> body)
    {
        if (httpStatus is < 200 or (>= 300 and < 400) or >= 500) return null;
        var fields = new JsonFields(body, Names, stackalloc JsonSlice[Names.Length]);
        var code = fields.Text((int)Field.Code);
        if (fields.Fault is null) return Refusal(code, Encoding.UTF8.GetString(fields.Raw((int)Field.Message).Trim((byte)'"')));
        // A proxy before the venue refuses with this status before anything of ours is read, in whatever words.
        return httpStatus == 429 ? new(RefusalKind.RateLimited, "rate limit: HTTP 429", Window) : null;
    }

    /// <summary>Whether the code of a reply as a whole is one of those with which its rows count.</summary>
    public static bool IsTakenUp(ReadOnlySpan<byte> body)
    {
        var fields = new JsonFields(body, Names, stackalloc JsonSlice[Names.Length]);
        return fields.Text((int)Field.Code) is Done or NoneDone or SomeDone && fields.Fault is null;
    }

    /// <summary>What a code says is certain not to have been done; null where it says no such thing.</summary>
    public static VenueRefusal? Refusal(string code, string words)
    {
        if (code is Done or NoneDone or SomeDone || Undecided.Contains(code) || code.Length != 5 || !code.All(char.IsAsciiDigit)) return null;
        var reason = SecretText.Masked(words.Length == 0 ? code : $"{code}: {words}");
        if (Limited.Contains(code)) return new(RefusalKind.RateLimited, reason, Window);
        if (Ended.Contains(code)) return new(RefusalKind.UnknownOrder, reason);
        if (code == DuplicateOrder) return new(RefusalKind.DuplicateOrder, reason);
        // 501xx is all about keys, signatures, time stamps, addresses and permissions.
        return new(code.StartsWith("501", StringComparison.Ordinal) ? RefusalKind.Credentials : RefusalKind.Order, reason);
    }
}
