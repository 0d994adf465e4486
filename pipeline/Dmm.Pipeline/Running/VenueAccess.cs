using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>Where a venue is and by which key it is entered. The secret comes from the environment, and goes nowhere else.</summary>
internal static class VenueAccess
{
    /// <summary>Of a venue that is given none.</summary>
    public const string StandardName = "hmac";

    public const string KeyVariable = "DMM_VENUE_KEY";
    public const string SecretVariable = "DMM_VENUE_SECRET";

    /// <param name="venues">As given on the command line, each an address or <c>NAME=ADDRESS</c>.</param>
    /// <param name="ofTheSimulation">Options given beside it that mean nothing here.</param>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static ImmutableArray<HmacVenueOptions> Read(IReadOnlyList<string> venues, IEnumerable<string> ofTheSimulation)
    {
        List<string> faults = [.. ofTheSimulation.Select(name => $"{name} belongs to the simulated market: --venue has one of its own")];
        var (key, secret) = (Environment.GetEnvironmentVariable(KeyVariable), Environment.GetEnvironmentVariable(SecretVariable));
        if (string.IsNullOrEmpty(key)) faults.Add($"{KeyVariable} is not set: expected the venue's API key in the environment");
        if (string.IsNullOrEmpty(secret)) faults.Add($"{SecretVariable} is not set: expected the secret of that key in the environment");
        var addresses = Addresses(venues, string.IsNullOrEmpty(key) || string.IsNullOrEmpty(secret) ? null : new(key, secret), faults);
        return faults.Count == 0 ? addresses : throw new BadInputException(faults);
    }

    /// <summary>Reads addresses, and adds what is wrong with them to the faults.</summary>
    /// <param name="venues">As given, each an address or <c>NAME=ADDRESS</c>.</param>
    /// <param name="credentials">Null where market data alone is wanted.</param>
    /// <param name="faults">Grows.</param>
    public static ImmutableArray<HmacVenueOptions> Addresses(IReadOnlyList<string> venues, HmacCredentials? credentials, List<string> faults)
    {
        var all = ImmutableArray.CreateBuilder<HmacVenueOptions>();
        foreach (var text in venues)
        {
            var (name, url) = text.Split('=', 2) is [var given, var address] ? (given, address) : (StandardName, text);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                faults.Add($"--venue '{text}' is no address: expected one such as http://127.0.0.1:8090, or NAME=http://127.0.0.1:8090");
                continue;
            }

            if (all.Any(other => other.Venue == name))
                faults.Add($"two venues are called '{name}': expected names, as in --venue one=URL --venue two=URL");
            try
            {
                all.Add(new HmacVenueOptions { Venue = name, BaseUrl = uri, Credentials = credentials }.Checked());
            }
            catch (ParameterException faulty)
            {
                faults.AddRange(faulty.Faults.Select(fault => $"--venue '{text}': {fault}"));
            }
        }

        return all.ToImmutable();
    }
}
