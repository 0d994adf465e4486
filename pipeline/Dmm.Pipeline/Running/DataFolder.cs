using System.Collections.Immutable;
using System.Globalization;
using Dmm.Pipeline.Commands;
using Dmm.Sinks.Journal;

namespace Dmm.Pipeline.Running;

/// <summary>
/// All that <c>dmm run</c> keeps, in one folder that one process owns at a time:
/// <c>layout</c> (its version), <c>lock</c> and <c>lock-holder</c>, <c>health.json</c> while a run goes on, <c>archive.db</c>, <c>logs/</c>,
/// <c>commands/</c> (what operators ask of a desk), <c>wallets/</c> (what TON wallets were told to send, which outlives every run),
/// and for each run a folder <c>runs/0001-label</c> with its <c>journal/</c>.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public const string DefaultPath = "data";

    private const string Layout = "1";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string ArchiveFile => ArchiveOf(Path);

    /// <summary>A file a day, the date before the extension, as <see cref="Replay.RunLog.DefaultPath"/> is.</summary>
    public string LogFile => System.IO.Path.Combine(At("logs"), "dmm-.log");

    /// <summary>Every run there was, oldest first.</summary>
    public ImmutableArray<RunFolder> Runs =>
        [.. Directory.EnumerateDirectories(At("runs")).Select(RunFolder.At).OfType<RunFolder>().OrderBy(r => r.Number)];

    /// <summary>Takes the folder; makes it where there is none, or nothing but logs in it.</summary>
    /// <exception cref="BadInputException">
    /// Another process has it, it is of another version or somebody else's (then nothing was changed), or it cannot be written.
    /// </exception>
    public static DataFolder Open(string directory)
    {
        var path = System.IO.Path.GetFullPath(directory);
        try
        {
            if (File.Exists(path)) throw new BadInputException($"the data folder {path} is a file: name a folder by --data");
            var isNew = RequireOurs(path);
            Directory.CreateDirectory(System.IO.Path.Combine(path, "runs"));
            var held = ExclusiveFile.TryTake(System.IO.Path.Combine(path, "lock")) ?? throw InUse(path);
            try
            {
                // For whoever finds it locked; the lock itself is the system's, so that what a killed process leaves here means nothing.
                File.WriteAllText(HolderOf(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                if (isNew) File.WriteAllText(LayoutOf(path), Layout);
                return new(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>The embedded archive of a folder, which another process may have.</summary>
    public static string ArchiveOf(string directory) => System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), "archive.db");

    /// <summary>Where the logs of TON wallets are; each has one process at a time, whichever has the folder.</summary>
    public static string WalletsOf(string directory) => System.IO.Path.Combine(System.IO.Path.GetFullPath(directory), "wallets");

    /// <summary>The folder whose journal an account goes on in, made where there is none yet.</summary>
    /// <param name="label">See <see cref="BeginRun"/>.</param>
    /// <param name="ledger">The account.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public RunFolder ContinueRun(string label, string ledger) =>
        Runs.LastOrDefault(r => r.Ledger == ledger && r.Name.EndsWith($"-{label}", StringComparison.Ordinal)) ?? BeginRun(label, ledger);

    /// <summary>Makes the next run's folder.</summary>
    /// <param name="label">What kind of run, such as <c>demo</c>: lower-case letters, digits and hyphens.</param>
    /// <param name="ledger">The account whose fills and positions it continues; null for a market that begins anew with this run.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public RunFolder BeginRun(string label, string? ledger)
    {
        try
        {
            return RunFolder.Create(At("runs"), Runs is [.., var last] ? last.Number + 1 : 1, label, ledger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(Path, e);
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _lock.Dispose();

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private static string LayoutOf(string path) => System.IO.Path.Combine(path, "layout");

    private static string HolderOf(string path) => System.IO.Path.Combine(path, "lock-holder");

    /// <summary>Whether the folder is still to be laid out.</summary>
    private static bool RequireOurs(string path)
    {
        if (!Directory.Exists(path)) return true;
        if (File.Exists(LayoutOf(path)))
        {
            var version = File.ReadAllText(LayoutOf(path)).Trim();
            if (version == Layout) return false;
            throw new BadInputException($"the data folder {path} has layout {Quoted(version)}, and this dmm knows layout {Layout}: "
                + "use the dmm that made it, or name another folder by --data; nothing was changed");
        }

        // A process that was killed while it made the folder leaves empty names of ours, replays leave logs, and wallets are used without a desk.
        var foreign = Directory.EnumerateFileSystemEntries(path).Select(e => System.IO.Path.GetFileName(e)!)
            .Where(name => name is not ("logs" or "wallets" or "lock" or "lock-holder")
                && !(name == "runs" && IsEmpty(System.IO.Path.Combine(path, name))))
            .Order(StringComparer.Ordinal).ToArray();
        return foreign.Length == 0 ? true : throw new BadInputException(
            $"the data folder {path} is not one that this dmm made (there is no file 'layout', but '{foreign[0]}'): "
            + "name an empty folder by --data; nothing was changed");
    }

    private static bool IsEmpty(string directory) => Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any();

    private static string Quoted(string version) => version.Length is > 0 and <= 20 ? version : "an unreadable number";

    private static BadInputException InUse(string path)
    {
        var holder = "another process";
        try
        {
            if (int.TryParse(File.ReadAllText(HolderOf(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) holder = $"process {id}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who it is cannot be told; that there is one stands.
        }

        return new($"the data folder {path} is in use by {holder}: stop that one, or name another folder by --data");
    }

    private static BadInputException Unwritable(string path, Exception e) =>
        new($"the data folder {path} cannot be written: {e.Message.TrimEnd('.')}; free or permit it, or name another folder by --data");
}
