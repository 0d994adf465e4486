namespace Dmm.Sinks.Ton;

/// <summary>A node did not answer, told apart from an answer that is not what was looked for.</summary>
internal sealed class NoAnswerException(string reason) : Exception(reason);
