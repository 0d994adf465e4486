namespace Dmm.Core.Messages;

/// <summary>Where orders go, and so whether the books that come in show them.</summary>
public enum TradingMode : byte
{
    /// <summary>No order leaves: each intent counts as carried out the moment it is made.</summary>
    Shadow,

    /// <summary>Orders trade against a market that does not know of them, such as a recording: its books do not show them.</summary>
    Paper,

    /// <summary>Orders rest at venues, whose books show them beside those of others.</summary>
    Live,
}
