namespace Dmm.Wire;

/// <summary>One request to a venue's REST interface, ready to be signed and sent.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Begins with a slash.</param>
/// <param name="Query">Without question mark, escaped; may be empty.</param>
/// <param name="Body">UTF-8; empty where there is none.</param>
/// <param name="Bucket">The limit that it counts against, as the venue keeps them: one of the venue's options, such as <c>orders</c>.</param>
/// <param name="Weight">Tokens it takes of that limit.</param>
/// <param name="IsUrgent">May use the tokens kept back for cancels and queries.</param>
/// <param name="IsSigned">Needs credentials.</param>
/// <param name="Shared">A limit of the whole account that it counts against beside its own; empty where there is none.</param>
public readonly record struct VenueRequest(
    string Method, string Path, string Query, ReadOnlyMemory<byte> Body, string Bucket, int Weight = 1, bool IsUrgent = true, bool IsSigned = true,
    string Shared = "");
