using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dmm.Pipeline.Wallets;

/// <summary>Names of what a wallet is told to do once: whoever gives the same again means the same.</summary>
internal static class OperationId
{
    private const int ChanceBytes = 4;

    /// <summary>A new one: its kind, the chain's time, and chance.</summary>
    public static string Draw(string kind, uint chainTime)
    {
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChanceBytes));
        return string.Create(CultureInfo.InvariantCulture, $"{kind}-{DateTimeOffset.FromUnixTimeSeconds(chainTime):yyyyMMdd-HHmmss}-{chance}");
    }

    /// <summary>The number that all messages of an operation carry: the first eight bytes of its name's SHA-256.</summary>
    public static ulong QueryOf(string id) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(id)));
}
