using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using Dmm.Core.QuickQuote;

namespace Dmm.Core.Tests.QuickQuote;

public sealed class MarketInputsTests
{
    private const string Finite = "a finite number";
    private const string Positive = "a finite number above 0";

    public static TheoryData<object> Numbers => new()
    {
        2.0, 2f, (Half)2, 2m, (sbyte)2, (byte)2, (short)2, (ushort)2, 2, 2u, 2L, 2UL, (Int128)2, (UInt128)2, new BigInteger(2),
        "2", "2.0", "+2", "2.", "20e-1", ".2E1", "  2\t", "\n2",
    };

    public static TheoryData<object?, string> NotNumbers => new()
    {
        { null, "null" },
        { true, "true" },
        { false, "false" },
        { "", "\"\"" },
        { "   ", "\"   \"" },
        { "two", "\"two\"" },
        { "1 000", "\"1 000\"" },
        { "1,000", "\"1,000\"" },
        { "1,5", "\"1,5\"" },
        { "1_000", "\"1_000\"" },
        { "0x10", "\"0x10\"" },
        { "(2)", "\"(2)\"" },
        { "$2", "\"$2\"" },
        { "2 %", "\"2 %\"" },
        { "true", "\"true\"" },
        { "2\0", "\"2\\u0000\"" },
        { "NaN", "\"NaN\"" },
        { "Infinity", "\"Infinity\"" },
        { "-infinity", "\"-infinity\"" },
        { "∞", "\"∞\"" },
        { "1e999", "\"1e999\"" },
        { "line\nfeed", "\"line\\nfeed\"" },
        { new string('9', 400), "\"" + new string('9', 40) + "…\"" },
        { double.NaN, "NaN" },
        { double.PositiveInfinity, "Infinity" },
        { float.NegativeInfinity, "-Infinity" },
        { BigInteger.Pow(10, 400), "1" + new string('0', 39) + "…" },
        { '2', "a value of type Char" },
        { DayOfWeek.Tuesday, "a value of type DayOfWeek" },
        { new[] { 2.0 }, "a value of type Double[]" },
    };

    public static TheoryData<string, string> JsonNotNumbers => new()
    {
        { "null", "null" },
        { "true", "true" },
        { "false", "false" },
        { "1e999", "1e999" },
        { "-1e999", "-1e999" },
        { "\"1e999\"", "\"1e999\"" },
        { "\"NaN\"", "\"NaN\"" },
        { "\"\"", "\"\"" },
        { "\"1,000\"", "\"1,000\"" },
        { "{}", "an object" },
        { "[2]", "an array" },
        { "\"\\ud800\"", "a string that is not Unicode text" },
    };

    [Fact]
    public void ExampleOfTheSpecification_IsCoerced() =>
        MarketInputs.Coerce(Telemetry.ExampleDictionary()).ShouldBe(Telemetry.Example);

    [Fact]
    public void OptionalInputs_DefaultToZero()
    {
        var inputs = MarketInputs.Coerce(Telemetry.ExampleDictionary());

        new[] { inputs.BuyPressure, inputs.SellPressure, inputs.TreasurySupport, inputs.BasisAdjustment }.ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public void EveryInput_ReachesItsOwnProperty()
    {
        var names = Telemetry.RequiredNames.Concat(Telemetry.OptionalNames);
        var telemetry = names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => (object?)(pair.index + 1));

        MarketInputs.Coerce(telemetry).ShouldBe(new MarketInputs
        {
            MidPrice = 1,
            Inventory = 2,
            TargetInventory = 3,
            InventoryLimit = 4,
            Volatility = 5,
            TonReferencePrice = 6,
            OnchainDepth = 7,
            OffchainDepth = 8,
            RecentVolume = 9,
            BuyPressure = 10,
            SellPressure = 11,
            TreasurySupport = 12,
            BasisAdjustment = 13,
        });
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void NumberOrNumericString_IsAccepted(object two) =>
        MarketInputs.Coerce(Telemetry.ExampleWith("mid_price", two)).MidPrice.ShouldBe(2);

    [Theory]
    [InlineData("2")]
    [InlineData("2.0")]
    [InlineData("20e-1")]
    [InlineData("\"2\"")]
    [InlineData("\"\\u0032\"")]
    public void JsonNumberOrNumericString_IsAccepted(string two)
    {
        var element = Parse(two);

        MarketInputs.Coerce(Parse(ExampleJsonWith("mid_price", two))).MidPrice.ShouldBe(2);
        MarketInputs.Coerce(Telemetry.ExampleWith("mid_price", element)).MidPrice.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(NotNumbers))]
    public void NotAFiniteNumber_IsRefused(object? value, string given)
    {
        FaultsOf(Telemetry.ExampleWith("volatility", value)).ShouldBe([new("volatility", given, Finite)]);
        FaultsOf(Telemetry.ExampleWith("basis_adjustment", value)).ShouldBe([new("basis_adjustment", given, Finite)]);
    }

