using System.Text.Json;
using Dmm.Testing;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>Numbers of third parties, each recomputed.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryVectorOfTheChain_IsMet()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.SkipUnlessPresent("vectors", "ton-and-signing.json")));
        Dictionary<string, Action<Vector>> checks = new([.. CellVectors.All, .. KeyVectors.All, .. WalletVectors.All, .. DexVectors.All]);
        var (passed, all) = (0, 0);
        List<string> failures = [];
        foreach (var vector in file.RootElement.EnumerateArray().Select(element => new Vector(element)))
        {
            // Signatures and checksums of exchanges are checked where their wires are.
            if (vector.Category is "cex-hmac" or "cex-book") continue;
            all++;
            if (!checks.TryGetValue(vector.Id, out var check))
            {
                failures.Add($"{vector.Id}: nothing checks it");
                continue;
            }

            try
            {
                check(vector);
                passed++;
            }
            catch (Exception failure) when (failure is ShouldAssertException or FormatException)
            {
                failures.Add($"{vector.Id}: {failure.Message}");
            }
        }

        output.WriteLine($"vectors {passed}/{all}");
        failures.ShouldBeEmpty();
        all.ShouldBe(checks.Count, "a check without its vector proves nothing");
    }
}
