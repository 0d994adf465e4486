using Xunit.Sdk;

namespace Dmm.Testing.Tests;

public sealed class SharedDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmm-shared-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void InsideACheckout_IsTheFolderBesideIt()
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folder, "checkout", "tests", "bin")).FullName;
        File.WriteAllText(Path.Combine(_folder, "checkout", "Dmm.Reactive.sln"), "");
        SharedData.Locate(bin, null).ShouldBe(Path.Combine(_folder, "shared"));
        SharedData.Locate(bin, "").ShouldBe(Path.Combine(_folder, "shared"));
    }

    [Fact]
    public void NamedFolder_ComesFirst() =>
        SharedData.Locate(_folder, Path.Combine(_folder, "other")).ShouldBe(Path.Combine(_folder, "other"));

    [Fact]
    public void OutsideACheckout_SaysWhatWasLookedFor() =>
        Should.Throw<DirectoryNotFoundException>(() => SharedData.Locate(_folder, null)).Message.ShouldContain("Dmm.Reactive.sln");

    [Fact]
    public void FolderAbsent_SkipsWithTheReason()
    {
        var absent = Path.Combine(_folder, "shared");
        Should.Throw<SkipException>(() => SharedData.Require(absent, "data"))
            .Message.ShouldEndWith($"../shared is not beside the checkout: {absent}");
    }

    [Fact]
    public void FolderPresentWithoutTheFile_FailsInsteadOfSkipping() =>
        Should.Throw<FileNotFoundException>(() => SharedData.Require(_folder, "data", "misspelt.gz")).Message.ShouldContain("misspelt.gz");

    [Fact]
    public void FilePresent_GivesItsPath()
    {
        File.WriteAllText(Path.Combine(_folder, "x.gz"), "");
        SharedData.Require(_folder, "x.gz").ShouldBe(Path.Combine(_folder, "x.gz"));
    }

    [Fact]
    public void ThisCheckout_HasTheFolderOrSkips() => SharedData.SkipUnlessPresent().ShouldBe(SharedData.Root);

    [Fact]
    public void PathOfThisCheckout_IsBelowRoot()
    {
        Path.IsPathFullyQualified(SharedData.Root).ShouldBeTrue();
        SharedData.Path("data", "binance", "x.gz").ShouldBe(Path.Combine(SharedData.Root, "data", "binance", "x.gz"));
    }
}
