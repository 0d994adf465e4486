using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire.Bus;

/// <summary>Names and texts of the headers that every record of market data and of reference rates has.</summary>
public static class BusHeaders
{
    /// <summary>Exchange time, ISO 8601 in UTC; empty where the venue gives none.</summary>
    public const string VenueTime = "vt";

    /// <summary>When it reached the collector, ISO 8601 in UTC; empty where nothing was received.</summary>
    public const string ReceiveTime = "rt";

    /// <summary>Id of the collector.</summary>
    public const string Source = "src";

    /// <summary>As in the message.</summary>
    public const string Kind = "kind";

    private static readonly byte[][] Kinds =
        [.. Enum.GetValues<BusKind>().Select(kind => Encoding.UTF8.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())))];

    /// <param name="kind">As in the message.</param>
    /// <param name="venueTime">Exchange time; none where the venue gives none.</param>
    /// <param name="receiveTime">When it reached the collector; none where nothing was received.</param>
    /// <param name="source">Id of the collector.</param>
    public static ImmutableArray<BusHeader> Of(BusKind kind, Timestamp venueTime, Timestamp receiveTime, ReadOnlyMemory<byte> source) =>
        [new(VenueTime, Text(venueTime)), new(ReceiveTime, Text(receiveTime)), new(Source, source), new(Kind, Kinds[(int)kind])];

    private static byte[] Text(Timestamp instant) => instant.IsKnown ? Encoding.UTF8.GetBytes(instant.ToString()) : [];
}
