using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>Keys of exchanges, from the environment alone: <c>DMM_OKX_KEY</c>, <c>DMM_OKX_SECRET</c> and so on.</summary>
/// <param name="exchange">As it stands in the variables, such as <c>OKX</c>.</param>
/// <param name="faults">Grows by each variable that is not set.</param>
internal sealed class ExchangeKeys(string exchange, List<string> faults)
{
    /// <summary>Key and secret; null where one is missing.</summary>
    public HmacCredentials? KeyAndSecret() =>
        (Required("KEY", "its API key"), Required("SECRET", "the secret of that key")) is ({ } key, { } secret) ? new(key, secret) : null;

    /// <summary>A variable's value; null, and a fault, where it is not set.</summary>
    public string? Required(string name, string what)
    {
        if (Optional(name) is { } value) return value;
        faults.Add($"DMM_{exchange}_{name} is not set: expected {what} in the environment");
        return null;
    }

    /// <summary>A variable's value; null where it is not set.</summary>
    public string? Optional(string name) => Environment.GetEnvironmentVariable($"DMM_{exchange}_{name}") is { Length: > 0 } value ? value : null;
}
