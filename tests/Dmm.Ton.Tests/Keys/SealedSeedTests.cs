using System.Text;
using System.Text.RegularExpressions;
using Dmm.Sinks.Ton;

namespace Dmm.Ton.Tests.Keys;

public sealed class SealedSeedTests
{
    private const string Password = "correct horse";

    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void SeedSealed_IsOpenedByItsPasswordAlone()
    {
        var file = SealedSeed.Seal(Seed, Password);
        SealedSeed.Open(file, Password).ShouldBe(Seed);
        Should.Throw<WalletFileException>(() => SealedSeed.Open(file, "correct hors")).Message.ShouldStartWith("wrong password");
        Should.Throw<WalletFileException>(() => SealedSeed.Open(file, "")).Message.ShouldStartWith("wrong password");
    }

    [Fact]
    public void SameSeedSealedTwice_SharesNothing()
    {
        var (one, other) = (Encoding.UTF8.GetString(SealedSeed.Seal(Seed, Password)), Encoding.UTF8.GetString(SealedSeed.Seal(Seed, Password)));
        foreach (var name in new[] { "salt", "nonce", "sealed", "tag" })
            Regex.Match(one, $"\"{name}\": \"(.*)\"").Value.ShouldNotBe(Regex.Match(other, $"\"{name}\": \"(.*)\"").Value);
        one.ShouldNotContain(Convert.ToBase64String(Seed));
    }

    [Fact]
    public void AnyByteChanged_OrTheEndCutOff_IsDamage_AndNoOtherException()
    {
        var file = SealedSeed.Seal(Seed, Password);
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < file.Length; i++)
        {
            var changed = file.ToArray();
            changed[i] ^= 1;
            Try(changed);
            Try(file[..i]);
        }

        kinds.ShouldBe(["damaged", "another form"]);

        void Try(byte[] bytes)
        {
            try
            {
                // White space alone may change.
                SealedSeed.Open(bytes, Password).ShouldBe(Seed);
            }
            catch (WalletFileException fault)
            {
                fault.Message.ShouldNotContain(Password);
                kinds.Add(fault.Message.Contains("damaged", StringComparison.Ordinal) ? "damaged"
                    : fault.Message.StartsWith("the form", StringComparison.Ordinal) || fault.Message.StartsWith("version", StringComparison.Ordinal)
                        || fault.Message.StartsWith("the kdf", StringComparison.Ordinal) ? "another form"
                    : fault.Message);
            }
        }
    }

    [Fact]
    public void FileOfALaterVersion_IsRefusedByItsNumber() => Should.Throw<WalletFileException>(() => SealedSeed.Open(
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(SealedSeed.Seal(Seed, Password)).Replace("\"version\": 1", "\"version\": 2",
                StringComparison.Ordinal)),
            Password)).Message.ShouldBe("version 2 of the form is not known here: expected 1");

    [Fact]
    public void FileThatWouldHoldTheProcessUp_IsRefused()
    {
        new PasswordKey(2 << 20, 3, new byte[16]).Fault.ShouldBe("memoryKib is 2097152: expected 8192 to 1048576");
        new PasswordKey(64 << 10, 33, new byte[16]).Fault.ShouldBe("passes is 33: expected 1 to 32");
        new PasswordKey(64 << 10, 3, new byte[16]).Fault.ShouldBeNull();
        Should.Throw<WalletFileException>(() => SealedSeed.Open(new byte[SealedSeed.LengthMax + 1], Password)).Message.ShouldContain("4097 bytes");
    }

    [Fact]
    public void SecretFile_IsTheOwnersAlone_AndNeverWrittenOver()
    {
        var folder = Directory.CreateTempSubdirectory("dmm-keys-").FullName;
        try
        {
            var path = Path.Combine(folder, "below", "key");
            SecretFile.Create(path, "one"u8);
            SecretFile.Read(path, 3).ShouldBe("one"u8.ToArray());
            Should.Throw<WalletFileException>(() => SecretFile.Create(path, "two"u8)).Message.ShouldContain("there already");
            Should.Throw<WalletFileException>(() => SecretFile.Read(path, 2)).Message.ShouldContain("has 3 bytes: expected at most 2");
            Directory.GetFiles(Path.Combine(folder, "below")).ShouldBe([path]);
            if (OperatingSystem.IsWindows()) return;
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Should.Throw<WalletFileException>(() => SecretFile.Read(path, 3)).Message.ShouldContain("chmod 600");
            SecretFile.Read(path, 3, isOwnersOnly: false).Length.ShouldBe(3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void DrawnMnemonic_IsGenuine_AndEachIsAnother()
    {
        var words = NewMnemonic.Draw();
        Dmm.Wire.Ton.Mnemonic.TryParse(words, "", out var mnemonic, out _).ShouldBeTrue();
        mnemonic!.IsGenuine.ShouldBeTrue();
        NewMnemonic.Draw().ShouldNotBe(words);
    }
}
