using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm health</c>: whether the process that has a data folder is alive, for people and for whatever restarts it.</summary>
internal static class HealthCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "data folder of the run", HelpName = "DIR", DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of a sentence" };

    public static Command Create()
    {
        var command = new Command("health", "whether the run in a data folder is alive; exit code 1 when it is not. Ask in its own container")
        {
            Data, Json,
        };
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            var data = parse.GetValue(Data) ?? DataFolder.DefaultPath;
            return terminal.Guard(() => Run(data, parse.GetValue(Json), terminal.Output, TimeProvider.System));
        });
        return command;
    }

    /// <summary>Reads the report and judges it.</summary>
    /// <returns>0 for alive, however it trades; 1 for not.</returns>
    internal static int Run(string data, bool isJson, TextWriter output, TimeProvider time)
    {
        var (report, complaint) = Read(RunHealth.FileOf(data));
        complaint ??= report!.Complaint(time.GetUtcNow(), IsRunning);
        if (isJson) output.WriteLine(ToJson(report, complaint));
        else output.WriteLine(complaint is null ? $"alive: {report!.Describe()}" : $"not alive: {complaint}");
        return complaint is null ? ExitCodes.Success : ExitCodes.CheckFailed;
    }

    private static (RunHealthReport? Report, string? Complaint) Read(string file)
    {
        try
        {
            return (RunHealthReport.Parse(File.ReadAllBytes(file)), null);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"there is no {file}: no run has begun there, or it has ended");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return (null, $"{file}: {unreadable.Message}".ReplaceLineEndings(" "));
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string ToJson(RunHealthReport? report, string? complaint)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("isAlive", complaint is null);
            json.WriteString("reason", complaint ?? report!.Describe());
            report?.WriteMembers(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
