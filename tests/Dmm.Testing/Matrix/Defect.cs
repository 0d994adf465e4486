namespace Dmm.Testing;

/// <summary>What one case of the matrix found wrong; it never leaves the matrix.</summary>
internal sealed class Defect(string message) : Exception(message)
{
    public static void If(bool wrong, Func<string> message)
    {
        if (wrong)
            throw new Defect(message());
    }
}
