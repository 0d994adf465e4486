using Dmm.Core.Messages;

namespace Dmm.Pipeline.Running;

/// <summary>
/// The folder <c>commands</c> of a data folder, by which operators reach the desk that has it: who may write there may command. A request is a file;
/// the desk takes it away first, so that it is done once or not at all, and answers by another file.
/// <list type="table">
/// <item><term>request</term><description>an input of the desk, in its journal with who, when and why; answered once it is taken</description></item>
/// <item><term>request that cannot be read or done, or is too old</term><description>answered with the reason, and no input</description></item>
/// <item><term>folder cannot be read or written</term><description>tried again at the next look</description></item>
/// <item><term>process killed while it had a request</term><description>no answer; the journal tells whether it became an input</description></item>
/// </list>
/// </summary>
internal static class OperatorInbox
{
    private const string RequestEnding = ".request", TakenEnding = ".taken", AnswerEnding = ".answer";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(0.5);

    /// <summary>Where requests lie.</summary>
    public static string FolderOf(string data) => Path.Combine(Path.GetFullPath(data), "commands");

    /// <summary>Takes requests until cancelled.</summary>
    /// <param name="data">The data folder, which is this process's.</param>
    /// <param name="subjects">What may be accepted.</param>
    /// <param name="take">Ends when the desk has taken the command.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        string data, IReadOnlyCollection<string> subjects, Func<ControlMessage, CancellationToken, Task> take, TimeProvider time,
        CancellationToken cancellation)
    {
        var folder = FolderOf(data);
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                // Without this folder nobody can ask, and with it nobody but its owner.
                if (!Directory.Exists(folder)) CreateFolder(folder);
                foreach (var file in Directory.GetFiles(folder, $"*{RequestEnding}").Order(StringComparer.Ordinal))
                    await AnswerAsync(file, subjects, take, time, cancellation);
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
            {
                // Whoever waits for an answer is told that there is none.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Leaves a request and waits for its answer.</summary>
    /// <param name="data">The desk's data folder.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="name">Of the file; no other has it.</param>
    /// <param name="patience">Longest wait; then the request is taken back.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="cancellation">Takes the request back.</param>
    /// <returns>Null when no desk took it: then nothing was done, nor will be.</returns>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="TimeoutException">A desk took it and did not answer: only its journal tells what became of it.</exception>
    public static async Task<OperatorAnswer?> AskAsync(
        string data, OperatorRequest request, string name, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var file = Path.Combine(FolderOf(data), name);
        if (!Directory.Exists(FolderOf(data))) return null;
        await File.WriteAllBytesAsync($"{file}.next", OperatorRequest.Write(request), cancellation);
        File.Move($"{file}.next", file + RequestEnding);
        if (await AnsweredAsync(file, patience, time, cancellation) is { } answer) return answer;
        if (TryMove(file + RequestEnding, $"{file}.back"))
        {
            File.Delete($"{file}.back");
            return null;
        }

        return await AnsweredAsync(file, patience, time, CancellationToken.None)
            ?? throw new TimeoutException("the desk took it and gives no answer: its journal tells whether it was done");
    }

    private static async Task AnswerAsync(
        string file, IReadOnlyCollection<string> subjects, Func<ControlMessage, CancellationToken, Task> take, TimeProvider time,
        CancellationToken cancellation)
    {
        var taken = Path.ChangeExtension(file, TakenEnding);
        if (!TryMove(file, taken)) return;
        var request = OperatorRequest.Read(await File.ReadAllBytesAsync(taken, cancellation), out var reason);
        if (request is not null) reason = request.Fault(subjects, time.GetUtcNow()) ?? "";
        if (reason.Length == 0) await take(request!.Command, cancellation);
        var answer = reason.Length > 0
            ? new OperatorAnswer(IsTaken: false, reason)
            : new OperatorAnswer(IsTaken: true, $"taken: what {request!.Accept} counts otherwise than fills explain is held from now on");
        var next = Path.ChangeExtension(file, ".next");
        await File.WriteAllBytesAsync(next, OperatorAnswer.Write(answer), CancellationToken.None);
        File.Move(next, Path.ChangeExtension(file, AnswerEnding), overwrite: true);
        File.Delete(taken);
    }

    private static async Task<OperatorAnswer?> AnsweredAsync(string file, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested && time.GetElapsedTime(began) < patience)
        {
            if (File.Exists(file + AnswerEnding))
            {
                var answer = OperatorAnswer.Read(await File.ReadAllBytesAsync(file + AnswerEnding, CancellationToken.None));
                File.Delete(file + AnswerEnding);
                return answer;
            }

            await Task.Delay(LookEvery / 5, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
