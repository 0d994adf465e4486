namespace Dmm.Pipeline.Wallets;

/// <summary>What was asked for did not come to pass, or nobody can tell yet; the text says why and what can be done.</summary>
internal sealed class UnsettledException(string reason) : Exception(reason);