    [Theory]
    [MemberData(nameof(JsonNotNumbers))]
    public void JsonNotAFiniteNumber_IsRefused(string json, string given)
    {
        MarketInputFault[] expected = [new("volatility", given, Finite)];

        FaultsOf(Parse(ExampleJsonWith("volatility", json))).ShouldBe(expected);
        FaultsOf(Telemetry.ExampleWith("volatility", Parse(json))).ShouldBe(expected);
    }

    [Fact]
    public void UndefinedJsonElementInADictionary_IsRefused() =>
        FaultsOf(Telemetry.ExampleWith("volatility", default(JsonElement))).ShouldBe([new("volatility", "no JSON value", Finite)]);

    [Fact]
    public void MissingRequiredInput_IsNamed()
    {
        foreach (var name in Telemetry.RequiredNames)
        {
            var telemetry = Telemetry.ExampleDictionary();
            telemetry.Remove(name);

            FaultsOf(telemetry).ShouldBe([new(name, "nothing", Telemetry.PositiveNames.Contains(name) ? Positive : Finite)]);
        }
    }

    [Fact]
    public void PriceOrLimitNotAboveZero_IsRefused()
    {
        foreach (var name in Telemetry.PositiveNames)
        {
            FaultsOf(Telemetry.ExampleWith(name, 0)).ShouldBe([new(name, "0", Positive)]);
            FaultsOf(Telemetry.ExampleWith(name, -1.5)).ShouldBe([new(name, "-1.5", Positive)]);
            FaultsOf(Telemetry.ExampleWith(name, "1e-999")).ShouldBe([new(name, "\"1e-999\"", Positive)]);
            MarketInputs.Coerce(Telemetry.ExampleWith(name, double.Epsilon)).ShouldNotBeNull();
        }
    }

    [Fact]
    public void OtherInputsNegative_AreAccepted()
    {
        foreach (var name in Telemetry.RequiredNames.Concat(Telemetry.OptionalNames).Except(Telemetry.PositiveNames))
            MarketInputs.Coerce(Telemetry.ExampleWith(name, -1)).ShouldNotBeNull();
    }

    [Fact]
    public void SeveralFaults_AreListedAtOnceInTheOrderOfInputs()
    {
        var telemetry = Telemetry.ExampleWith("basis_adjustment", null);
        telemetry["inventory_limit"] = 0;
        telemetry.Remove("mid_price");

        var refusal = Should.Throw<MarketInputException>(() => MarketInputs.Coerce(telemetry));

        refusal.Faults.ShouldBe(
        [
            new("mid_price", "nothing", Positive),
            new("inventory_limit", "0", Positive),
            new("basis_adjustment", "null", Finite),
        ]);
        refusal.Message.ShouldBe(
            """
            Market inputs refused:
            mid_price: given nothing, expected a finite number above 0
            inventory_limit: given 0, expected a finite number above 0
            basis_adjustment: given null, expected a finite number
            """);
    }

    [Fact]
    public void EmptyTelemetry_NamesEveryRequiredInput()
    {
        FaultsOf(new Dictionary<string, object?>()).Select(fault => fault.Name).ShouldBe(Telemetry.RequiredNames);
        FaultsOf(Parse("{}")).Select(fault => fault.Name).ShouldBe(Telemetry.RequiredNames);
    }

