namespace Dmm.Pipeline.Incidents;

/// <summary>What a report holds at most, so that one of a long range can still be opened, by a phone too.</summary>
internal static class IncidentLimits
{
    /// <summary>Of each table.</summary>
    public const int Rows = 300;

    /// <summary>Controls with a band of their own.</summary>
    public const int Controls = 24;

    /// <summary>Markets with a picture of their own; quoted ones come first.</summary>
    public const int Markets = 4;

    /// <summary>Characters of a text from outside.</summary>
    public const int Text = 400;

    /// <summary>Fills marked in a picture; further ones are in the count only.</summary>
    public const int Marks = 600;

    /// <summary>Of the whole page, which the others keep it below.</summary>
    public const int PageBytes = 4 * 1024 * 1024;
}
