using System.CommandLine;
using Dmm.Pipeline.Studies;
using Dmm.Simulation;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm simulate as-table</c>: Avellaneda and Stoikov's own table, simulated.</summary>
internal static class AsTableCommand
{
    private static readonly Option<long> Paths = SimulateCommand.WholeNumber(
        "--paths", "paths of each row", 10_000, AvellanedaStoikovTable.PathsMin, AvellanedaStoikovTable.PathsMax);

    private static readonly Option<long> Seed = SimulateCommand.WholeNumber("--seed", "seed of all chance", 1, long.MinValue, long.MaxValue);

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of a table" };

    public static Command Create()
    {
        var command = new Command("as-table", "Avellaneda and Stoikov's Tables 1 to 3 beside ours; exit code 1 when a figure is out of bounds")
        {
            Paths, Seed, Json,
        };
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            var report = AsTableReport.Of((int)parse.GetValue(Paths), parse.GetValue(Seed));
            if (parse.GetValue(Json)) terminal.Output.WriteLine(report.ToJson());
            else AsTableText.Write(terminal.Screen, report);
            return report.IsWithin ? ExitCodes.Success : ExitCodes.CheckFailed;
        });
        return command;
    }
}
