using Dmm.Core;

namespace Dmm.Wire;

/// <summary>The checks that every wire makes of the instruments it is given.</summary>
internal static class WireInstruments
{
    public static IReadOnlyList<Instrument> Checked(string venue, IReadOnlyList<Instrument> instruments)
    {
        if (instruments.Count == 0) throw new ArgumentException($"{venue}: no instrument given", nameof(instruments));
        for (var i = 0; i < instruments.Count; i++)
        {
            if (instruments[i].Venue != venue)
                throw new ArgumentException($"{instruments[i].Name} is not of venue {venue}", nameof(instruments));
            for (var j = 0; j < i; j++)
                if (instruments[j].Symbol == instruments[i].Symbol)
                    throw new ArgumentException($"{instruments[i].Name} is given twice", nameof(instruments));
        }

        return instruments;
    }

    public static void Require(IReadOnlyList<Instrument> instruments, Instrument instrument)
    {
        if (!instruments.Contains(instrument))
            throw new ArgumentException($"{instrument.Name} is not one of {string.Join(", ", instruments.Select(i => i.Name))}", nameof(instrument));
    }
}
