using System.Diagnostics;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Running;

/// <summary>The folder that a run keeps everything in: whose it is, what is in it, and who may use it.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Folder => _scratch["data"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void NewFolder_IsLaidOut()
    {
        using (var data = DataFolder.Open(Folder))
        {
            data.ArchiveFile.ShouldBe(Path.Combine(Folder, "archive.db"));
            data.LogFile.ShouldBe(Path.Combine(Folder, "logs", "dmm-.log"));
            data.Runs.ShouldBeEmpty();
        }

        Entries().ShouldBe(["layout", "lock", "lock-holder", "runs"]);
        File.ReadAllText(Path.Combine(Folder, "layout")).ShouldBe("1");
        DataFolder.Open(Folder).Dispose();
    }

    [Fact]
    public void FolderThatHoldsOnlyLogsOfReplays_IsTaken()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "logs"));
        File.WriteAllText(Path.Combine(Folder, "logs", "dmm-20240808.log"), "{}");
        DataFolder.Open(Folder).Dispose();
        Entries().ShouldBe(["layout", "lock", "lock-holder", "logs", "runs"]);
        File.ReadAllText(Path.Combine(Folder, "logs", "dmm-20240808.log")).ShouldBe("{}");
    }

    [Fact]
    public void FolderHalfMadeByAKilledProcess_IsTaken()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "runs"));
        File.WriteAllText(Path.Combine(Folder, "lock"), "");
        DataFolder.Open(Folder).Dispose();
        File.ReadAllText(Path.Combine(Folder, "layout")).ShouldBe("1");
    }

    [Fact]
    public void Runs_AreNumberedAndFoundAgainWithTheirLedgers()
    {
        using (var data = DataFolder.Open(Folder))
        {
            var demo = data.BeginRun("demo", ledger: null);
            (demo.Name, demo.Ledger, demo.Journal).ShouldBe(("0001-demo", "0001-demo", Path.Combine(Folder, "runs", "0001-demo", "journal")));
            Directory.Exists(demo.Journal).ShouldBeTrue();
            data.BeginRun("venue", ledger: "http://127.0.0.1:5000").Name.ShouldBe("0002-venue");
        }

        using var again = DataFolder.Open(Folder);
        Directory.CreateDirectory(Path.Combine(Folder, "runs", "0007-half-made"));
        Directory.CreateDirectory(Path.Combine(Folder, "runs", "notes"));
        again.Runs.Select(r => (r.Number, r.Name, r.Ledger)).ShouldBe([(1, "0001-demo", "0001-demo"), (2, "0002-venue", "http://127.0.0.1:5000")]);
        again.BeginRun("demo", ledger: null).Name.ShouldBe("0003-demo");
        Should.Throw<ArgumentException>(() => again.BeginRun("De mo", ledger: null)).Message.ShouldStartWith("'De mo' is no label");
    }

    [Theory]
    [InlineData("2", "2")]
    [InlineData("", "an unreadable number")]
    public void OtherLayout_IsRefusedAndNothingIsChanged(string layout, string said)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "layout"), layout);
        Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message.ShouldBe(
            $"the data folder {Folder} has layout {said}, and this dmm knows layout 1: "
            + "use the dmm that made it, or name another folder by --data; nothing was changed");
        Entries().ShouldBe(["layout"]);
    }

    [Fact]
    public void FolderOfSomethingElse_IsRefusedAndNothingIsChanged()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "photos"));
        Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message.ShouldBe(
            $"the data folder {Folder} is not one that this dmm made (there is no file 'layout', but 'photos'): "
            + "name an empty folder by --data; nothing was changed");
        Entries().ShouldBe(["photos"]);
    }

    [Fact]
    public void FileInItsPlace_IsRefused()
    {
        File.WriteAllText(Folder, "");
        Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message
            .ShouldBe($"the data folder {Folder} is a file: name a folder by --data");
    }

    [Fact]
    public void FolderThatCannotBeMade_IsToldInWords()
    {
        File.WriteAllText(_scratch["file"], "");
        var below = Path.Combine(_scratch["file"], "data");
        var message = Should.Throw<BadInputException>(() => DataFolder.Open(below)).Message;
        message.ShouldStartWith($"the data folder {below} cannot be written: ");
        message.ShouldEndWith("; free or permit it, or name another folder by --data");
    }

    [Fact]
    public void SecondUse_IsRefusedNamingTheHolder_UntilTheFirstEnds()
    {
        using (DataFolder.Open(Folder))
        {
            Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message.ShouldBe(
                $"the data folder {Folder} is in use by process {Environment.ProcessId}: stop that one, or name another folder by --data");
        }

        DataFolder.Open(Folder).Dispose();
    }

    [Fact]
    public async Task SecondProcess_IsRefused_AndWhatAKilledOneLeavesMeansNothing()
    {
        const string flock = "/usr/bin/flock";
        Assert.SkipUnless(File.Exists(flock), $"{flock} is needed to hold a lock in another process");
        DataFolder.Open(Folder).Dispose();
        using var other = Process.Start(new ProcessStartInfo(flock, ["--no-fork", Path.Combine(Folder, "lock"), "sh", "-c", "echo $$; exec cat"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var id = (await other.StandardOutput.ReadLineAsync())!;
        await File.WriteAllTextAsync(Path.Combine(Folder, "lock-holder"), id);
        Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message.ShouldBe(
            $"the data folder {Folder} is in use by process {id}: stop that one, or name another folder by --data");
        File.Delete(Path.Combine(Folder, "lock-holder"));
        Should.Throw<BadInputException>(() => DataFolder.Open(Folder)).Message
            .ShouldStartWith($"the data folder {Folder} is in use by another process: ");
        await File.WriteAllTextAsync(Path.Combine(Folder, "lock-holder"), id);
        other.Kill();
        await other.WaitForExitAsync();
        DataFolder.Open(Folder).Dispose();
        File.ReadAllText(Path.Combine(Folder, "lock-holder")).ShouldBe($"{Environment.ProcessId}");
    }

    private string[] Entries() => [.. Directory.GetFileSystemEntries(Folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)];
}
