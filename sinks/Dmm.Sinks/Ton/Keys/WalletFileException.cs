namespace Dmm.Sinks.Ton;

/// <summary>A wallet's file cannot be used, or cannot be written; the text names the file and what was expected, and holds no secret.</summary>
public sealed class WalletFileException(string message, Exception? inner = null) : Exception(message, inner);