    [Fact]
    public void UnknownKeys_AreIgnored()
    {
        MarketInputs.Coerce(Telemetry.ExampleWith("Mid_Price", "not ours")).ShouldBe(Telemetry.Example);
        MarketInputs.Coerce(Parse(ExampleJsonWith("venue", "[1e999]"))).ShouldBe(Telemetry.Example);
        MarketInputs.Coerce(Parse(ExampleJsonWith("mid_pric\\ud800", "1"))).ShouldBe(Telemetry.Example);
    }

    [Fact]
    public void EscapedJsonKey_IsTheSameInput() =>
        MarketInputs.Coerce(Parse(ExampleJsonWith("buy\\u005fpressure", "0.5"))).BuyPressure.ShouldBe(0.5);

    [Fact]
    public void JsonInputGivenTwice_IsRefused() =>
        FaultsOf(Parse("{\"mid_price\":1.05," + ExampleJsonWith("venue", "0")[1..]))
            .ShouldBe([new("mid_price", "more than one value", Positive)]);

    [Fact]
    public void UnknownJsonKeyGivenTwice_IsIgnored() =>
        MarketInputs.Coerce(Parse("{\"venue\":1," + ExampleJsonWith("venue", "0")[1..])).ShouldBe(Telemetry.Example);

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("1.05", "1.05")]
    [InlineData("\"mid_price\"", "\"mid_price\"")]
    public void JsonRootThatIsNotAnObject_IsRefused(string json, string given) =>
        FaultsOf(Parse(json)).ShouldBe([new("(root)", given, "a JSON object of market inputs")]);

    [Fact]
    public void UndefinedJsonRoot_IsRefused() =>
        FaultsOf(default(JsonElement)).ShouldBe([new("(root)", "no JSON value", "a JSON object of market inputs")]);

    [Fact]
    public void InitialiserOutOfRange_IsRefused()
    {
        Should.Throw<MarketInputException>(() => Telemetry.Example with { MidPrice = 0 })
            .Faults.ShouldBe([new("mid_price", "0", Positive)]);
        Should.Throw<MarketInputException>(() => Telemetry.Example with { BasisAdjustment = double.NaN })
            .Faults.ShouldBe([new("basis_adjustment", "NaN", Finite)]);
    }

    [Fact]
    public void AnyFiniteNumber_IsReadAlikeFromNumberStringAndJson() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
        {
            var text = value.ToString("R", CultureInfo.InvariantCulture);
            double[] read =
            [
                MarketInputs.Coerce(Telemetry.ExampleWith("inventory", value)).Inventory,
                MarketInputs.Coerce(Telemetry.ExampleWith("inventory", text)).Inventory,
                MarketInputs.Coerce(Parse(ExampleJsonWith("inventory", text))).Inventory,
                MarketInputs.Coerce(Parse(ExampleJsonWith("inventory", $"\"{text}\""))).Inventory,
            ];
            return read.All(value.Equals);
        });

    [Fact]
    public void AnyString_IsReadAsFiniteOrRefusedWithItsNameOnly() =>
        Gen.String.Sample(text =>
        {
            try
            {
                return double.IsFinite(MarketInputs.Coerce(Telemetry.ExampleWith("inventory", text)).Inventory);
            }
            catch (MarketInputException refusal)
            {
                return refusal.Faults.Single().Name == "inventory" && !refusal.Faults[0].Given.Any(char.IsControl);
            }
        });

    private static JsonElement Parse(string json) => JsonElement.Parse(json);

    /// <summary>The example with <paramref name="name"/> replaced or appended, both as raw JSON.</summary>
    private static string ExampleJsonWith(string name, string value)
    {
        var members = Telemetry.ExampleDictionary()
            .Where(pair => pair.Key != name)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"\"{pair.Key}\":{pair.Value}"));
        return "{" + string.Join(',', members.Append($"\"{name}\":{value}")) + "}";
    }

    private static IReadOnlyList<MarketInputFault> FaultsOf(IReadOnlyDictionary<string, object?> telemetry) =>
        Should.Throw<MarketInputException>(() => MarketInputs.Coerce(telemetry)).Faults;

    private static IReadOnlyList<MarketInputFault> FaultsOf(JsonElement telemetry) =>
        Should.Throw<MarketInputException>(() => MarketInputs.Coerce(telemetry)).Faults;
}
