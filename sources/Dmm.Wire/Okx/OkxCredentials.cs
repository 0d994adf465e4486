namespace Dmm.Wire;

/// <summary>API key, secret and passphrase, which no text of this shows.</summary>
public sealed class OkxCredentials
{
    /// <exception cref="ArgumentException">One of them is empty or cannot go into a header; none is shown.</exception>
    public OkxCredentials(string apiKey, string secret, string passphrase)
    {
        Key = new HmacCredentials(apiKey, secret);
        if (passphrase.Length == 0 || passphrase.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException("the passphrase is empty or has other than printable ASCII characters", nameof(passphrase));
        Passphrase = passphrase;
    }

    public string ApiKey => Key.ApiKey;

    internal HmacCredentials Key { get; }

    internal string Passphrase { get; }

    public override string ToString() => "credentials (not shown)";
}
