using System.Globalization;
using System.Text.Json;
using Dmm.Pipeline.Commands;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Anchoring;

/// <summary>What the anchor's commands print, in lines or as one of JSON.</summary>
internal static class AnchorText
{
    public static void Write(TextWriter output, AnchorReading reading)
    {
        output.WriteLine($"{(reading.IsProved ? "proved" : "not proved")}: {reading.Reason}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rows not posted yet: {reading.Finding.RowsSince}"));
        output.WriteLine($"{reading.Archive}: {reading.Chain.Text}");
    }

    public static void Write(TextWriter output, AnchorReading reading, AnchorPost post, bool isTestnet)
    {
        var form = new AddressForm(IsBounceable: true, isTestnet);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"posting {post.Sequence} (row {post.Rows}, head {post.Head}) after posting {reading.Told.Sequence}"));
        output.WriteLine($"to     {reading.Contract.ToString(form)}  from its owner; the contract refuses anybody else");
        output.WriteLine($"value  {AnchorContract.PostValue} TON  what is not used comes back");
        output.WriteLine($"body   {post.ToCell().ToBase64()}");
    }

    public static void WriteDeployed(TextWriter output, AnchorContract contract, in AnchorState state, bool isTestnet, bool isJson)
    {
        var kept = state;
        output.WriteLine(isJson
            ? JsonLine.Of(json =>
            {
                json.WriteString("contract", contract.Address.ToString());
                json.WriteString("owner", contract.Owner.ToString());
                json.WriteNumber("sequence", kept.Sequence);
            })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"anchor {contract.Address.ToString(new AddressForm(IsBounceable: true, isTestnet))}  of {contract.Owner}: {kept.Sequence} postings"));
    }

    public static void WritePosted(TextWriter output, AnchorContract contract, AnchorPost post, bool isJson) => output.WriteLine(isJson
        ? JsonLine.Of(json =>
        {
            json.WriteString("contract", contract.Address.ToString());
            json.WriteNumber("sequence", post.Sequence);
            json.WriteNumber("rows", post.Rows);
            json.WriteString("head", post.Head.ToString());
        })
        : string.Create(
            CultureInfo.InvariantCulture, $"posted: {contract.Address} keeps posting {post.Sequence} (row {post.Rows}, head {post.Head})"));

    public static string ToJson(AnchorReading reading) => JsonLine.Of(json =>
    {
        json.WriteBoolean("isProved", reading.IsProved);
        json.WriteString("verdict", JsonNamingPolicy.CamelCase.ConvertName(reading.Finding.Verdict.ToString()));
        json.WriteString("reason", reading.Reason);
        json.WriteNumber("rowsSince", reading.Finding.RowsSince);
        json.WriteString("contract", reading.Contract.ToString());
        json.WriteStartObject("posting");
        json.WriteNumber("sequence", reading.Told.Sequence);
        json.WriteNumber("rows", reading.Told.Rows);
        json.WriteString("head", reading.Told.Head.ToString());
        json.WriteEndObject();
        json.WriteString("archive", reading.Archive);
        json.WriteStartObject("chain");
        json.WriteBoolean("isIntact", reading.Chain.IsIntact);
        json.WriteNumber("rows", reading.Chain.Rows);
        json.WriteString("head", reading.Chain.Head);
        json.WriteString("text", reading.Chain.Text);
        json.WriteEndObject();
    });

    public static string ToJson(AnchorReading reading, AnchorPost post) => JsonLine.Of(json =>
    {
        json.WriteString("contract", reading.Contract.ToString());
        json.WriteString("value", AnchorContract.PostValue.Nano.ToString(CultureInfo.InvariantCulture));
        json.WriteString("body", post.ToCell().ToBase64());
        json.WriteNumber("sequence", post.Sequence);
        json.WriteNumber("rows", post.Rows);
        json.WriteString("previous", post.Previous.ToString());
        json.WriteString("head", post.Head.ToString());
    });
}
