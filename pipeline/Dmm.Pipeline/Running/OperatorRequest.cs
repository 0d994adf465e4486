using System.Text.Json;
using System.Text.Json.Serialization;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Running;

/// <summary>What an operator asks of a desk that is running, as it lies in the data folder.</summary>
/// <param name="Accept">The venue, or the contract by <c>venue:symbol</c>, whose own count is to be taken for true.</param>
/// <param name="Operator">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, on the wall clock.</param>
internal sealed record OperatorRequest(string Accept, string Operator, string Reason, DateTimeOffset At)
{
    /// <summary>What was asked longer ago than that is not done any more.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    public CountAcceptance Command => new(Accept, Operator, Reason);

    public static byte[] Write(OperatorRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, Json);

    /// <summary>The request; null, with the reason, where the text is none.</summary>
    public static OperatorRequest? Read(byte[] text, out string reason)
    {
        reason = "";
        try
        {
            return JsonSerializer.Deserialize<OperatorRequest>(text, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException unreadable)
        {
            reason = $"the request cannot be read: {unreadable.Message.ReplaceLineEndings(" ")}";
            return null;
        }
    }

    /// <summary>Why it cannot be done at a desk of those subjects; null where it can.</summary>
    public string? Fault(IReadOnlyCollection<string> subjects, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Operator)) return "nobody's name is given: expected --by NAME";
        if (string.IsNullOrWhiteSpace(Reason)) return "no reason is given: expected --reason TEXT";
        if (!subjects.Contains(Accept)) return $"'{Accept}' is not counted here: expected one of {string.Join(", ", subjects)}";
        return (now - At).Duration() > AgeMax ? $"it was asked at {At:O}, too long ago to be done now" : null;
    }
}

/// <summary>What a desk says to a request.</summary>
/// <param name="IsTaken">It is an input of the desk, and in its journal.</param>
/// <param name="Text">What became of it, or why nothing did.</param>
internal sealed record OperatorAnswer(bool IsTaken, string Text)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static byte[] Write(OperatorAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Json);

    /// <exception cref="JsonException">The text is no answer.</exception>
    public static OperatorAnswer Read(byte[] text) => JsonSerializer.Deserialize<OperatorAnswer>(text, Json) ?? throw new JsonException("it is null");
}
