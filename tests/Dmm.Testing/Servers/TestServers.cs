using Xunit;

namespace Dmm.Testing.Servers;

/// <summary>
/// Real servers for tests, started privately and on ports of their own. Where a server is not installed its tests skip with the reason;
/// <c>DMM_REQUIRE_SERVERS=1</c> lets them fail instead, so that a check cannot pass without having run them.
/// </summary>
public static class TestServers
{
    public const string RequireVariable = "DMM_REQUIRE_SERVERS";

    /// <summary>The program's path; skips the running test where it is not installed.</summary>
    /// <param name="program">Its name, such as <c>redis-server</c>.</param>
    /// <param name="places">Folders to look in, besides those of PATH.</param>
    public static string SkipUnlessInstalled(string program, params IEnumerable<string> places)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(places);
        if (folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } found) return found;
        SkipUnless(isThere: false, $"{program} is not installed");
        return "";
    }

    /// <summary>Skips the running test where something that it needs is absent; with <c>DMM_REQUIRE_SERVERS=1</c> the test fails.</summary>
    /// <param name="isThere">Whether it is there.</param>
    /// <param name="reason">What is absent.</param>
    public static void SkipUnless(bool isThere, string reason)
    {
        if (isThere) return;
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1") Assert.Fail($"{reason}, and {RequireVariable}=1 says that it must be");
        Assert.Skip(reason);
    }
}
