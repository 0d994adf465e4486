using System.Text.Json;
using Dmm.Pipeline.Commands;

namespace Dmm.Pipeline.Tests.Commands;

/// <summary>A command line run inside the test, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Task<CommandRun> Of(params string[] arguments) => Until(default, arguments);

    /// <summary>Interrupted at that.</summary>
    public static async Task<CommandRun> Until(CancellationToken stop, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await DmmCommand.RunAsync(arguments, output, error, stop);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
