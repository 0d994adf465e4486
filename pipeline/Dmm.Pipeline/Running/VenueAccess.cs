using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>Where a venue is and by which key it is entered. The secret comes from the environment, and goes nowhere else.</summary>
internal static class VenueAccess
{
    public const string KeyVariable = "DMM_VENUE_KEY";
    public const string SecretVariable = "DMM_VENUE_SECRET";

    /// <param name="url">As given on the command line.</param>
    /// <param name="ofTheSimulation">Options given beside it that mean nothing here.</param>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static HmacVenueOptions Read(string url, IEnumerable<string> ofTheSimulation)
    {
        List<string> faults = [.. ofTheSimulation.Select(name => $"{name} belongs to the simulated market: --venue has one of its own")];
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            faults.Add($"--venue '{url}' is no address: expected one such as http://127.0.0.1:8090");
        var (key, secret) = (Environment.GetEnvironmentVariable(KeyVariable), Environment.GetEnvironmentVariable(SecretVariable));
        if (string.IsNullOrEmpty(key)) faults.Add($"{KeyVariable} is not set: expected the venue's API key in the environment");
        if (string.IsNullOrEmpty(secret)) faults.Add($"{SecretVariable} is not set: expected the secret of that key in the environment");
        if (faults.Count > 0) throw new BadInputException(faults);
        try
        {
            return new HmacVenueOptions { Venue = "hmac", BaseUrl = address!, Credentials = new(key!, secret!) }.Checked();
        }
        catch (ParameterException faulty)
        {
            throw new BadInputException(faulty.Faults);
        }
    }
}
