using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>
/// A wallet's seed as a file keeps it: AES-256-GCM under a key made of a password. A checksum over the file tells damage from a wrong password; that
/// nobody changed it on purpose is the seal's to prove.
/// </summary>
public static class SealedSeed
{
    /// <summary>Above any file of this form.</summary>
    public const int LengthMax = 4 << 10;

    public const int PasswordLengthMin = 8;

    private const string Form = "dmm-wallet";
    private const int Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The file's bytes, UTF-8.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <param name="password">At least <see cref="PasswordLengthMin"/> characters.</param>
    public static byte[] Seal(ReadOnlySpan<byte> seed, string password)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, Hash256.Bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(password.Length, PasswordLengthMin);
        var cost = new PasswordKey(
            PasswordKey.MemoryKibStandard, PasswordKey.PassesStandard, RandomNumberGenerator.GetBytes(PasswordKey.SaltBytes));
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var (cipher, tag) = (new byte[seed.Length], new byte[TagBytes]);
        var key = cost.Derive(password);
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Encrypt(nonce, seed, cipher, tag, Bound(cost));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        return Write(cost, nonce, cipher, tag);
    }

    /// <summary>The seed; the caller clears it.</summary>
    /// <exception cref="WalletFileException">Damaged, of another form or version, or the password is wrong.</exception>
    public static byte[] Open(ReadOnlyMemory<byte> file, string password)
    {
        var (cost, nonce, cipher, tag) = Read(file);
        var seed = new byte[Hash256.Bytes];
        var key = cost.Derive(password);
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(nonce, cipher, tag, seed, Bound(cost));
            return seed;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new WalletFileException("wrong password: the file is whole, and its seal does not open with it");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Write(PasswordKey cost, byte[] nonce, byte[] cipher, byte[] tag)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("form", Form);
            json.WriteNumber("version", Version);
            json.WriteString("kdf", PasswordKey.Name);
            json.WriteNumber("memoryKib", cost.MemoryKib);
            json.WriteNumber("passes", cost.Passes);
            json.WriteBase64String("salt", cost.Salt);
            json.WriteString("cipher", "aes-256-gcm");
            json.WriteBase64String("nonce", nonce);
            json.WriteBase64String("sealed", cipher);
            json.WriteBase64String("tag", tag);
            json.WriteString("checksum", Checksum(cost, nonce, cipher, tag));
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static (PasswordKey Cost, byte[] Nonce, byte[] Cipher, byte[] Tag) Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > LengthMax) throw Damaged($"it has {file.Length} bytes: expected at most {LengthMax}");
        try
        {
            using var json = JsonDocument.Parse(file);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Damaged("it is no JSON object");
            if (Text(root, "form") is var form && form != Form) throw new WalletFileException($"the form is '{form}': expected {Form}");
            if (Number(root, "version") is var version && version != Version)
                throw new WalletFileException($"version {version} of the form is not known here: expected {Version}");
            if (Text(root, "kdf") is var kdf && kdf != PasswordKey.Name)
                throw new WalletFileException($"the kdf is '{kdf}': expected {PasswordKey.Name}");
            var cost = new PasswordKey(Number(root, "memoryKib"), Number(root, "passes"), Bytes(root, "salt", PasswordKey.SaltBytes));
            var (nonce, cipher, tag) = (Bytes(root, "nonce", NonceBytes), Bytes(root, "sealed", Hash256.Bytes), Bytes(root, "tag", TagBytes));
            if (Text(root, "checksum") != Checksum(cost, nonce, cipher, tag)) throw Damaged("its checksum is not that of its content");
            return cost.Fault is { } fault ? throw new WalletFileException(fault) : (cost, nonce, cipher, tag);
        }
        catch (JsonException malformed)
        {
            // The parser's own words could hold a part of the file.
            throw Damaged($"it is no JSON (line {malformed.LineNumber + 1})");
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Damaged($"'{name}' is missing, or no text");

    private static int Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Damaged($"'{name}' is missing, or no whole number");

    private static byte[] Bytes(JsonElement root, string name, int length) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes)
        && bytes.Length == length
            ? bytes
            : throw Damaged($"'{name}' is missing, or not {length} bytes of base64");

    private static WalletFileException Damaged(string how) => new($"the file is damaged: {how}. Expected what was written, from a backup");

    private static string Checksum(PasswordKey cost, byte[] nonce, byte[] cipher, byte[] tag) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Bound(cost), .. nonce, .. cipher, .. tag]).AsSpan(0, 8));

    // Sealed along: who lowers the cost in the file changes what the seal is over.
    private static byte[] Bound(PasswordKey cost) => Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"{Form} {Version} {PasswordKey.Name} {cost.MemoryKib} {cost.Passes} {Convert.ToBase64String(cost.Salt)}"));
}
