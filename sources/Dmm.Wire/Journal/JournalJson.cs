using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire.Journal;

/// <summary>
/// How the messages that are not on the hot path are written: members in camel case in the order of their declaration, nothing left out.
/// </summary>
internal static class JournalJson
{
    /// <summary>Every control message there is; each is named by its type in camel case.</summary>
    internal static readonly Type[] ControlTypes =
    [
        typeof(ReferenceRate), typeof(FundingRate), typeof(GasPrice), typeof(FeedStatus), typeof(ClockOffset), typeof(Rejected), typeof(Fill),
        typeof(OrderUpdate), typeof(BalanceReport), typeof(OperatorCommand), typeof(ParameterChange), typeof(JournalStatus), typeof(AdapterStatus),
        typeof(FailedSwap), typeof(PositionReport), typeof(CountAcceptance), typeof(PendingSwap), typeof(PendingSwapGone),
    ];

    internal static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>For a run's header: instruments carry their place in the catalogue.</summary>
    internal static readonly JsonSerializerOptions Header = Create(new InstrumentPlaceConverter());

    /// <summary>For messages of a run: instruments are named.</summary>
    internal static JsonSerializerOptions Messages(InstrumentCatalog instruments) => Create(new InstrumentNameConverter(instruments));

    private static JsonSerializerOptions Create(JsonConverter<InstrumentId> instruments)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(NameControlMessages);
        return new()
        {
            TypeInfoResolver = resolver,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = Encoder,
            IgnoreReadOnlyProperties = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Converters =
            {
                instruments, new InstantConverter(), new CanonicalDecimalConverter(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            },
        };
    }

    private static void NameControlMessages(JsonTypeInfo type)
    {
        if (type.Type != typeof(ControlMessage)) return;
        type.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "type" };
        foreach (var message in ControlTypes)
            type.PolymorphismOptions.DerivedTypes.Add(new(message, JsonNamingPolicy.CamelCase.ConvertName(message.Name)));
    }

    private sealed class InstrumentPlaceConverter : JsonConverter<InstrumentId>
    {
        public override InstrumentId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, InstrumentId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Index);
    }

    private sealed class InstrumentNameConverter(InstrumentCatalog instruments) : JsonConverter<InstrumentId>
    {
        public override InstrumentId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            instruments.Require(reader.GetString() ?? "null").Id;

        public override void Write(Utf8JsonWriter writer, InstrumentId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(instruments[value].Name);
    }

    /// <summary>All seven decimals always, so that equal widths line up and every instant has one text.</summary>
    private sealed class InstantConverter : JsonConverter<Timestamp>
    {
        public override bool HandleNull => true;

        public override Timestamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? Timestamp.None : Timestamp.From(reader.GetDateTimeOffset());

        public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options)
        {
            if (value.IsKnown) writer.WriteStringValue(value.ToString());
            else writer.WriteNullValue();
        }
    }

    private sealed class CanonicalDecimalConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Canonical());
    }
}
