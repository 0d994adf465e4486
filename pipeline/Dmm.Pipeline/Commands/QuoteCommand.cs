using System.CommandLine;
using System.Text.Json;
using Dmm.Core.QuickQuote;

namespace Dmm.Pipeline.Commands;

/// <summary><c>dmm quote</c>: the quick-quote SDK from the shell.</summary>
internal static class QuoteCommand
{
    public static Command Create()
    {
        var input = new Option<string>("--input")
        {
            Description = "JSON object with mid_price, inventory, target_inventory, inventory_limit, volatility, ton_reference_price, onchain_depth, "
                + "offchain_depth, recent_volume; optional buy_pressure, sell_pressure, treasury_support, basis_adjustment. "
                + "A file, or - for standard input",
            Required = true,
            HelpName = "FILE|-",
        };
        var command = new Command("quote", "an inventory-aware quick quote: JSON in, JSON out") { input };
        command.SetAction((parse, cancellation) => RunAsync(parse.GetRequiredValue(input), new Terminal(parse), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string input, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            var text = input == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(input, cancellation);
            using var document = JsonDocument.Parse(text);
            terminal.Output.WriteLine(MarketMakerService.Quote(document.RootElement).ToJson());
            return ExitCodes.Success;
        }
        catch (Exception refused) when (refused is MarketInputException or IOException or UnauthorizedAccessException)
        {
            return terminal.Refuse([refused.Message]);
        }
        catch (JsonException malformed)
        {
            return terminal.Refuse([$"{(input == "-" ? "standard input" : input)} is not JSON: {malformed.Message}"]);
        }
    }
}
