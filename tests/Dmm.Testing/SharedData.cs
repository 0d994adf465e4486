using Xunit;

namespace Dmm.Testing;

/// <summary>
/// The folder <c>../shared</c> beside the checkout, which holds recordings and vectors that are not part of the product. It is found by walking
/// up from the running assembly to the folder of Dmm.Reactive.sln; the environment variable <c>DMM_SHARED</c> names another folder.
/// </summary>
public static class SharedData
{
    /// <summary>The absolute path of the folder, whether it exists or not.</summary>
    /// <exception cref="DirectoryNotFoundException">The assembly does not run from inside a checkout and <c>DMM_SHARED</c> is not set.</exception>
    public static string Root => Locate(AppContext.BaseDirectory, Environment.GetEnvironmentVariable("DMM_SHARED"));

    /// <summary>The absolute path of something in the folder, whether it exists or not.</summary>
    /// <param name="parts">The path below the folder, a name each: <c>Path("data", "binance", "x.gz")</c>.</param>
    /// <exception cref="DirectoryNotFoundException">As for <see cref="Root"/>.</exception>
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>
    /// Skips the running test when the folder is absent. When the folder is there and the thing in it is not, the test fails instead: that is a
    /// misspelt path, and a skip would hide it.
    /// </summary>
    /// <param name="parts">The path below the folder, a name each; none asks for the folder alone.</param>
    /// <returns>The absolute path of the file or folder, which exists.</returns>
    /// <exception cref="FileNotFoundException">The folder exists but does not hold the path.</exception>
    public static string SkipUnlessPresent(params ReadOnlySpan<string> parts) => Require(Root, parts);

    internal static string Require(string root, params ReadOnlySpan<string> parts)
    {
        if (!Directory.Exists(root))
            Assert.Skip($"../shared is not beside the checkout: {root}");
        var path = System.IO.Path.Combine([root, .. parts]);
        return System.IO.Path.Exists(path) ? path : throw new FileNotFoundException($"../shared does not hold {path}", path);
    }

    internal static string Locate(string baseDirectory, string? named)
    {
        if (!string.IsNullOrEmpty(named))
            return System.IO.Path.GetFullPath(named);
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Dmm.Reactive.sln")))
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared"));
        }

        throw new DirectoryNotFoundException($"no folder above {baseDirectory} holds Dmm.Reactive.sln, and DMM_SHARED is not set");
    }
}
