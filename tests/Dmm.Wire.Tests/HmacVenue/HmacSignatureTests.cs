using System.Text.Json;
using Dmm.Core;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

public sealed class HmacSignatureTests
{
    private static readonly HmacCredentials Ann = new("key-of-ann", "the secret of ann");
    private static readonly Timestamp Now = Timestamp.FromUnixMilliseconds(1_723_161_256_299);

    /// <summary>What the venues publish, signed by templates; the query is where their examples have it.</summary>
    [Theory]
    [InlineData("hmac-gate-get", "{method}\n{path}\n{query}\n{bodyhash}\n{timestamp}")]
    [InlineData("hmac-mexc-2", "{query}{body}")]
    [InlineData("hmac-mexc-3-mixed", "{query}{body}")]
    public void PublishedVector_SameSignature(string id, string template)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.SkipUnlessPresent("vectors", "ton-and-signing.json")));
        var vector = file.RootElement.EnumerateArray().Single(v => v.GetProperty("id").GetString() == id);
        var input = vector.GetProperty("input");
        var prehash = input.GetProperty("prehash").GetString()!;
        var isGate = template.Contains('\n');
        var parts = prehash.Split('\n');
        var hash = input.GetProperty("algo").GetString() == "HMAC-SHA512" ? HmacHash.Sha512 : HmacHash.Sha256;
        var signing = new HmacSigning { Prehash = template, Hash = hash, TimeUnit = HmacTimeUnit.Seconds };
        var signature = new HmacSignature(signing, new("any", input.GetProperty("secret").GetString()!), TimeSpan.FromSeconds(5));
        var split = prehash.IndexOf("quantity", StringComparison.Ordinal);
        var signed = isGate
            ? signature.Sign(parts[4], parts[0], parts[1], parts[2], [])
            : signature.Sign("", "POST", "/api/v3/order", prehash[..split], Wires.Bytes(prehash[split..]));
        signed.ShouldBe(vector.GetProperty("expected").GetProperty("hex").GetString());
    }

    /// <summary>RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".</summary>
    [Theory]
    [InlineData(HmacHash.Sha256, HmacEncoding.Hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData(HmacHash.Sha256, HmacEncoding.Base64, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=")]
    [InlineData(
        HmacHash.Sha512, HmacEncoding.Hex,
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")]
    public void Rfc4231_EachHashAndEncoding(HmacHash hash, HmacEncoding encoding, string expected) =>
        new HmacSignature(new() { Prehash = "{body}", Hash = hash, Encoding = encoding }, new("any", "Jefe"), TimeSpan.FromSeconds(5))
            .Sign("", "POST", "/", "", "what do ya want for nothing?"u8).ShouldBe(expected);

    [Theory]
    [InlineData("{timestamp}{method}{path}{?query}{body}", "1723161256299GET/v1/order?a=1xyz")]
    [InlineData("{timestamp}{key}{window}{query}{body}", "1723161256299key-of-ann5000a=1xyz")]
    [InlineData("api\n{path}", "api\n/v1/order")]
    public void Template_SameAsItsTextInFull(string template, string text) =>
        Signature(template).Sign("1723161256299", "GET", "/v1/order", "a=1", "xyz"u8)
            .ShouldBe(Signature("{body}").Sign("", "", "", "", Wires.Bytes(text)));

    [Theory]
    [InlineData(HmacTimeUnit.Seconds, "1723161256")]
    [InlineData(HmacTimeUnit.Milliseconds, "1723161256299")]
    [InlineData(HmacTimeUnit.Iso8601, "2024-08-08T23:54:16.299Z")]
    public void Time_AsTheVenueWritesIt_AndVerified(HmacTimeUnit unit, string text)
    {
        var signature = Signature(new HmacSigning().Prehash, unit);
        signature.TimestampText(Now).ShouldBe(text);
        var signed = signature.Sign(text, "GET", "/", "", []);
        signature.Verify(text, signed, "GET", "/", "", [], Now).ShouldBe(HmacVerdict.Genuine);
        signature.Verify(text, signed, "GET", "/", "", [], Now + TimeSpan.FromSeconds(6)).ShouldBe(HmacVerdict.StaleTimestamp);
        signature.Verify(text, signed, "GET", "/", "", [], Now - TimeSpan.FromSeconds(6)).ShouldBe(HmacVerdict.StaleTimestamp);
    }

    [Fact]
    public void AnythingChanged_WrongSignature()
    {
        var signature = Signature(new HmacSigning().Prehash);
        var at = signature.TimestampText(Now);
        var signed = signature.Sign(at, "POST", "/v1/order", "a=1", "body"u8);
        signature.Verify(at, signed, "POST", "/v1/order", "a=1", "body"u8, Now).ShouldBe(HmacVerdict.Genuine);
        signature.Verify(at, signed, "PATCH", "/v1/order", "a=1", "body"u8, Now).ShouldBe(HmacVerdict.WrongSignature);
        signature.Verify(at, signed, "POST", "/v1/orders", "a=1", "body"u8, Now).ShouldBe(HmacVerdict.WrongSignature);
        signature.Verify(at, signed, "POST", "/v1/order", "a=2", "body"u8, Now).ShouldBe(HmacVerdict.WrongSignature);
        signature.Verify(at, signed, "POST", "/v1/order", "a=1", "Body"u8, Now).ShouldBe(HmacVerdict.WrongSignature);
        foreach (var forged in new[] { "", "zz", signed[..^2], signed + "00", new string('0', signed.Length), new string('a', 4_000) })
            signature.Verify(at, forged, "POST", "/v1/order", "a=1", "body"u8, Now).ShouldBe(HmacVerdict.WrongSignature);
    }

    [Fact]
    public void Options_AllFaultsAtOnce_AndNoSecretInAnyText()
    {
        var options = new HmacVenueOptions
        {
            Venue = "a:b", BaseUrl = new("http://exchange.example/x"), Credentials = new("key-of-ann", "hidden-words"),
            Signing = new() { Prehash = "{body}{nonsense}", KeyHeader = "" }, Requests = new() { Burst = 10, CancelReserve = 10 },
            Endpoints = new() { Order = "order" }, ReconnectMin = TimeSpan.FromSeconds(5), ReconnectMax = TimeSpan.FromSeconds(1),
        };
        var faults = Should.Throw<ParameterException>(() => options.Checked()).Faults;
        string.Join('\n', faults).ShouldBe(
            """
            venue is 'a:b': expected a name without a colon
            baseUrl is not of that form: expected http(s)://host[:port], nothing behind it
            baseUrl sends signed orders in the clear: expected https, or a loopback address
            signing.prehash has {nonsense}: expected text with {timestamp}, {method}, {path}, {query}, {?query}, {body}, {bodyhash}, {key} or {window}
            signing.prehash is '{body}{nonsense}': expected a {timestamp}, or a query that holds one: an unsigned time can be replayed for ever
            signing.keyHeader is '': expected a header's name
            endpoints.order is 'order': expected a path such as /v1/order
            requests.cancelReserve = 10: expected 2 to 9
            reconnectMax is 1 s: expected not below reconnectMin
            """.ReplaceLineEndings("\n"));
        foreach (var text in new[] { options.ToString(), string.Join('\n', faults), options.Credentials!.ToString()! })
        {
            text.ShouldNotContain("hidden-words");
            text.ShouldNotContain("key-of-ann");
        }
    }

    [Fact]
    public void SocketUrl_FollowsTheScheme()
    {
        new HmacVenueOptions { Venue = "x", BaseUrl = new("https://x.example:8443") }.SocketUrl.ToString().ShouldBe("wss://x.example:8443/v1/stream");
        new HmacVenueOptions { Venue = "x", BaseUrl = new("http://127.0.0.1:5000") }.SocketUrl.ToString().ShouldBe("ws://127.0.0.1:5000/v1/stream");
    }

    private static HmacSignature Signature(string template, HmacTimeUnit unit = HmacTimeUnit.Milliseconds) =>
        new(new() { Prehash = template, TimeUnit = unit }, Ann, TimeSpan.FromSeconds(5));
}
