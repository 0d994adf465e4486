using System.Security.Cryptography;
using System.Text;
using Dmm.Pipeline.Commands;
using Dmm.Sinks.Ton;

namespace Dmm.Pipeline.Running;

/// <summary>Where a wallet's key is and what opens it: a file, and a password from a file or the environment. Neither key nor password goes
/// anywhere else.</summary>
internal static class WalletAccess
{
    public const string PasswordVariable = "DMM_WALLET_PASSWORD";

    /// <summary>Of the words' own password, which few mnemonics have.</summary>
    public const string WordsPasswordVariable = "DMM_WALLET_WORDS_PASSWORD";

    private const int PasswordBytesMax = 1 << 10;
    private const int WordsBytesMax = 4 << 10;

    /// <exception cref="BadInputException">The file or the password cannot be used.</exception>
    public static Ed25519Signer Open(string file, string? passwordFile)
    {
        var password = Password(passwordFile);
        var seed = Guard(file, () => SealedSeed.Open(SecretFile.Read(file, SealedSeed.LengthMax), password));
        try
        {
            return new(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The password of a wallet's file.</summary>
    /// <exception cref="BadInputException">There is none, or one that is too short.</exception>
    public static string Password(string? file)
    {
        // Platforms that hand secrets over as files choose their mode.
        var password = file is not null
            ? Guard(file, () => Encoding.UTF8.GetString(SecretFile.Read(file, PasswordBytesMax, isOwnersOnly: false)).TrimEnd('\r', '\n'))
            : Environment.GetEnvironmentVariable(PasswordVariable);
        var where = file ?? PasswordVariable;
        if (string.IsNullOrEmpty(password))
            throw new BadInputException(file is null
                ? $"{PasswordVariable} is not set: expected the password of the wallet's file in the environment, or in --password-file"
                : $"{file} is empty: expected the password of the wallet's file");
        return password.Length >= SealedSeed.PasswordLengthMin
            ? password
            : throw new BadInputException(
                $"the password in {where} has {password.Length} characters: expected at least {SealedSeed.PasswordLengthMin}");
    }

    /// <summary>Words as somebody wrote them down: from a file, or from standard input.</summary>
    public static string Words(string source)
    {
        if (source != "-") return Guard(source, () => Encoding.UTF8.GetString(SecretFile.Read(source, WordsBytesMax)));
        var buffer = new char[WordsBytesMax];
        return new(buffer, 0, Console.In.ReadBlock(buffer));
    }

    public static void Create(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            SecretFile.Create(file, content);
        }
        catch (WalletFileException refused)
        {
            throw new BadInputException(refused.Message);
        }
    }

    private static T Guard<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WalletFileException refused)
        {
            throw new BadInputException(refused.Message.Contains(file, StringComparison.Ordinal) ? refused.Message : $"{file}: {refused.Message}");
        }
    }
}
