using System.Security.Cryptography;
using System.Text;

namespace Dmm.Wire.Ton;

/// <summary>
/// The 24 words of a wallet. Not BIP 39, although the words are: words are right when a hash of them begins with a zero byte, and the key is derived
/// otherwise. Errors never hold a word.
/// </summary>
/// <remarks>
/// Entropy = HMAC-SHA512(words joined by a blank, password); seed = the first 32 bytes of PBKDF2-SHA512(entropy, "TON default seed", 100,000).
/// Source: toncenter/tonweb-mnemonic; checked against the vectors of @ton/crypto.
/// </remarks>
public sealed class Mnemonic
{
    public const int WordsCount = 24;

    private const int SeedIterations = 100_000;

    // One in 256 is right: the check is as many times cheaper.
    private const int VersionIterations = SeedIterations / 256;

    private readonly byte[] _entropy;
    private readonly byte[] _bare;

    private Mnemonic(string[] words, string password)
    {
        var joined = Encoding.UTF8.GetBytes(string.Join(' ', words));
        (_entropy, _bare) = (HMACSHA512.HashData(joined, Encoding.UTF8.GetBytes(password)), HMACSHA512.HashData(joined, ReadOnlySpan<byte>.Empty));
        HasPassword = password.Length > 0;
    }

    public bool HasPassword { get; }

    /// <summary>
    /// Whether these words, with this password, are a mnemonic of TON. About 2⁻⁸ of arbitrary words are; some older software made mnemonics that are
    /// not, and whose keys are derived all the same.
    /// </summary>
    public bool IsGenuine => HasPassword
        ? Byte(_bare, "TON fast seed version", 1) == 1 && Byte(_bare, "TON seed version", VersionIterations) != 0
            && Byte(_entropy, "TON seed version", VersionIterations) == 0
        : Byte(_entropy, "TON seed version", VersionIterations) == 0;

    /// <summary>
    /// Reads words with blanks between them, in either case. <paramref name="fault"/> says what is wrong by the words' places, and is empty when
    /// nothing is. Whether they are right is <see cref="IsGenuine"/>'s to say.
    /// </summary>
    public static bool TryParse(string text, string password, out Mnemonic? mnemonic, out string fault)
    {
        mnemonic = null;
        var words = text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var unknown = words.Index().Where(w => !MnemonicWords.Contains(w.Item)).Select(w => w.Index + 1).ToArray();
        fault = words.Length != WordsCount ? $"the mnemonic has {words.Length} words: expected {WordsCount}"
            : unknown.Length > 0 ? $"the mnemonic's words {string.Join(", ", unknown)} are not in the list of 2,048: expected English ones of BIP 39"
            : "";
        if (fault.Length > 0) return false;
        mnemonic = new(words, password);
        return true;
    }

    /// <summary>The 32 bytes an Ed25519 key is made from. Takes a tenth of a second, on purpose.</summary>
    public byte[] DeriveSeed()
    {
        var derived = Derive(_entropy, "TON default seed", SeedIterations);
        var seed = derived[..32];
        CryptographicOperations.ZeroMemory(derived);
        return seed;
    }

    private static byte Byte(byte[] entropy, string salt, int iterations) => Derive(entropy, salt, iterations)[0];

    private static byte[] Derive(byte[] entropy, string salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(entropy, Encoding.UTF8.GetBytes(salt), iterations, HashAlgorithmName.SHA512, 64);
}
