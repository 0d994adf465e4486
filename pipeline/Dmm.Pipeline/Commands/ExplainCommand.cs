using System.CommandLine;
using Dmm.Core.Ports;
using Dmm.Pipeline.Explanation;
using Dmm.Pipeline.Replay;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm explain</c>: every basis point of a quote.</summary>
internal static class ExplainCommand
{
    private static readonly Option<string> Journal = new("--journal") { Description = "folder of the journal", HelpName = "DIR", Required = true };

    private static readonly Option<long> Sequence = new("--seq") { Description = "sequence number of an input", HelpName = "N", Required = true };

    private static readonly Option<bool> Json = new("--json") { Description = "one line of JSON instead of tables" };

    public static Command Create()
    {
        var command = new Command("explain", "the quotes in force at an input of a journal, term by term, and what every control said then")
        {
            Journal, Sequence, Json,
        };
        command.SetAction(parse =>
        {
            var terminal = new Terminal(parse);
            return terminal.Guard(() => Run(parse, terminal));
        });
        return command;
    }

    private static int Run(ParseResult parse, Terminal terminal)
    {
        try
        {
            var explanation = QuoteExplanation.Read(JournalFolder.Open(parse.GetRequiredValue(Journal)), parse.GetRequiredValue(Sequence));
            if (parse.GetValue(Json)) terminal.Output.WriteLine(explanation.ToJson());
            else QuoteExplanationText.Write(terminal.Screen, explanation);
            return ExitCodes.Success;
        }
        catch (JournalException unreadable)
        {
            throw new BadInputException(unreadable.Message);
        }
    }
}
