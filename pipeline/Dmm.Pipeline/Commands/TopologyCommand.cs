using System.CommandLine;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm topology</c>: the wiring, printed.</summary>
internal static class TopologyCommand
{
    public static Command Create()
    {
        var format =
            new Option<string>("--format") { Description = "mermaid (a flow chart) or text (a line a stream)", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("mermaid", "text");
        var command = new Command("topology", "the named streams from inputs to decisions, and what each is made from") { format };
        command.SetAction(parse =>
        {
            var description = Configurations.Demonstration().Describe();
            parse.InvocationConfiguration.Output.Write(parse.GetValue(format) == "mermaid" ? description.ToMermaid() : description.ToText());
            return ExitCodes.Success;
        });
        return command;
    }
}
