using System.Security.Cryptography;
using System.Text;
using Dmm.Wire.Ton;
using NSec.Cryptography;

namespace Dmm.Sinks.Ton;

/// <summary>What it costs to try one password: Argon2id, one lane.</summary>
/// <param name="MemoryKib">Memory, KiB.</param>
/// <param name="Passes">Times over that memory.</param>
/// <param name="Salt">16 bytes by chance, of each file its own.</param>
public sealed record PasswordKey(int MemoryKib, int Passes, byte[] Salt)
{
    public const string Name = "argon2id";

    public const int SaltBytes = 16;

    /// <summary>The second of the two recommendations of RFC 9106, section 4.</summary>
    public const int MemoryKibStandard = 64 << 10;

    public const int PassesStandard = 3;

    // A file that asks for more would hold the process up; for less, it would protect nothing.
    private const int MemoryKibMin = 8 << 10, MemoryKibMax = 1 << 20, PassesMin = 1, PassesMax = 32;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault => MemoryKib is < MemoryKibMin or > MemoryKibMax ? $"memoryKib is {MemoryKib}: expected {MemoryKibMin} to {MemoryKibMax}"
        : Passes is < PassesMin or > PassesMax ? $"passes is {Passes}: expected {PassesMin} to {PassesMax}"
        : null;

    /// <summary>The key of 32 bytes; the caller clears it.</summary>
    public byte[] Derive(string password)
    {
        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKib, NumberOfPasses = Passes };
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(bytes, Salt, Hash256.Bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
