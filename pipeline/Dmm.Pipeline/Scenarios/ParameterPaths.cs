using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dmm.Core;

namespace Dmm.Pipeline.Scenarios;

/// <summary>Sets parameters by name, such as <c>breakers.drawdownLimit</c> or <c>venues.alpha.refreshInterval</c>.</summary>
internal static class ParameterPaths
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Stands for a venue's name in <see cref="All"/>.</summary>
    public const string AnyVenue = "VENUE";

    /// <summary>Every name there is.</summary>
    public static ImmutableArray<string> All { get; } = [.. Names(typeof(QuotingParameters), "").Order(StringComparer.Ordinal)];

    /// <summary>What sets one parameter to a value; one of a venue, for each of its markets.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="values">As they stand in the file; one, unless the parameter is a list.</param>
    /// <param name="instruments">Gives the venues.</param>
    /// <exception cref="FormatException">Says what is wrong with the name or the value.</exception>
    public static Func<QuotingParameters, QuotingParameters> Setter(string path, ImmutableArray<string> values, InstrumentCatalog instruments)
    {
        var (type, places) = Resolve(path, instruments);
        var value = Value(path, type, values);
        return parameters =>
        {
            var root = JsonSerializer.SerializeToNode(parameters, Options)!;
            foreach (var place in places) Set(root, place, value);
            return root.Deserialize<QuotingParameters>(Options)!;
        };
    }

    private static void Set(JsonNode root, ImmutableArray<string> place, JsonNode value)
    {
        var node = root;
        // A group that is not there, such as the router's, begins with its defaults.
        foreach (var part in place[..^1])
            node = int.TryParse(part, CultureInfo.InvariantCulture, out var index) ? node[index]! : node[part] ?? (node[part] = new JsonObject());
        node[place[^1]] = value.DeepClone();
    }

    private static (Type Type, ImmutableArray<ImmutableArray<string>> Places) Resolve(string path, InstrumentCatalog instruments)
    {
        var (type, places) = (typeof(QuotingParameters), ImmutableArray.Create(ImmutableArray<string>.Empty));
        var parts = path.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (type == typeof(ImmutableArray<VenueParameters>))
            {
                Instrument[] markets = [.. instruments.All.Where(v => v.Venue == part)];
                if (markets is [])
                {
                    var known = string.Join(", ", instruments.All.Select(v => v.Venue).Distinct());
                    throw new FormatException($"unknown venue '{part}' in '{path}': expected one of {known}");
                }

                type = typeof(VenueParameters);
                places = [.. markets.SelectMany(v => places.Select(place => place.Add(v.Id.Index.ToString(CultureInfo.InvariantCulture))))];
                continue;
            }

            var property = Settable(type).FirstOrDefault(p => NameOf(p) == part)
                ?? throw new FormatException($"unknown parameter '{path}': {ScalarText.Nearest(path, All)}");
            // One that may be absent is written as what it holds.
            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            places = [.. places.Select(place => place.Add(part))];
        }

        if (!IsGroup(type) && type != typeof(ImmutableArray<VenueParameters>)) return (type, places);
        var members = string.Join(", ", All.Where(n => n.StartsWith(path + ".", StringComparison.Ordinal)));
        throw new FormatException($"'{path}' is a group of parameters: expected one of its members{(members.Length > 0 ? $", {members}" : "")}");
    }

    private static JsonNode Value(string path, Type type, ImmutableArray<string> values)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return new JsonArray([.. values.Select(v => One(path, type.GetGenericArguments()[0], v))]);
        return values.Length == 1 ? One(path, type, values[0]) : throw new FormatException($"{path} has {values.Length} values: expected one");
    }

    private static JsonNode One(string path, Type type, string text)
    {
        var kind = type == typeof(TimeSpan) ? FieldKind.Duration
            : type == typeof(bool) ? FieldKind.Flag
            : type == typeof(int) ? FieldKind.Whole
            : type == typeof(double) || type == typeof(decimal) ? FieldKind.Number
            : type.IsEnum ? FieldKind.Word : FieldKind.Text;
        var field = new Field(path, kind, "") { Words = type.IsEnum ? [.. Enum.GetNames(type)] : [] };
        if (ScalarText.Fault(field, text) is { } expected) throw new FormatException($"{path} = '{text}': expected {expected}");
        return kind switch
        {
            FieldKind.Duration =>
                JsonValue.Create(ScalarText.TryDuration(text, out var span) ? span.ToString("c", CultureInfo.InvariantCulture) : ""),
            FieldKind.Flag => JsonValue.Create(bool.Parse(text)),
            FieldKind.Whole or FieldKind.Number => JsonValue.Create(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            FieldKind.Word => JsonValue.Create(Enum.Parse(type, text, ignoreCase: true).ToString()!),
            _ => JsonValue.Create(text),
        };
    }

    private static IEnumerable<string> Names(Type type, string prefix)
    {
        foreach (var property in Settable(type))
        {
            var name = prefix + NameOf(property);
            if (property.PropertyType == typeof(ImmutableArray<VenueParameters>))
                foreach (var inner in Names(typeof(VenueParameters), $"{name}.{AnyVenue}.")) yield return inner;
            else if (IsGroup(property.PropertyType))
                foreach (var inner in Names(property.PropertyType, name + ".")) yield return inner;
            else if (name != $"venues.{AnyVenue}.instrument") yield return name;
        }
    }

    private static bool IsGroup(Type type) => type.IsClass && type != typeof(string);

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0);

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
