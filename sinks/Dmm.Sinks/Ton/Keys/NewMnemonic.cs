using System.Security.Cryptography;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Ton;

/// <summary>Mnemonics by chance.</summary>
public static class NewMnemonic
{
    /// <summary>24 words with blanks between them that are a mnemonic of TON (<see cref="Mnemonic.IsGenuine"/>): one draw in 256 is.</summary>
    public static string Draw()
    {
        while (true)
        {
            var text = string.Join(' ', RandomNumberGenerator.GetItems(MnemonicWords.All.AsSpan(), Mnemonic.WordsCount));
            if (Mnemonic.TryParse(text, "", out var mnemonic, out _) && mnemonic!.IsGenuine) return text;
        }
    }
}
