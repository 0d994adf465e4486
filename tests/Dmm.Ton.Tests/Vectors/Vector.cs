using System.Globalization;
using System.Text.Json;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>One vector: its input and what is expected, by name.</summary>
internal sealed class Vector(JsonElement element)
{
    public string Id { get; } = element.GetProperty("id").GetString()!;

    public string Category { get; } = element.GetProperty("category").GetString()!;

    public JsonElement Input { get; } = element.GetProperty("input");

    public JsonElement Expected { get; } = element.GetProperty("expected");

    public string In(string name) => Text(Input, name);

    public string Out(string name) => Text(Expected, name);

    public Address InAddress(string name) => Address.Parse(In(name));

    public UInt128 InAmount(string name) => UInt128.Parse(In(name), CultureInfo.InvariantCulture);

    public long InNumber(string name) => long.Parse(In(name), CultureInfo.InvariantCulture);

    /// <summary>The cell is that of the bag expected, and has the hash expected where one is.</summary>
    public void Meets(Cell cell, string bocName = "boc_base64")
    {
        cell.Hash.ShouldBe(Cell.FromBase64(Out(bocName)).Hash);
        if (Expected.TryGetProperty("hash_hex", out var hash)) cell.Hash.ToString().ShouldBe(hash.GetString());
    }

    private static string Text(JsonElement of, string name)
    {
        var value = of.GetProperty(name);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
