namespace Dmm.Pipeline.Commands;

/// <summary>What the process says to the shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command ran, and what it checked does not hold: a divergence, an oracle mismatch.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command could not run: bad input, bad configuration, unreadable file.</summary>
    public const int BadInput = 2;

    /// <summary>A defect ended the engine.</summary>
    public const int Fault = 3;
}
