using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Explanation;

/// <summary>An input in words.</summary>
internal static class InputText
{
    public static string Of(in Input input, InstrumentCatalog instruments)
    {
        if (input.Kind == InputKind.Control) return input.Control.ToString();
        var instrument = instruments[input.Instrument];
        return input.Kind switch
        {
            InputKind.Book =>
                Text($"{(input.Book.IsSnapshot ? "book snapshot" : "book update")} {input.Book.LastUpdateId} of {instrument.Name}, {input.Book.Levels.Length} levels"),
            InputKind.Top => Text($"venue's top at update {input.Top.UpdateId} of {instrument.Name}, ")
                + Text($"{instrument.Prices.ToDecimal(input.Top.Bid.PriceTicks)} / {instrument.Prices.ToDecimal(input.Top.Ask.PriceTicks)}"),
            _ => Text($"trade of {instrument.Sizes.ToDecimal(input.Trade.SizeLots)} at {instrument.Prices.ToDecimal(input.Trade.PriceTicks)} on {instrument.Name}, ")
                + (input.Trade.Aggressor == Side.Buy ? "bought" : "sold"),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
