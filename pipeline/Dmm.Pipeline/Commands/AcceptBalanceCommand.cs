using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dmm.Pipeline.Running;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm accept-balance</c>: after a deposit or a withdrawal the venue's own count is taken for true.</summary>
internal static class AcceptBalanceCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Argument<string> Subject = new("VENUE")
    {
        Description = "the venue, such as okx, or a contract by its name, such as okx:DCT-USDT-SWAP",
    };

    private static readonly Option<string> By = new("--by") { Description = "who accepts it", HelpName = "NAME", Required = true };

    private static readonly Option<string> Reason = new("--reason") { Description = "why, for the journal", HelpName = "TEXT", Required = true };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "data folder of the desk, which is running", HelpName = "DIR", DefaultValueFactory = _ => DataFolder.DefaultPath,
    };

    public static Command Create()
    {
        var command = new Command(
            "accept-balance", "take a venue's own count for true after a deposit or a withdrawal: inventory moves by it, and the halt for it ends")
        {
            Subject, By, Reason, Data,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var terminal = new Terminal(parse);
            return await terminal.GuardAsync(() => RunAsync(
                parse.GetValue(Data) ?? DataFolder.DefaultPath, parse.GetValue(Subject) ?? "", parse.GetValue(By) ?? "", parse.GetValue(Reason) ?? "",
                terminal, TimeProvider.System, cancellation));
        });
        return command;
    }

    /// <returns>0 when the desk took it; 1 when there is no desk, or none that answers.</returns>
    /// <exception cref="BadInputException">The desk refuses it, or the folder cannot be used.</exception>
    private static async Task<int> RunAsync(
        string data, string subject, string by, string reason, Terminal terminal, TimeProvider time, CancellationToken cancellation)
    {
        var request = new OperatorRequest(subject, by, reason, time.GetUtcNow());
        // Its own subject is all that this side knows of the desk.
        if (request.Fault([subject], request.At) is { } fault) throw new BadInputException(fault);
        var chance = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var name = string.Create(CultureInfo.InvariantCulture, $"{request.At:yyyyMMddTHHmmssfff}-{chance}");
        try
        {
            var answer = await OperatorInbox.AskAsync(data, request, name, Patience, time, cancellation);
            if (answer is { IsTaken: false }) throw new BadInputException(answer.Text);
            if (answer is not null)
            {
                terminal.Output.WriteLine(answer.Text);
                return ExitCodes.Success;
            }

            var folder = Path.GetFullPath(data);
            terminal.Error.WriteLine($"no desk took it within {Patience.TotalSeconds} s: is one running with the data folder {folder}? nothing was changed");
            return ExitCodes.CheckFailed;
        }
        catch (TimeoutException silent)
        {
            terminal.Error.WriteLine(silent.Message);
            return ExitCodes.CheckFailed;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BadInputException($"{OperatorInbox.FolderOf(data)} cannot be used: {unusable.Message}");
        }
    }
}
