using System.Globalization;
using System.Text;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire;

/// <summary>Binance's public requests, spot and USD-M, each with its published weight, and what the answers say.</summary>
/// <param name="options">Checked.</param>
public sealed class BinanceRequests(BinanceOptions options) : IVenueRest
{
    public const string Bucket = "weight";

    private static readonly string[] Names = ["code", "msg"];

    private readonly bool _isSpot = options.Market == BinanceMarket.Spot;
    private readonly string _root = options.Market == BinanceMarket.Spot ? "/api/v3" : "/fapi/v1";

    private enum Field { Code, Message }

    public string Venue => options.Venue;

    public Uri BaseUrl => options.Rest;

    public bool HasCredentials => false;

    /// <summary>All that the market lists: <see cref="BinanceInstruments.Parse"/>.</summary>
    public VenueRequest Instruments() => Get("exchangeInfo", "", _isSpot ? 20 : 1);

    /// <summary>The venue's clock: <see cref="ParseTime"/>.</summary>
    public VenueRequest Time() => Get("time", "", 1);

    /// <summary>The book: <see cref="BinanceWire.ParseSnapshot"/>.</summary>
    public VenueRequest Book(Instrument instrument) => Get(
        "depth", string.Create(CultureInfo.InvariantCulture, $"symbol={instrument.Symbol}&limit={options.BookDepth}"), options.BookDepth switch
        {
            100 => 5,
            500 => _isSpot ? 25 : 10,
            1_000 => _isSpot ? 50 : 20,
            _ => 250,
        });

    /// <summary>The venue's clock; not known where the body cannot be read.</summary>
    public static Timestamp ParseTime(ReadOnlySpan<byte> body)
    {
        var fields = new JsonFields(body, ["serverTime"], stackalloc JsonSlice[1]);
        var time = fields.Milliseconds(0);
        return fields.Fault is null ? time : Timestamp.None;
    }

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now) => [];

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer)
    {
        if (answer.Status == 200) return new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body);
        if (answer.Status is 418 or 429) return Refused(RefusalKind.RateLimited, $"rate limit: HTTP {answer.Status}");
        if (answer.Status is < 400 or >= 500) return Unknown(answer);
        var error = new JsonFields(answer.Body.Span, Names, stackalloc JsonSlice[Names.Length]);
        var code = Encoding.UTF8.GetString(error.Raw((int)Field.Code));
        var words = error.Has((int)Field.Message) ? error.Text((int)Field.Message) : "";
        return error.Fault is null && code.Length > 0 ? Refused(RefusalKind.Order, $"{code}: {words}") : Unknown(answer);
    }

    /// <summary>The weight used in the present minute, by the venue's count.</summary>
    public RateNotice? Limit(in VenueRequest request, RestAnswer answer, Timestamp now) =>
        int.TryParse(answer.Header("X-MBX-USED-WEIGHT-1M"), NumberStyles.None, CultureInfo.InvariantCulture, out var used)
            ? new RateNotice(Math.Max(0, options.Requests.Burst - used))
            : null;

    private VenueRequest Get(string call, string query, int weight) => new("GET", $"{_root}/{call}", query, default, Bucket, weight, IsSigned: false);

    private VenueReply<ReadOnlyMemory<byte>>.Unknown Unknown(RestAnswer answer) =>
        new($"{Venue} answers with HTTP {answer.Status}, which says nothing");

    private static VenueReply<ReadOnlyMemory<byte>>.Refused Refused(RefusalKind kind, string words) => new(new VenueRefusal(kind, words));
}
