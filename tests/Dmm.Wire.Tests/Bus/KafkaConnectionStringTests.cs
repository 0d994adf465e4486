using CsCheck;
using Dmm.Core;
using Dmm.Wire.Bus;

namespace Dmm.Wire.Tests.Bus;

/// <summary>Brokers with their settings as one text, of which no secret may be repeated.</summary>
public sealed class KafkaConnectionStringTests
{
    private const string Secret = "hush-hush";

    [Fact]
    public void AddressesAlone_AreThose() => Parse(" kafka-1:9092,kafka-2:9092 ").ShouldBe("kafka-1:9092,kafka-2:9092");

    [Fact]
    public void EncryptedWithPassword_IsRead() => Parse(
        $"kafka:9093; security.protocol = SASL_SSL;sasl.mechanism=SCRAM-SHA-512;sasl.username=dmm;sasl.password={Secret};ssl.ca.location=/ca.pem;")
        .ShouldBe($"kafka:9093 security.protocol=SASL_SSL sasl.mechanism=SCRAM-SHA-512 sasl.username=dmm sasl.password={Secret} ssl.ca.location=/ca.pem");

    [Theory]
    [InlineData("'a;b'", "a;b")]
    [InlineData("\"a;b='c'\"", "a;b='c'")]
    [InlineData("'it''s'", "it's")]
    [InlineData(" 'a' ", "a")]
    [InlineData("a'b\"c", "a'b\"c")]
    [InlineData("a=b", "a=b")]
    public void Value_MayStandInQuotes(string written, string read) =>
        Parse($"kafka:9092;client.id={written};fetch.wait.max.ms=7").ShouldBe($"kafka:9092 client.id={read} fetch.wait.max.ms=7");

    [Fact]
    public void AnyValue_WrittenInQuotes_IsReadBack() => Gen.Char[' ', '~'].Array[1, 20].Select(c => new string(c)).Sample(value =>
        KafkaConnectionString.Parse($"kafka:9092;client.id='{value.Replace("'", "''")}'").Client["client.id"].ShouldBe(value));

    [Fact]
    public void EveryFault_IsToldAtOnce_AndNoValueIsRepeated()
    {
        var refused = Should.Throw<ParameterException>(() => KafkaConnectionString.Parse(
            $"kafka;security.protocol={Secret};sasl.pasword={Secret};{Secret};{Secret}=1;sasl.mechanism=MAGIC;fetch.wait.max.ms={Secret};"
            + "client.id=;client.id=a;client.id=b;ssl.ca.location='x"));
        var known = string.Join(", ", (string[])["client.id", "fetch.wait.max.ms", "group.protocol", "sasl.mechanism", "sasl.password",
            "sasl.username", "security.protocol", "ssl.ca.location", "ssl.certificate.location", "ssl.endpoint.identification.algorithm", "ssl.key.location",
            "ssl.key.password", "ssl.keystore.location", "ssl.keystore.password"]);
        refused.Faults.ShouldBe(
        [
            "the brokers 'kafka' cannot be read: expected host:port, separated by commas",
            "security.protocol is none of those known: expected plaintext, ssl, sasl_plaintext, sasl_ssl",
            $"'sasl.pasword' is not known: expected one of {known}",
            "setting 3 of the brokers has no '=': expected name=value; a value with ';' stands in quotes",
            $"setting 4 of the brokers is not known: expected one of {known}",
            "sasl.mechanism is none of those known: expected PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
            "fetch.wait.max.ms is no number of milliseconds: expected 0 to 65535",
            "client.id has no value, or its quotes do not end: expected name=value; a quote within quotes is written twice",
            "client.id is given twice",
            "ssl.ca.location has no value, or its quotes do not end: expected name=value; a quote within quotes is written twice",
        ]);
        refused.ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("sasl.username=a;sasl.password=b",
        "sasl.username is of no use with security.protocol plaintext: expected sasl_ssl, or sasl_plaintext",
        "sasl.password is of no use with security.protocol plaintext: expected sasl_ssl, or sasl_plaintext")]
    [InlineData("security.protocol=sasl_ssl;sasl.username=a", "security.protocol sasl_ssl needs sasl.mechanism",
        "security.protocol sasl_ssl needs sasl.password")]
    [InlineData("ssl.ca.location=/a", "ssl.ca.location is of no use with security.protocol plaintext: expected ssl, or sasl_ssl")]
    public void SettingsThatDoNotGoTogether_AreTold(string settings, params string[] faults) =>
        Should.Throw<ParameterException>(() => KafkaConnectionString.Parse($"kafka:9092;{settings}")).Faults.ShouldBe(faults);

    [Theory]
    [InlineData("dmm:hush-hush@kafka:9092")]
    [InlineData("sasl.password=hush-hush")]
    public void SecretInThePlaceOfAnAddress_IsNotRepeated(string text) =>
        Should.Throw<ParameterException>(() => KafkaConnectionString.Parse(text)).ToString().ShouldNotContain(Secret);

    [Fact]
    public void Options_ShowTheirBrokersAlone() => KafkaConnectionString
        .Parse($"kafka:9093;security.protocol=sasl_ssl;sasl.mechanism=PLAIN;sasl.username=dmm;sasl.password={Secret}")
        .ToString().ShouldBe("Kafka at kafka:9093");

    private static string Parse(string text)
    {
        var options = KafkaConnectionString.Parse(text);
        return string.Join(' ', [options.Bootstrap, .. options.Client.Select(setting => $"{setting.Key}={setting.Value}")]);
    }
}
