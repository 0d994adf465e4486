using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Bus;

/// <summary>What one collector said of one venue.</summary>
/// <param name="source">Its id.</param>
/// <param name="place">Its place among the venue's collectors.</param>
/// <param name="instruments">The reader's own, of all venues.</param>
internal sealed class CollectorLink(string source, int place, InstrumentCatalog instruments)
{
    private const int RefusalsToldMax = 1_024;

    private readonly Admission[] _admissions = new Admission[instruments.Count];
    private readonly HashSet<string> _refused = [];

    public string Source { get; } = source;

    public int Place { get; } = place;

    public Timestamp HeardAt { get; set; }

    /// <summary>Not heard for longer than a venue may be silent.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Of its link to the venue, as last told; null before it is known.</summary>
    public FeedState? Told { get; set; }

    /// <summary>It has said which instruments it publishes.</summary>
    public bool IsListed { get; private set; }

    /// <summary>As a part of the venue's state; null while nothing is known.</summary>
    public FeedState? State => IsSilent && Told is not (null or FeedState.Ended) ? FeedState.Disconnected : Told;

    /// <summary>Whether market data of one of the reader's instruments can be taken from this collector.</summary>
    public Admission Admits(InstrumentId instrument) => _admissions[instrument.Index];

    public void List(BusListing listing)
    {
        IsListed = true;
        foreach (var own in instruments.All)
        {
            if (own.Venue != listing.Venue || own.BaseAsset != listing.Asset) continue;
            var admission = Admitted(own, listing);
            // What is refused for the same reason as before is not told again.
            if (admission != _admissions[own.Id.Index]) _refused.Remove(own.Name);
            _admissions[own.Id.Index] = admission;
        }
    }

    /// <summary>True the first time that an instrument is refused under the present definitions.</summary>
    public bool IsFirstRefusal(string name) => _refused.Count < RefusalsToldMax && _refused.Add(name);

    private Admission Admitted(Instrument own, BusListing listing)
    {
        if (listing.Instruments.FirstOrDefault(i => i.Symbol == own.Symbol) is not { } theirs)
            return new(AdmissionKind.Refused, $"{own.Name} is not among the instruments that {Source} lists");
        (string What, object Ours, object Theirs)[] members =
        [
            ("tick", own.Prices.Step, theirs.Prices.Step), ("lot", own.Sizes.Step, theirs.Sizes.Step), ("kind", own.Kind, theirs.Kind),
            ("contract size", own.ContractSize, theirs.ContractSize), ("quote asset", own.QuoteAsset, theirs.QuoteAsset),
            ("sequence rule", own.SequenceRule, theirs.SequenceRule),
        ];
        foreach (var (what, ours, other) in members)
        {
            if (!ours.Equals(other))
            {
                return new(AdmissionKind.Refused,
                    string.Create(CultureInfo.InvariantCulture, $"{own.Name}: {Source} publishes it with {what} {other}, expected {ours}"));
            }
        }

        return new(AdmissionKind.Admitted, "");
    }
}

internal enum AdmissionKind : byte
{
    /// <summary>The collector has not said by which grids its numbers are to be read.</summary>
    Unlisted,
    Admitted,
    Refused,
}

/// <param name="Kind">What is to be done.</param>
/// <param name="Reason">Why it is refused.</param>
internal readonly record struct Admission(AdmissionKind Kind, string Reason);
