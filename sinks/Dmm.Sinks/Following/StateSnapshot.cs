using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Following;

/// <summary>An asset's whole state at a place in its journal.</summary>
/// <param name="Asset">The base asset, such as <c>DCT</c>.</param>
/// <param name="Journal">Name of the journal that the state was derived from.</param>
/// <param name="Cursor">How far that journal was taken.</param>
/// <param name="AsOf">Engine time of the last record taken.</param>
/// <param name="StateJson">The state, one JSON object.</param>
public sealed record StateSnapshot(string Asset, string Journal, FollowCursor Cursor, Timestamp AsOf, string StateJson);
