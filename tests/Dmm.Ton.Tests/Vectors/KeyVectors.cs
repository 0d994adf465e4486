using System.Security.Cryptography;
using System.Text;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>Mnemonics, keys, signatures.</summary>
internal static class KeyVectors
{
    public static Dictionary<string, Action<Vector>> All => new()
    {
        ["mnemonic-0"] = Derived,
        ["mnemonic-2"] = Derived,
        ["mnemonic-4"] = Derived,
        ["mnemonic-tonsdknet"] = Derived,
        ["pbkdf2-1"] = Pbkdf2,
        ["pbkdf2-2"] = Pbkdf2,
        ["pbkdf2-4096"] = Pbkdf2,
        ["sign-cellhash"] = v =>
        {
            using var signer = new Ed25519Signer(Convert.FromHexString(v.In("private_seed32_hex")));
            var cell = new CellBuilder().StoreAddress(Address.Parse("EQA_d9IqxSQCSuwZIvH0RRSUMvWK4qrvl5ZH_nOHFH7Gxifq")).Build();
            var signature = new byte[ISigner.SignatureBytes];
            signer.Sign(cell.Hash.ToArray(), signature);
            Convert.ToHexStringLower(signature).ShouldBe(v.Out("ed25519_signature_of_cell_hash_hex"));
            Ed25519Signer.Verify(signer.PublicKey, cell.Hash.ToArray(), signature).ShouldBeTrue();
        },
    };

    public static Mnemonic Words(string text, string password = "")
    {
        Mnemonic.TryParse(text, password, out var mnemonic, out var fault).ShouldBeTrue(fault);
        return mnemonic!;
    }

    private static void Derived(Vector v)
    {
        var mnemonic = Words(v.In("mnemonic"));
        // TonSdk.NET draws words without the check that others make.
        mnemonic.IsGenuine.ShouldBe(v.Id != "mnemonic-tonsdknet");
        var seed = mnemonic.DeriveSeed();
        Convert.ToHexStringLower(seed).ShouldBe(v.Out("seed32_hex"));
        using var signer = new Ed25519Signer(seed);
        signer.PublicKey.ToString().ShouldBe(v.Out("public_key_hex"));
    }

    // What mnemonics lean on.
    private static void Pbkdf2(Vector v) => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(v.In("password")), Encoding.UTF8.GetBytes(v.In("salt")), (int)v.InNumber("iterations"), HashAlgorithmName.SHA512,
        (int)v.InNumber("len"))).ShouldBe(v.Out("hex"));
}
