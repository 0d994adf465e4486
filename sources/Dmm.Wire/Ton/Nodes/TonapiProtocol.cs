using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire.Ton;

/// <summary>How TonAPI is asked, and what its answers say.</summary>
/// <remarks>Source: tonkeeper/opentonapi, api/openapi.yml.</remarks>
/// <param name="options">Checked.</param>
public sealed class TonapiProtocol(NodeOptions options) : IVenueRest
{
    public const string Bucket = "requests";

    private const string TracesPath = "/v2/traces/";
    private const int ReasonLengthMax = 200;

    public string Venue => options.Name;

    public Uri BaseUrl => options.Url;

    // A key raises the limit and is no condition.
    public bool HasCredentials => true;

    public static VenueRequest Masterchain() => Get("/v2/blockchain/masterchain-head");

    /// <summary>An account with its data; one that does not exist is not found.</summary>
    public static VenueRequest RawAccount(Address account) => Get($"/v2/blockchain/accounts/{account}");

    /// <summary>An account without its data; of one that does not exist it is said that it does not.</summary>
    public static VenueRequest Account(Address account) => Get($"/v2/accounts/{account}");

    public static VenueRequest Trace(Hash256 message) => Get($"{TracesPath}{message}");

    public static VenueRequest Send(ReadOnlyMemory<byte> boc) => Post("/v2/blockchain/message", json => json.WriteBase64String("boc", boc.Span));

    /// <exception cref="ArgumentException">An argument is neither number nor cell nor slice.</exception>
    public static VenueRequest Method(Address contract, string method, IReadOnlyList<StackItem> arguments) =>
        Post($"/v2/blockchain/accounts/{contract}/methods/{method}", json =>
        {
            json.WriteStartArray("args");
            foreach (var argument in arguments)
            {
                var (type, value) = Told(argument);
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now) =>
        options.ApiKey is { } key ? [new("Authorization", $"Bearer {key}")] : [];

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer) => answer.Status switch
    {
        200 => new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body),
        // The reader tells what is not known yet from a place where nothing is.
        404 when request.Path.StartsWith(TracesPath, StringComparison.Ordinal) => new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body),
        401 or 403 => Refused(RefusalKind.Credentials, $"{Venue} refuses the key: HTTP {answer.Status}"),
        429 => Refused(RefusalKind.RateLimited, $"{Venue}: too many requests"),
        _ => new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{Venue} answers {request.Path} with HTTP {answer.Status}{Reason(answer.Body)}"),
    };

    private static VenueReply<ReadOnlyMemory<byte>>.Refused Refused(RefusalKind kind, string reason) => new(new VenueRefusal(kind, reason));

    private static string Reason(ReadOnlyMemory<byte> body) => TonapiReplies.TryReadError(body, out var error)
        ? $": {(error.Length <= ReasonLengthMax ? error : error[..ReasonLengthMax])}"
        : "";

    private static (string Type, string Value) Told(StackItem argument) => argument.Kind switch
    {
        StackKind.Number => ("int257", argument.Text),
        StackKind.Cell => ("cell_boc_base64", argument.Text),
        StackKind.Slice => ("slice_boc_hex", Convert.ToHexStringLower(Convert.FromBase64String(argument.Text))),
        _ => throw new ArgumentException($"an argument of the kind {argument.Kind}: expected a number, a cell or a slice", nameof(argument)),
    };

    private static VenueRequest Post(string path, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new("POST", path, "", buffer.ToArray(), Bucket, IsSigned: false);
    }

    private static VenueRequest Get(string path) => new("GET", path, "", default, Bucket, IsSigned: false);
}
