using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Wire.Ton;

/// <summary>How toncenter is asked, and what its answers say: version 2 for accounts and messages, version 3 for traces and jettons.</summary>
/// <param name="options">Checked.</param>
public sealed class ToncenterProtocol(NodeOptions options) : IVenueRest
{
    public const string Bucket = "requests";

    public string Venue => options.Name;

    public Uri BaseUrl => options.Url;

    // A key raises the limit and is no condition.
    public bool HasCredentials => true;

    public static VenueRequest Account(Address account) => Get("/api/v2/getAddressInformation",
        $"address={Uri.EscapeDataString(account.ToString())}");

    public static VenueRequest Masterchain() => Get("/api/v3/masterchainInfo", "");

    public static VenueRequest Traces(Hash256 message) => Get("/api/v3/traces", $"msg_hash={Uri.EscapeDataString(message.ToBase64())}&limit=1");

    public static VenueRequest JettonWallets(Address owner, Address master) => Get(
        "/api/v3/jetton/wallets",
        $"owner_address={Uri.EscapeDataString(owner.ToString())}&jetton_address={Uri.EscapeDataString(master.ToString())}&limit=2");

    public static VenueRequest Send(ReadOnlyMemory<byte> boc) => Post("/api/v2/sendBocReturnHash", json => json.WriteBase64String("boc", boc.Span));

    /// <exception cref="ArgumentException">An argument is neither number nor cell nor slice.</exception>
    public static VenueRequest Method(Address contract, string method, IReadOnlyList<StackItem> arguments) => Post("/api/v3/runGetMethod", json =>
    {
        json.WriteString("address", contract.ToString());
        json.WriteString("method", method);
        json.WriteStartArray("stack");
        foreach (var argument in arguments)
        {
            json.WriteStartObject();
            json.WriteString("type", NameOf(argument));
            json.WriteString("value", argument.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now) =>
        options.ApiKey is { } key ? [new("X-API-Key", key)] : [];

    public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer) => answer.Status switch
    {
        200 => new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body),
        401 or 403 => Refused(RefusalKind.Credentials, $"{Venue} refuses the key: HTTP {answer.Status}"),
        429 => Refused(RefusalKind.RateLimited, $"{Venue}: too many requests"),
        _ => new VenueReply<ReadOnlyMemory<byte>>.Unknown($"{Venue} answers {request.Path} with HTTP {answer.Status}"),
    };

    private static VenueReply<ReadOnlyMemory<byte>>.Refused Refused(RefusalKind kind, string reason) => new(new VenueRefusal(kind, reason));

    private static string NameOf(StackItem argument) => argument.Kind switch
    {
        StackKind.Number => "num",
        StackKind.Cell => "cell",
        StackKind.Slice => "slice",
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

    private static VenueRequest Get(string path, string query) => new("GET", path, query, default, Bucket, IsSigned: false);
}
